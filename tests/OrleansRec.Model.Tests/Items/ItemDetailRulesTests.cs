using OrleansRec.Model.Items;

namespace OrleansRec.Model.Tests.Items;

/// <summary>Each field of the details is held to its rule, and the violation names the field.</summary>
public sealed class ItemDetailRulesTests
{
    private static readonly LoggedDetails Fine = LoggedDetails.Of(ItemKind.Product) with
    {
        Brand = "Acme", Rating = 4.5, Tags = ["new", "red"], Group = "mug", FromMs = 1, UntilMs = 2, Text = "A mug.", Url = "https://shop.example/mug",
        ImageUrl = "/img/mug.png", Vectors = [new("text", [1, 2]), new("image", [0])],
    };

    public static TheoryData<string, LoggedDetails> Broken => new()
    {
        { "brand", Fine with { Brand = "" } }, { "brand", Fine with { Brand = new string('b', ItemRules.TextCharsMax + 1) } },
        { "rating", Fine with { Rating = -0.1 } }, { "rating", Fine with { Rating = double.NaN } }, { "rating", Fine with { Rating = 1000.5 } },
        { "tags", Fine with { Tags = ["a", "a"] } }, { "tags", Fine with { Tags = [""] } }, { "tags", Fine with { Tags = [null!] } },
        { "tags", Fine with { Tags = [.. Enumerable.Range(0, 65).Select(n => $"{n}")] } },
        { "group", Fine with { Group = "" } }, { "group", Fine with { Group = new string('g', 257) } },
        { "from", Fine with { FromMs = -1 } }, { "until", Fine with { UntilMs = -1, FromMs = null } }, { "until", Fine with { UntilMs = 1 } },
        { "text", Fine with { Text = new string('t', ItemDetailRules.TextCharsMax + 1) } }, { "text", Fine with { Text = "\uD800" } },
        { "url", Fine with { Url = "javascript:alert(1)" } }, { "url", Fine with { Url = "" } }, { "url", Fine with { Url = "https://a b" } },
        { "imageUrl", Fine with { ImageUrl = "data:image/png" } },
        { "vectors", Fine with { Vectors = [.. Enumerable.Range(0, 9).Select(n => new LoggedVector($"{n}", [1]))] } },
        { "vectors", Fine with { Vectors = [new("", [1])] } }, { "vectors.text", Fine with { Vectors = [new("text", [])] } },
        { "vectors.text", Fine with { Vectors = [new("text", [float.PositiveInfinity])] } }, { "vectors.text", Fine with { Vectors = [new("text", null!)] } },
        { "vectors.text", Fine with { Vectors = [new("text", new float[ItemDetailRules.VectorLengthMax + 1])] } },
    };

    [Fact]
    public void Check_EverythingWithinItsRule_IsFine() => Assert.Null(ItemDetailRules.Check(Fine));

    [Theory, MemberData(nameof(Broken))]
    public void Check_OneFieldBeyondItsRule_NamesIt(string field, LoggedDetails details) => Assert.Equal(field, ItemDetailRules.Check(details)?.Field);

    [Fact]
    public void ReadKind_EachName_IsItsKind()
    {
        foreach (ItemKind kind in Enum.GetValues<ItemKind>())
        {
            Assert.Null(ItemDetailRules.ReadKind(ItemKinds.NameOf(kind), out ItemKind read));
            Assert.Equal(kind, read);
        }
        Assert.Null(ItemDetailRules.ReadKind(null, out ItemKind absent));
        Assert.Equal(ItemKind.Product, absent);
        Assert.Equal("kind", ItemDetailRules.ReadKind("Product", out _)?.Field);
    }
}
