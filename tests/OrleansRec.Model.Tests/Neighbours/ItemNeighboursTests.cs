using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Neighbours;

/// <summary>Compares the sparse rows with the formulas on dense columns, and checks bounds and ties.</summary>
public sealed class ItemNeighboursTests
{
    private static readonly PlantedPairs Shop = PlantedPairs.Random(30, 25, 0.25, seed: 3);

    private static NeighbourTable Build(NeighbourOptions options, int first = 0, int end = 25, int workers = 1) =>
        ItemNeighbours.Build(Shop.ByUser, Shop.ItemIds, options, first, end, workers);

    /// <summary>x of each item, shape (items, users).</summary>
    private static double[][] Dense(double valuePower, double lengthPower)
    {
        var x = Enumerable.Range(0, 25).Select(_ => new double[30]).ToArray();
        for (int user = 0; user < 30; user++)
            for (int n = 0; n < Shop.ByUser.CountOf(user); n++)
                x[Shop.ByUser.Columns(user)[n]][user] = Math.Pow(Shop.ByUser.Values(user)[n], valuePower) * Math.Pow(Shop.ByUser.CountOf(user), -lengthPower);
        return x;
    }

    private static double Reference(double[] a, double[] b, NeighbourOptions o)
    {
        double n = a.Length, shared = a.Zip(b, (p, q) => p != 0 && q != 0 ? 1.0 : 0).Sum(), dot = a.Zip(b, (p, q) => p * q).Sum();
        double s = o.Similarity switch
        {
            Similarity.Cosine => dot / (Math.Pow(a.Sum(p => p * p), o.TargetShare) * Math.Pow(b.Sum(p => p * p), 1 - o.TargetShare)),
            Similarity.Jaccard => shared / (a.Count(p => p != 0) + b.Count(p => p != 0) - shared),
            _ => MathNet.Numerics.Statistics.Correlation.Pearson(a, b),
        };
        return n == 0 ? 0 : s * shared / (shared + o.Shrinkage);
    }

    [Theory]
    [InlineData(Similarity.Cosine, 0, 0, 0, 0.5), InlineData(Similarity.Cosine, 10, 1, 0.5, 0.3), InlineData(Similarity.Jaccard, 2, 0, 0, 0.5), InlineData(Similarity.Pearson, 5, 1, 0.5, 0.5)]
    public void Build_EverySimilarity_IsTheDenseFormula(Similarity similarity, double shrinkage, double valuePower, double lengthPower, double targetShare)
    {
        var options = new NeighbourOptions { Similarity = similarity, Shrinkage = shrinkage, ValuePower = valuePower, LengthPower = lengthPower, TargetShare = targetShare };
        var table = Build(options);
        var x = Dense(valuePower, lengthPower);
        int kept = 0;
        for (int i = 0; i < 25; i++)
            for (int j = 0; j < 25; j++)
            {
                int at = table.NeighboursOf(i).BinarySearch(j);
                double reference = i == j || x[i].Zip(x[j], (p, q) => p * q).Sum() == 0 ? 0 : Math.Max(0, Reference(x[i], x[j], options));
                Assert.Equal(reference, at < 0 ? 0 : table.WeightsOf(i)[at], 1e-6);
                kept += at < 0 ? 0 : 1;
            }
        Assert.True(kept > 100);
    }

    [Fact]
    public void Build_NeighboursMax_KeepsTheLargestThenTheFirstById()
    {
        // Item 0 shares one user with each of three others, and two with one: i1.
        var shop = PlantedPairs.From(5, 5, [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1), (2, 0, 1), (2, 2, 1), (3, 0, 1), (3, 3, 1), (4, 0, 1), (4, 4, 1)]);
        var table = ItemNeighbours.Build(shop.ByUser, shop.ItemIds, new() { NeighboursMax = 3 }, 0, 5);
        int row = Array.IndexOf(shop.ItemIds, "i0");
        Assert.Equal(["i1", "i2", "i3"], table.NeighboursOf(row).ToArray().Select(n => shop.ItemIds[n]).Order());
    }

    [Fact]
    public void Build_RangesAndWorkers_ChangeNoBit()
    {
        var options = new NeighbourOptions { NeighboursMax = 7 };
        var whole = Build(options);
        var pieces = NeighbourTable.Join([Build(options, 0, 4), Build(options, 4, 19, workers: 3), Build(options, 19, 25)]);
        Assert.Equal(whole.Starts, pieces.Starts);
        Assert.Equal(whole.Neighbours, pieces.Neighbours);
        Assert.Equal(whole.Weights, pieces.Weights);
    }

    [Fact]
    public void Build_UserWithTooManyItems_IsNotRead()
    {
        var shop = PlantedPairs.From(2, 4, [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1), (1, 2, 1), (1, 3, 1)]);
        var table = ItemNeighbours.Build(shop.ByUser, shop.ItemIds, new() { RowItemsMax = 3 }, 0, 4);
        Assert.Equal(2, table.Neighbours.Length);
    }

    [Fact]
    public void Build_OptionsOutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new() { NeighboursMax = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new() { Shrinkage = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new() { TargetShare = 1.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new(), 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new(), 0, 26));
    }
}
