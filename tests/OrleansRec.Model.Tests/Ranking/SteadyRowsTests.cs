using OrleansRec.Model.Items;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Goal: a share of an earlier list stays, and nothing that is stronger breaks. Method: examples by hand, and random shops with hidden items, caps and pins against a count.</summary>
public sealed class SteadyRowsTests
{
    [Fact]
    public void Of_HalfOfTheLastList_StaysAtEveryOtherPlace()
    {
        PlantedShop shop = PlantedShop.Of(40);
        RankedList list = shop.List(shop.Request(6) with { Steady = new([30, 31, 32, 33, -1], 0.5) });
        Assert.Equal("0 30 1 31 2 32", PlantedShop.Ids(list));
        Assert.Equal([new(SteadyRows.Rule, RuleKind.Promote, 0)], list.Entries[1].Effects);
        Assert.Empty(list.Entries[0].Effects);
    }

    [Fact]
    public void Of_WhatStaysAnyway_IsNotMoved()
    {
        PlantedShop shop = PlantedShop.Of(40);
        Assert.Equal("0 1 2 3 4 5", PlantedShop.Ids(shop.List(shop.Request(6) with { Steady = new([1, 3, 5], 0.5) })));
        Assert.Equal("0 1 2", PlantedShop.Ids(shop.List(shop.Request(3) with { Steady = new([9], 0) })));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void Of_RandomShops_KeepTheShareAsFarAsItMayAppear_AndNothingStrongerBreaks(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 40; round++)
        {
            int count = random.Next(5, 200), k = random.Next(1, 20), pinned = random.Next(count);
            PlantedShop shop = PlantedShop.Of(count, (n, f) => f.Set("visible", random.Next(4) > 0).Set("brand", $"b{random.Next(6)}"), _ => random.Next(50));
            int[] last = [.. Enumerable.Range(0, count).OrderBy(_ => random.Next()).Take(k)];
            double share = random.Next(5) / 4.0;
            bool IsVisible(int row) => shop.Facts[row] is var facts && ItemColumns.Of([facts]) is var one && new Eligibility(new RankRequest(one, 1, new(1_000)), new RuleSet([]).Compile(Model.Rules.RuleFields.Of(one))).Reason(0) is null;

            RankedList list = shop.List(
                shop.Request(k) with { Steady = new(last, share) }, new ListRule { Name = "pin", Kind = RuleKind.Pin, Item = shop.Facts[pinned].Id, Position = 1 });

            int eligible = Enumerable.Range(0, count).Count(IsVisible), members = last.Count(IsVisible);
            Assert.Equal(Math.Min(k, eligible), list.Entries.Count);
            Assert.All(list.Entries, e => Assert.True(IsVisible(e.Row)));
            Assert.Equal(list.Entries.Count, list.Entries.Select(e => e.Row).Distinct().Count());
            if (IsVisible(pinned))
                Assert.Equal(pinned, list.Entries[0].Row);
            int kept = list.Entries.Count(e => last.Contains(e.Row)), free = k - (IsVisible(pinned) && !last.Contains(pinned) ? 1 : 0);
            Assert.True(kept >= Math.Min(Math.Min((int)Math.Floor(share * list.Entries.Count + 1e-9), members), free), $"{kept} of {members} were kept; the share is {share} of {list.Entries.Count}.");
        }
    }

    [Fact]
    public void Of_ACap_IsStrongerThanSteadiness()
    {
        PlantedShop shop = PlantedShop.Of(20, (n, f) => f.Set("brand", n >= 10 ? "late" : $"b{n}"));
        RankedList list = shop.List(shop.Request(6) with { Steady = new([10, 11, 12, 13, 14, 15], 1) }, new ListRule { Name = "cap", Kind = RuleKind.Cap, Field = "brand", Most = 2 });
        Assert.Equal(2, list.Entries.Count(e => e.Row >= 10));
        Assert.Equal(6, list.Entries.Count);
    }

    [Theory]
    [InlineData("a b c", "c d", 0.5)]
    [InlineData("a b", "a b c d", 1.0)]
    [InlineData("a", "b", 0.0)]
    [InlineData("", "b", null)]
    [InlineData("a", "", null)]
    public void OverlapOf_IsTheShareOfTheShorterOne(string list, string earlier, double? expected) =>
        Assert.Equal(expected, SteadyRows.OverlapOf(list.Split(' ', StringSplitOptions.RemoveEmptyEntries), earlier.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory, InlineData(-0.1), InlineData(1.1), InlineData(double.NaN)]
    public void Check_ShareOutOfBounds_IsRefused(double share) =>
        Assert.Equal("steadiness", Assert.Single(new ListScenario { Name = "own", Steadiness = share }.Check(Model.Rules.RuleFields.Catalogue)).Field);
}
