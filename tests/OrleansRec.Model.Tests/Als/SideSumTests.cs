namespace OrleansRec.Model.Tests.Als;

/// <summary>Start values, bucket sums, the Gram matrix and hashes do not depend on how rows are dealt to shards.</summary>
public sealed class SideSumTests
{
    [Fact]
    public void StartFactors_SeedAndId_DecideThem()
    {
        var o = new AlsOptions { Rank = 16 };
        Assert.Equal(Start(o, "a"), Start(o, "a"));
        Assert.NotEqual(Start(o, "a"), Start(o, "b"));
        Assert.NotEqual(Start(o, "a"), Start(o with { Seed = 2 }, "a"));
        Assert.All(Start(o, "a"), v => Assert.InRange(v, 0, 0.01f));
    }

    [Fact]
    public void StartFactors_Explicit_BiasIsZeroAndSpreadIsOneOverRootK()
    {
        var o = new AlsOptions { Rank = 25, Objective = Objective.Explicit };
        double squared = 0, sum = 0;
        for (int i = 0; i < 1000; i++)
        {
            var row = Start(o, $"i{i}");
            Assert.Equal(0, row[25]);
            squared += row.Sum(v => (double)v * v);
            sum += row.Sum(v => (double)v);
        }
        Assert.Equal(1.0 / 25, squared / 25_000, 0.001);
        Assert.Equal(0, sum / 25_000, 0.005);
    }

    [Fact]
    public void BucketTree_AnySharding_SameBits()
    {
        var random = new Random(1);
        double[] leaves = [.. Enumerable.Range(0, Buckets.Count).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-8, 8)))];
        BucketLeaf leaf = (bucket, into) => into[0] += leaves[bucket];
        double whole = BucketTree.Root(BucketTree.Nodes(new(0, Buckets.Count), 1, leaf), 1)[0];
        Assert.Equal(1, leaves.Sum() / whole, 1e-12);
        for (int shards = 1; shards <= Buckets.Count; shards = shards * 3 / 2 + 1)
        {
            var nodes = Enumerable.Range(0, shards).Reverse().SelectMany(s => BucketTree.Nodes(Buckets.OfShard(s, shards), 1, leaf)).ToList();
            Assert.Equal(whole, BucketTree.Root(nodes, 1)[0]);
        }
    }

    [Fact]
    public void BucketTree_Nodes_AreTheWorkedExample()
    {
        var nodes = BucketTree.Nodes(new(0, 342), 1, (_, into) => into[0] += 1);
        Assert.Equal([256, 64, 16, 4, 2], nodes.Select(n => (int)n.Values[0]));
    }

    [Theory]
    [InlineData(0, 1024, 1)]
    [InlineData(0, 342, 5)]
    [InlineData(341, 683, 7)]
    [InlineData(683, 1024, 64)]
    public void BucketTree_JoinedParts_AreTheNodesOfTheWhole(int first, int end, int part)
    {
        var random = new Random(2);
        double[] leaves = [.. Enumerable.Range(0, Buckets.Count).Select(_ => random.NextDouble() * Math.Pow(10, random.Next(-8, 8)))];
        BucketLeaf leaf = (bucket, into) => into[0] += leaves[bucket];
        var parts = Enumerable.Range(0, (end - first + part - 1) / part).SelectMany(p => BucketTree.Nodes(new(first + p * part, Math.Min(end, first + (p + 1) * part)), 1, leaf));

        List<BucketSum> whole = BucketTree.Nodes(new(first, end), 1, leaf);

        Assert.Equal(whole.Select(n => (n.Level, n.Index, n.Values[0])), BucketTree.Joined(parts.Reverse()).Select(n => (n.Level, n.Index, n.Values[0])));
        Assert.Equal(whole.Count, BucketTree.NodeCount(new(first, end)));
    }

    [Fact]
    public void BucketTree_NodesMissingOrTwice_Throws()
    {
        var nodes = BucketTree.Nodes(new(0, 1000), 1, (_, into) => into[0] += 1);
        Assert.Throws<ArgumentException>(() => BucketTree.Root(nodes, 1));
        nodes.AddRange(BucketTree.Nodes(new(1000, 1024), 1, (_, _) => { }));
        Assert.Equal(1000, BucketTree.Root(nodes, 1)[0]);
        Assert.Throws<ArgumentException>(() => BucketTree.Root(nodes, 2));
        nodes.AddRange(BucketTree.Nodes(new(1000, 1001), 1, (_, _) => { }));
        Assert.Throws<ArgumentException>(() => BucketTree.Root(nodes, 1));
    }

    [Fact]
    public void GramMatrix_EveryWidthTo130_MatchesDouble()
    {
        var random = new Random(2);
        for (int width = 1; width <= 130; width++)
        {
            int count = random.Next(1, 80);
            var rows = PlantedPairs.Factors(count, width, random);
            double[] gram = [.. Enumerable.Repeat(1.0, width * width)];
            GramMatrix.Add(rows, width, gram);
            for (int i = 0; i < width; i++)
                for (int j = 0; j < width; j += 1 + j % 3)
                    Assert.Equal(1 + Enumerable.Range(0, count).Sum(n => (double)rows[n * width + i] * rows[n * width + j]), gram[i * width + j], 1e-12 * (1 + count));
        }
    }

    [Fact]
    public void FactorsHash_AnyChange_ChangesIt()
    {
        string[] ids = ["a", "b"];
        float[] factors = [1, 2, 3, 4];
        string hash = Hash(ids, factors);
        Assert.Equal(hash, Hash(["a", "b"], [1, 2, 3, 4]));
        Assert.NotEqual(hash, Hash(["a", "c"], factors));
        Assert.NotEqual(hash, Hash(["ab", ""], factors));
        Assert.NotEqual(hash, Hash(ids, [1, 2, 3, MathF.BitIncrement(4)]));
        Assert.Equal(64, hash.Length);
    }

    [Fact]
    public void InteractionRows_BadArrays_NameTheFault()
    {
        Assert.Throws<ArgumentException>(() => new InteractionRows([], [], []));
        Assert.Throws<ArgumentException>(() => new InteractionRows([0, 2], [1], [1, 1]));
        Assert.Throws<ArgumentException>(() => new InteractionRows([0, 2], [1, 1], [1, 1]));
        Assert.Throws<ArgumentException>(() => new InteractionRows([0, 2, 1], [1, 2], [1, 1]));
    }

    private static string Hash(string[] ids, float[] factors) => FactorsHash.Combine([FactorsHash.OfBucket(ids, factors, 2)]);

    private static float[] Start(AlsOptions o, string id)
    {
        var row = new float[o.Width];
        StartFactors.Fill(o, id, row);
        return row;
    }
}
