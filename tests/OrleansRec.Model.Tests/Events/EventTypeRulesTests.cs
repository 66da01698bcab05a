namespace OrleansRec.Model.Tests;

/// <summary>The defaults are those of the documentation; a configuration that cannot be meant is refused.</summary>
public sealed class EventTypeRulesTests
{
    [Theory]
    [InlineData("view", 1f, false), InlineData("click", 1f, false), InlineData("like", 2f, false), InlineData("cart", 3f, false)]
    [InlineData("purchase", 5f, true), InlineData("rating", 1f, true), InlineData("interaction", 1f, true)]
    [InlineData("dislike", 2f, true), InlineData("impression", 0f, false), InlineData("search", 0f, false), InlineData("review", 1f, true)]
    public void Default_EachType_HasItsWeight(string type, float weight, bool excludes)
    {
        Assert.True(EventTypeRules.Default.TryGet(type, out var rule));
        Assert.Equal((type, weight, excludes), (rule.Type, rule.Weight, rule.Excludes));
    }

    [Theory]
    [InlineData("rating", 2.9f, false), InlineData("rating", 3f, true), InlineData("review", -1f, false), InlineData("dislike", 1f, false)]
    [InlineData("view", 1f, true), InlineData("impression", 1f, false), InlineData("search", 1f, false), InlineData("no such type", 1f, true)]
    public void Likes_ByTypeAndValue_IsWhetherItCountsForPopularity(string type, float value, bool likes) =>
        Assert.Equal(likes, EventTypeRules.Default.Likes(type, value));

    [Fact]
    public void SignedWeight_OfADislike_IsBelowZero() =>
        Assert.Equal((-2f, 2f), (Rule("dislike").SignedWeight, Rule("like").SignedWeight));

    [Fact]
    public void AllLike_OneTypeThatDoesNot_IsFalse()
    {
        Assert.False(EventTypeRules.Default.AllLike);
        Assert.True(new EventTypeRules([new("view", 1, false)]).AllLike);
        Assert.False(new EventTypeRules([new("view", 1, false) { Neutral = 3 }]).AllLike);
    }

    [Fact]
    public void With_OwnTypes_KeepsThoseThatAreThere()
    {
        EventTypeRules both = EventTypeRules.Default.With([new("view", 9, true), new("wishlist", 2, false)]);
        Assert.True(both.TryGet("wishlist", out _));
        Assert.True(both.TryGet("view", out EventTypeRule? view) && view.Weight == 1);
        Assert.Same(EventTypeRules.Default, EventTypeRules.Default.With([]));
    }

    private static EventTypeRule Rule(string type) => EventTypeRules.Default.TryGet(type, out EventTypeRule? rule) ? rule : throw new ArgumentException(type);

    [Fact]
    public void TryGet_UnknownType_IsFalse() => Assert.False(EventTypeRules.Default.TryGet("VIEW", out _));

    [Theory]
    [InlineData("", 1f), InlineData("view", -0.1f), InlineData("view", -1f), InlineData("view", float.NaN), InlineData("view", float.PositiveInfinity)]
    public void Constructor_UnusableRule_Throws(string type, float weight) =>
        Assert.Throws<ArgumentException>(() => new EventTypeRules([new(type, weight, false)]));

    [Fact]
    public void Constructor_ATypeTwice_NamesIt() =>
        Assert.Contains("'view'", Assert.Throws<ArgumentException>(() => new EventTypeRules([new("view", 1, false), new("view", 2, false)])).Message);

    [Theory]
    [InlineData(0), InlineData(129)]
    public void Constructor_NoneOrTooMany_Throws(int count) =>
        Assert.Throws<ArgumentException>(() => new EventTypeRules(Enumerable.Range(0, count).Select(n => new EventTypeRule($"t{n}", 1, false))));
}
