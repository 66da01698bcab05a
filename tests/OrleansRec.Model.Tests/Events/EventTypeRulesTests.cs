namespace OrleansRec.Model.Tests;

/// <summary>The defaults are those of the documentation; a configuration that cannot be meant is refused.</summary>
public sealed class EventTypeRulesTests
{
    [Theory]
    [InlineData("view", 1f, false), InlineData("click", 1f, false), InlineData("like", 2f, false), InlineData("cart", 3f, false)]
    [InlineData("purchase", 5f, true), InlineData("rating", 1f, true), InlineData("interaction", 1f, true)]
    public void Default_EachType_HasItsWeight(string type, float weight, bool excludes)
    {
        Assert.True(EventTypeRules.Default.TryGet(type, out var rule));
        Assert.Equal(new EventTypeRule(type, weight, excludes), rule);
    }

    [Fact]
    public void TryGet_UnknownType_IsFalse() => Assert.False(EventTypeRules.Default.TryGet("VIEW", out _));

    [Theory]
    [InlineData("", 1f), InlineData("view", 0f), InlineData("view", -1f), InlineData("view", float.NaN), InlineData("view", float.PositiveInfinity)]
    public void Constructor_UnusableRule_Throws(string type, float weight) =>
        Assert.Throws<ArgumentException>(() => new EventTypeRules([new(type, weight, false)]));

    [Fact]
    public void Constructor_ATypeTwice_NamesIt() =>
        Assert.Contains("'view'", Assert.Throws<ArgumentException>(() => new EventTypeRules([new("view", 1, false), new("view", 2, false)])).Message);

    [Theory]
    [InlineData(0), InlineData(65)]
    public void Constructor_NoneOrTooMany_Throws(int count) =>
        Assert.Throws<ArgumentException>(() => new EventTypeRules(Enumerable.Range(0, count).Select(n => new EventTypeRule($"t{n}", 1, false))));
}
