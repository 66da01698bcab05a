using OrleansRec.Model.Baskets;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Baskets;

/// <summary>Bought-together by hand and by the published example.</summary>
public sealed class BasketNeighboursTests
{
    /// <summary>Dunning (1993), table 1, first row: k(AB) = 110, k(A ~B) = 2,442, k(~A B) = 111, k(~A ~B) = 29,114 gives 270.72.</summary>
    [Fact]
    public void LogLikelihoodRatio_OfThePublishedCounts_IsThePublishedNumber() =>
        Assert.Equal(270.72, BasketNeighbours.LogLikelihoodRatio(110, 110 + 2442, 110 + 111, 110 + 2442 + 111 + 29114), 0.01);

    [Fact]
    public void LogLikelihoodRatio_OfIndependentItems_IsZero_OfImpossibleCounts_Throws()
    {
        Assert.Equal(0, BasketNeighbours.LogLikelihoodRatio(10, 100, 100, 1000), 1e-9);
        Assert.Throws<ArgumentException>(() => BasketNeighbours.LogLikelihoodRatio(11, 10, 20, 100));
        Assert.Throws<ArgumentException>(() => BasketNeighbours.LogLikelihoodRatio(0, 60, 60, 100));
    }

    // i0 and i1 are together in 4 of 10 baskets, i0 and i2 once, i3 is alone.
    private static readonly PlantedPairs Shop = PlantedPairs.From(10, 4,
        [.. Enumerable.Range(0, 4).SelectMany(b => new[] { (b, 0, 1f), (b, 1, 1f) }), (4, 0, 1f), (4, 2, 1f), .. Enumerable.Range(5, 5).Select(b => (b, 3, 1f))]);

    private static Dictionary<string, float> CompanionsOf(string id, BasketOptions options)
    {
        var table = BasketNeighbours.Build(Shop.ByUser, Shop.ItemIds, options);
        int row = Array.IndexOf(Shop.ItemIds, id);
        return table.NeighboursOf(row).ToArray().Zip(table.WeightsOf(row).ToArray()).ToDictionary(p => Shop.ItemIds[p.First], p => p.Second);
    }

    [Fact]
    public void Build_Lift_IsTimesAsOftenAsByChance()
    {
        var lifts = CompanionsOf("i0", new() { Association = Association.Lift, SupportMin = 1 });
        Assert.Equal(10.0 * 4 / (5 * 4), lifts["i1"], 1e-6);
        Assert.Equal(10.0 * 1 / (5 * 1), lifts["i2"], 1e-6);
        Assert.Equal(2, lifts.Count);
    }

    [Fact]
    public void Build_LogLikelihood_TellsManyFromFewAtTheSameLift()
    {
        var ratios = CompanionsOf("i0", new() { SupportMin = 1 });
        Assert.Equal(Math.Sqrt(BasketNeighbours.LogLikelihoodRatio(4, 5, 4, 10)), ratios["i1"], 1e-5);
        Assert.True(ratios["i1"] > ratios["i2"]);
    }

    [Fact]
    public void Build_SupportMin_AndBasketItemsMax_LeaveOut()
    {
        Assert.Equal(["i1"], CompanionsOf("i0", new() { SupportMin = 2 }).Keys);
        var big = PlantedPairs.From(1, 3, [(0, 0, 1), (0, 1, 1), (0, 2, 1)]);
        Assert.Empty(BasketNeighbours.Build(big.ByUser, big.ItemIds, new() { SupportMin = 1, Association = Association.Lift, BasketItemsMax = 2 }).Neighbours);
    }

    [Fact]
    public void Build_LogLikelihood_DropsPairsRarerThanByChance()
    {
        var shop = PlantedPairs.From(10, 2, [.. Enumerable.Range(0, 6).Select(b => (b, 0, 1f)), .. Enumerable.Range(5, 5).Select(b => (b, 1, 1f))]);
        Assert.Empty(BasketNeighbours.Build(shop.ByUser, shop.ItemIds, new() { SupportMin = 1 }).Neighbours);
    }
}
