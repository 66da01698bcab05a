namespace OrleansRec.Model.Tests;

/// <summary>A table of own types is replaced whole, except for what events were counted by.</summary>
public sealed class OwnEventTypesTests
{
    private static readonly EventTypeRule Wish = new("wishlist", 2, false), Hide = new("hide", 1, true) { IsNegative = true };

    [Fact]
    public void Replace_NewTable_IsInTheOrderOfNames()
    {
        Assert.Null(OwnEventTypes.Replace([], [Wish, Hide], out IReadOnlyList<EventTypeRule> table));
        Assert.Equal([Hide, Wish], table);
    }

    [Fact]
    public void Replace_ATypeLeftOut_IsRetiredAndCanComeBack()
    {
        Assert.Null(OwnEventTypes.Replace([Hide, Wish], [Wish], out IReadOnlyList<EventTypeRule> table));
        Assert.Equal([Hide with { IsRetired = true }, Wish], table);
        Assert.Null(OwnEventTypes.Replace(table, [Hide, Wish with { Weight = 7, Excludes = true, HalfLife = TimeSpan.FromDays(3) }], out table));
        Assert.Equal([Hide, Wish with { Weight = 7, Excludes = true, HalfLife = TimeSpan.FromDays(3) }], table);
    }

    [Fact]
    public void Replace_WhatEventsWereCountedBy_StaysAsItWas()
    {
        foreach (EventTypeRule changed in new[] { Wish with { IsNegative = true }, Wish with { CountsAsPopular = false }, Wish with { Neutral = 2 } })
        {
            Assert.NotNull(OwnEventTypes.Replace([Hide, Wish], [changed], out IReadOnlyList<EventTypeRule> table));
            Assert.Equal([Hide, Wish], table);
        }
        // Also for a type that is retired: its events are still there.
        Assert.NotNull(OwnEventTypes.Replace([Wish with { IsRetired = true }], [Wish with { IsNegative = true }], out _));
    }

    public static TheoryData<string, EventTypeRule[]> Broken => new()
    {
        { "type", [Wish, Wish] }, { "type", [new("", 1, false)] }, { "type", [new("view", 1, false)] }, { "weight", [Wish with { Weight = -1 }] },
        { "weight", [Wish with { Weight = float.NaN }] }, { "halfLifeDays", [Wish with { HalfLife = TimeSpan.Zero }] },
        { "types", [.. Enumerable.Range(0, OwnEventTypes.CountMax + 1).Select(n => new EventTypeRule($"t{n}", 1, false))] },
    };

    [Theory, MemberData(nameof(Broken))]
    public void Replace_ABrokenRule_NamesTheField(string field, EventTypeRule[] asked) => Assert.Equal(field, OwnEventTypes.Replace([], asked, out _)?.Field);

    [Theory]
    [InlineData(0, 1f), InlineData(10, 0.5f), InlineData(20, 0.25f), InlineData(-5, 1f)]
    public void ShareOf_ByAge_HalvesEachHalfLife(int ageDays, float share)
    {
        const long day = 86_400_000, at = 1_700_000_000_000;
        Assert.Equal(share, EventDecay.ShareOf(at - ageDays * day, at, 10 * day));
        Assert.Equal(1, EventDecay.ShareOf(at - ageDays * day, at, 0));
    }

    [Fact]
    public void Take_ATypeThatDecays_AddsItsShare()
    {
        const long day = 86_400_000, at = 1_700_000_000_000;
        var record = new UserRecord();
        record.Append(new(1, 5, 0, -1, 1, at - 10 * day, 1));
        record.Append(new(2, 5, 1, -1, 2, at - 10 * day, 2));
        record.Append(new(3, 6, 2, -1, 9, at, 3));
        var pairs = new PairValues();
        pairs.Take(record.GetEnumerator(), new([4, 1, 0], [10 * day, 0, 0], at), PairValue.Sum);
        Assert.Equal([5], pairs.Items.ToArray());
        Assert.Equal([4f / 2 + 2], pairs.Values.ToArray());
    }

    [Theory]
    [InlineData("search", null, "lamp", null), InlineData("search", "i", "lamp", null), InlineData("search", null, null, "text"), InlineData("search", null, "", "text")]
    [InlineData("view", null, null, "itemId"), InlineData("review", "i", "fine", "value"), InlineData("view", "i", "note", null)]
    public void CheckEvent_TextAndItem_FollowTheType(string type, string? item, string? text, string? broken) =>
        Assert.Equal(broken, EventRules.CheckEvent("u", item, type, null, null, null, null, EventTypeRules.Default, 0, text)?.Field);

    [Fact]
    public void CheckEvent_ARetiredType_IsRefusedAndNotNamed()
    {
        EventTypeRules types = EventTypeRules.Default.With([Wish with { IsRetired = true }]);
        RuleViolation violation = EventRules.CheckEvent("u", "i", "wishlist", null, null, null, null, types, 0)!;
        Assert.Equal("type", violation.Field);
        Assert.DoesNotContain("wishlist", violation.Rule);
    }
}
