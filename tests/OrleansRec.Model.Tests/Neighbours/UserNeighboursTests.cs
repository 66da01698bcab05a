using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Neighbours;

/// <summary>User neighbours and blocks of neighbours by hand.</summary>
public sealed class UserNeighboursTests
{
    // u0 and u1 share i0 and i1, u2 shares i0 with them; only neighbours know i2 and i3.
    private static readonly PlantedPairs Shop = PlantedPairs.From(3, 4, [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1), (1, 2, 1), (2, 0, 1), (2, 3, 1)]);

    private static Dictionary<string, float> Scores(NeighbourOptions options, string? userId, double popularityPower = 0)
    {
        var part = new UserNeighbours(Shop.ByUser, Shop.UserIds, Shop.ItemIds, options, new(), popularityPower);
        var scores = new float[4];
        part.Score(part.Prepare(new([new("i0", 1, 0), new("i1", 1, 0)], 0, userId)), scores);
        return Shop.ItemIds.Zip(scores).ToDictionary(p => p.First, p => p.Second);
    }

    [Fact]
    public void Score_IsTheSumOfShrunkCosines()
    {
        var scores = Scores(new() { Shrinkage = 1, LengthPower = 0 }, "u0");
        Assert.Equal(2 / (Math.Sqrt(2) * Math.Sqrt(3)) * 2 / 3, scores["i2"], 1e-6);
        Assert.Equal(1 / (Math.Sqrt(2) * Math.Sqrt(2)) * 1 / 2, scores["i3"], 1e-6);
        Assert.Equal(scores["i2"] + scores["i3"], scores["i0"], 1e-6);
    }

    [Fact]
    public void Score_WithoutTheUsersId_CountsTheOwnRowToo() =>
        Assert.Equal(Scores(new() { Shrinkage = 0, LengthPower = 0 }, "u0")["i1"] + 1, Scores(new() { Shrinkage = 0, LengthPower = 0 }, null)["i1"], 1e-6);

    [Fact]
    public void Score_OneNeighbour_IsTheMostAlike() => Assert.Equal(0, Scores(new() { NeighboursMax = 1, Shrinkage = 0 }, "u0")["i3"]);

    [Fact]
    public void Score_PopularityPower_DividesByTheItemsUsers()
    {
        Dictionary<string, float> plain = Scores(new(), "u0"), damped = Scores(new(), "u0", 1);
        Assert.Equal(plain["i0"] / 3, damped["i0"], 1e-6);
        Assert.Equal(plain["i2"], damped["i2"], 1e-6);
    }

    [Fact]
    public void Constructor_AnotherSimilarity_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Scores(new() { Similarity = Similarity.Jaccard }, "u0"));

    [Fact]
    public void Block_Score_SumsWeightsOfThePast()
    {
        string[] ids = ["a", "b", "c"];
        var block = new NeighbourBlock("test", new([0, 2, 3, 3], [1, 2, 0], [0.5f, 0.25f, 1f]), ids, ids, new() { ValuePower = 1 });
        var scores = new float[3];
        block.Score(block.Prepare(new([new("b", 2, 0), new("c", 4, 0), new("unknown", 9, 0)])), scores);
        Assert.Equal([2f, 0f, 0f], scores);
        Assert.Throws<ArgumentException>(() => new NeighbourBlock("test", new([0, 0], [], []), ids, ids, new()));
    }

    [Fact]
    public void Block_Scale_IsTheRootOfTheMeanSquareWherePastItemsScoreDifferentItems()
    {
        string[] ids = ["a", "b", "c"];
        var block = new NeighbourBlock("test", new([0, 1, 1, 2], [1, 1], [3f, 4f]), ids, ids, new());
        Assert.Equal(Math.Sqrt((9.0 + 16) / 3), block.Prepare(new([new("b", 1, 0)])).Scale, 1e-6);
    }
}
