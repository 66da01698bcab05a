using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Tests.Content;

/// <summary>Tokens of many scripts, term weights by hand, and content scores of items that nobody has had yet.</summary>
public sealed class ContentTests
{
    [Theory]
    [InlineData("Red RETROSPOT Lunch-bag, 12\"", "red|retrospot|lunch|bag|12")]
    [InlineData("Größe ÉCLAIR naïve", "größe|éclair|naïve")]
    [InlineData("红色茶杯", "红色|色茶|茶杯")]
    [InlineData("お茶碗", "お茶|茶碗")]
    [InlineData("红 Tasse 3", "红|tasse|3")]
    [InlineData("한국어 book", "한국|국어|book")]
    [InlineData("ＡＢＣ１", "abc1")]
    [InlineData("a\uD800b", "a|b")]
    [InlineData("हिन्दी", "हिन्दी")]
    [InlineData(" ,.! ", "")]
    public void Tokens_Of(string text, string tokens) => Assert.Equal(tokens, string.Join('|', Tokens.Of(text)));

    [Fact]
    public void Tokens_OfAHugeText_AreBounded()
    {
        Assert.Equal(Tokens.CountMax, Tokens.Of(string.Concat(Enumerable.Repeat("a ", 10_000))).Count);
        Assert.Equal(Tokens.CharsMax, Tokens.Of(new string('x', 100_000)).Single().Length);
    }

    [Fact]
    public void VectorOf_IsTfIdfOfEachFieldAtLengthOne()
    {
        var fields = new FieldWeights { TitlePairs = 0, Title = 2, Brand = 1 };
        var terms = TermWeights.Of([new() { Title = "red cup", Brand = "X" }, new() { Title = "blue cup" }, new()], fields);
        double rare = Math.Log(4.0 / 2) + 1, common = Math.Log(4.0 / 3) + 1;
        var vector = terms.VectorOf(new() { Title = "red red cup", Brand = "x " });
        double tf = 1 + Math.Log(2), norm = Math.Sqrt(tf * rare * tf * rare + common * common), length = Math.Sqrt(4 + 1);
        Assert.Equal(1, vector.Norm, 1e-6);
        Assert.Equal(2 * tf * rare / norm / length, vector.Values[Array.IndexOf(vector.Keys, TermWeights.KeyOf("t", "red"))], 1e-6);
        Assert.Equal(1 / length, vector.Values[Array.IndexOf(vector.Keys, TermWeights.KeyOf("b", "x"))], 1e-6);
        Assert.Equal(4, terms.TokenCount);
        Assert.Empty(terms.VectorOf(new()).Keys);
    }

    [Fact]
    public void VectorOf_PathsShareTheirPrefixes_PricesTheirBands()
    {
        var terms = TermWeights.Of([], new());
        SparseVector Of(string path, double price) => terms.VectorOf(new() { Categories = [path], Price = price });
        Assert.True(Of("a/b", 10).Dot(Of("a/c", 10)) > Of("a/b", 10).Dot(Of("d/b", 10)) + 0.1);
        Assert.True(Of("a", 10).Dot(Of("a", 10.1)) > Of("a", 10).Dot(Of("a", 14)));
        Assert.True(Of("a", 10).Dot(Of("a", 14)) > Of("a", 10).Dot(Of("a", 100)));
    }

    [Fact]
    public void Score_OfAnItemWithoutEvents_FollowsTheTitlesOfThePast()
    {
        string[] ids = ["new1", "new2"];
        var terms = TermWeights.Of([new() { Title = "red lunch bag" }, new() { Title = "garden spade" }, new() { Title = "red cup" }], new());
        SparseVector Of(string title) => terms.VectorOf(new() { Title = title });
        var part = new ContentPart(ids, [Of("blue lunch bag"), Of("garden gloves")], id => id == "past" ? Of("red lunch bag") : null, new());
        var scores = new float[2];
        part.Score(part.Prepare(new([new("past", 1, 0), new("unknown", 1, 0)])), scores);
        Assert.Equal(Of("red lunch bag").Dot(Of("blue lunch bag")), scores[0], 1e-6);
        Assert.Equal(0, scores[1]);
    }

    [Fact]
    public void SparseVector_Of_SumsOrdersAndDropsZeros()
    {
        var vector = SparseVector.Of([(5, 1), (2, 3), (5, 1), (9, 2), (9, -2)]);
        Assert.Equal([2UL, 5UL], vector.Keys);
        Assert.Equal([3f, 2f], vector.Values);
        Assert.Equal(6, vector.Dot(new([5, 7], [3, 1])), 1e-9);
    }
}
