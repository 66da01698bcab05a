using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Shop;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Goal: rules that a request brings are compiled once, and never taken for those of another request. Method: requests that differ in one thing each.</summary>
public sealed class ListPlanTests
{
    private static readonly ShopLists _lists = ShopLists.Of(ShopRules.None with { Version = 1 });

    private static readonly RecommendRequest[] _requests =
    [
        Of(new() { Filter = "item.price < 5" }), Of(new() { Filter = "item.price < 6" }), Of(new() { Filter = "item.price < 5", Scenario = "home" }), Of(new() { Filter = "item.price < 5", Scenario = "cart" }),
        Of(new() { Boosts = [new("item.price < 5", 2)] }), Of(new() { Boosts = [new("item.price < 5", 3)] }), Of(new() { Boosts = [new("item.price < 5", 0.5)] }),
        Of(new() { Boosts = [new("item.price < 5", 2), new("item.price < 6", 2)] }), Of(new() { Filter = "item.price < 5" }) with { Filter = new() { InStock = true } },
        Of(null) with { Filter = new() { PriceMax = 5 } },
    ];

    [Fact]
    public void Of_TheSameRequest_IsCompiledOnce_AndAnyOtherApart()
    {
        object[] first = [.. _requests.Select(r => ListPlan.Of(_lists, r).Rules)];
        object[] second = [.. _requests.Select(r => ListPlan.Of(_lists, r with { K = 20 }).Rules)];

        Assert.All(first.Zip(second), pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal(first.Length, first.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Of_ManyRequests_KeepsABoundedNumber_AndTheLastOnes()
    {
        RecommendRequest last = Of(new() { Filter = "item.price < -1" });
        for (int n = 0; n < 3 * ShopLists.KeptMax; n++)
            ListPlan.Of(_lists, Of(new() { Filter = $"item.price < {n}" }));
        object rules = ListPlan.Of(_lists, last).Rules;

        Assert.Same(rules, ListPlan.Of(_lists, last).Rules);
        Assert.InRange(_lists.KeptCount, 1, ShopLists.KeptMax);
    }

    [Fact]
    public void Of_ABrokenExpression_IsRefusedEachTime()
    {
        for (int n = 0; n < 2; n++)
            Assert.StartsWith("filter", Assert.Throws<ListRefusedException>(() => ListPlan.Of(_lists, Of(new() { Filter = "item.price <" }))).Field);
    }

    private static RecommendRequest Of(ListShape? shape) => new() { Shape = shape };
}
