using OrleansRec.Model.Users;

namespace OrleansRec.Model.Tests.Users;

/// <summary>A planted history has the interests, prices, hours and orders that were planted.</summary>
public sealed class UserFactsTests
{
    private const long Hour = 3_600_000, Day = 24 * Hour;

    private static FactEvent Event(string item, string type, long timeMs, double price, string brand, string[] categories, string? session = null, float value = 1) =>
        new(item, type, value, timeMs, session, brand, categories, price);

    [Fact]
    public void Of_TheWorkedExample_GivesTheStatedShares()
    {
        UserFacts facts = UserFacts.Of(
            [Event("mug", "view", 0, 5, "Acme", ["kitchen"]), Event("pot", "purchase", Day, 20, "Acme", ["kitchen", "garden"])], EventTypeRules.Default);

        Assert.Equal([new("kitchen", 6 / 11.0), new("garden", 5 / 11.0)], facts.Categories);
        Assert.Equal([new InterestShare("Acme", 1)], facts.Brands);
        Assert.Equal((8.75, 12.5, 16.25), (facts.PriceLow, facts.PriceMedian, facts.PriceHigh));
        Assert.Equal((2, 1, 20.0), (facts.ActiveDays, facts.Orders, facts.Spend));
    }

    [Fact]
    public void Of_DislikesAndLowRatings_AreNoInterest()
    {
        UserFacts facts = UserFacts.Of(
            [
                Event("a", "dislike", 0, 1, "Bad", ["bad"]), Event("b", "rating", 0, 1, "Low", ["low"], value: 2), Event("c", "rating", 0, 9, "Good", ["good"], value: 5),
                Event("d", "no such type", 0, 1, "Odd", ["odd"]), Event("e", "impression", 0, 1, "Shown", ["shown"]),
            ], EventTypeRules.Default);

        Assert.Equal("good", Assert.Single(facts.Categories).Name);
        Assert.Equal("Good", Assert.Single(facts.Brands).Name);
        Assert.Equal(9, facts.PriceMedian);
        Assert.Equal(5, facts.Hours[0]);
    }

    [Fact]
    public void Of_Orders_AreSessionsOrMomentsWithPurchases()
    {
        UserFacts facts = UserFacts.Of(
            [
                Event("a", "purchase", 1 * Hour, 2, "x", [], "s1", 3), Event("b", "purchase", 2 * Hour, double.NaN, "x", [], "s1"),
                Event("c", "purchase", 3 * Hour, 10, "x", []), Event("d", "purchase", 3 * Hour, 1, "x", []), Event("e", "purchase", 4 * Hour, 1, "x", []),
                Event("f", "view", 5 * Hour, 100, "x", [], "s2"),
            ], EventTypeRules.Default);

        Assert.Equal((3, 18.0), (facts.Orders, facts.Spend));
        Assert.Equal([0, 1, 1, 2, 1, 1], facts.Hours[..6]);
    }

    [Fact]
    public void Of_ManyNames_KeepsTheLargestAndBreaksTiesByName()
    {
        FactEvent[] events = [.. Enumerable.Range(0, 9).Select(n => Event($"i{n}", n == 8 ? "cart" : "view", n, 1, "x", [$"c{8 - n}"]))];
        Assert.Equal(["c0", "c1", "c2", "c3", "c4"], UserFacts.Of(events, EventTypeRules.Default).Categories.Select(c => c.Name));
        Assert.Equal(UserFacts.Of(events, EventTypeRules.Default).Categories, UserFacts.Of([.. events.Reverse()], EventTypeRules.Default).Categories);
    }

    [Fact]
    public void Of_NoEvents_IsEmpty()
    {
        UserFacts facts = UserFacts.Of([], EventTypeRules.Default);
        Assert.Equal((0, 0, null, 0, 0.0), (facts.Categories.Length, facts.Brands.Length, facts.PriceLow, facts.Orders, facts.Spend));
    }

    [Theory]
    [InlineData(null, null), InlineData(30.0, null), InlineData(0.0, "retentionDays"), InlineData(-1.0, "retentionDays"), InlineData(double.NaN, "retentionDays"), InlineData(36_501.0, "retentionDays")]
    public void CheckSettings_Retention_IsInItsRange(double? days, string? field) => Assert.Equal(field, UserSettingRules.Check(null, days)?.Field);

    [Fact]
    public void CheckSettings_Attributes_AreDistinctAndNotTooMany()
    {
        Assert.Equal("attributes", UserSettingRules.Check([new("", "x")], null)?.Field);
        Assert.Equal("attributes", UserSettingRules.Check([new("a", null)], null)?.Field);
        Assert.Equal("attributes", UserSettingRules.Check([.. Enumerable.Range(0, 65).Select(n => KeyValuePair.Create<string?, string?>($"{n}", ""))], null)?.Field);
        Assert.Null(UserSettingRules.Check([new("country", "DE")], 30));
    }

    [Theory]
    [InlineData(null, null, null), InlineData(5, null, 5), InlineData(null, 7, 7), InlineData(5, 7, 5), InlineData(7, 5, 5)]
    public void WithAgeMax_TheShorterOne_Holds(int? shard, int? own, int? both) =>
        Assert.Equal(Days(both), new RetentionRule(Days(shard), null).WithAgeMax(Days(own)).AgeMax);

    private static TimeSpan? Days(int? days) => days is { } d ? TimeSpan.FromDays(d) : null;
}
