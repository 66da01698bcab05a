using OrleansRec.Contracts;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>Events, items and models whose right answers are known.</summary>
public static class Planted
{
    public static EventRecord Event(string userId, string itemId, string type = "purchase", float value = 1, string? id = null, long timeMs = 1_000) =>
        new(userId, itemId, type, value, timeMs, null, IdHash.Of(id ?? $"{userId}/{itemId}/{type}/{value}/{timeMs}"));

    public static ItemRecord Item(
        string itemId, double? price = null, long? stock = null, bool visible = true, params string[] categories) =>
        new(itemId, $"Title of {itemId}", categories, price, stock, visible, [new("colour", "red")]);

    public static string[] Ids(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];

    /// <summary>A model over these items with random factors, not yet published.</summary>
    public static PlantedModel Model(long version, IEnumerable<string> itemIds, ShardMap map, int rank = 4, Objective objective = Objective.Implicit)
    {
        var random = new Random((int)version);
        string[] ids = [.. itemIds.OrderBy(RowKey.Of)];
        var options = new AlsOptions { Rank = rank, Lambda = 0.5, Alpha = 2, Objective = objective };
        var factors = new float[ids.Length * options.Width];
        for (int i = 0; i < factors.Length; i++)
            factors[i] = (float)(random.NextDouble() - 0.5);
        var gram = new double[objective == Objective.Implicit ? rank * rank : 0];
        for (int row = 0; row < ids.Length && gram.Length > 0; row++)
            for (int a = 0; a < rank; a++)
                for (int b = 0; b < rank; b++)
                    gram[a * rank + b] += (double)factors[row * rank + a] * factors[row * rank + b];
        TypeWeight[] weights = [.. EventTypeRules.Default.All.Select(r => new TypeWeight(r.Type, r.SignedWeight))];
        int[] shardRows = [.. Enumerable.Range(0, map.ItemShards).Select(shard => ids.Count(id => map.OfItem(id) == shard))];
        var info = new ModelInfo(
            version, TrainingPlan.From(options, weights), 10, ids.Length, 100, objective == Objective.Explicit ? 3.5 : 0, gram, [1], "planted", 0, 1, shardRows);
        return new(info, ids, factors);
    }
}

/// <summary>A model and the means to publish it as training would.</summary>
public sealed record PlantedModel(ModelInfo Info, string[] Ids, float[] Factors)
{
    public int Width => Info.Plan.ToOptions().Width;

    public ReadOnlySpan<float> Row(string itemId) => Factors.AsSpan(Array.IndexOf(Ids, itemId) * Width, Width);

    /// <summary>Writes the blocks that item shards read.</summary>
    public async Task Prepare(GrainCluster cluster)
    {
        int first = 0;
        for (int shard = 0; shard < cluster.Map.ItemShards; shard++)
        {
            int rows = Info.ShardRows[shard];
            string stream = LogStreams.Model(TenantId.Default, Info.Version, shard);
            LogOpening opening = await cluster.Store.Open(stream);
            var block = new PublishedBlock(Width, Ids[first..(first + rows)], Factors[(first * Width)..((first + rows) * Width)]);
            await cluster.Store.WriteSnapshot(stream, opening.Epoch, 1, block.ToBytes(), compact: true);
            first += rows;
        }
    }

    public async Task Publish(GrainCluster cluster)
    {
        await Prepare(cluster);
        await cluster.Models.Publish(Info);
    }

    /// <summary>The user's vector by plain elimination in double: (λI + YᵀY + Σ (c−1) y yᵀ) x = Σ c y, with c = α·r.</summary>
    public double[] Solve(IReadOnlyDictionary<string, double> values)
    {
        int k = Width;
        var options = Info.Plan.ToOptions();
        var a = new double[k, k + 1];
        for (int i = 0; i < k; i++)
        {
            for (int j = 0; j < k; j++)
                a[i, j] = Info.Gram[i * k + j];
            a[i, i] += options.Lambda;
        }
        foreach (var (itemId, r) in values)
        {
            double c = options.Alpha * r;
            for (int i = 0; i < k; i++)
            {
                for (int j = 0; j < k; j++)
                    a[i, j] += (c - 1) * Row(itemId)[i] * Row(itemId)[j];
                a[i, k] += c * Row(itemId)[i];
            }
        }
        return Eliminate(a, k);
    }

    public double Score(double[] x, string itemId)
    {
        double score = 0;
        for (int i = 0; i < x.Length; i++)
            score += x[i] * Row(itemId)[i];
        return score;
    }

    private static double[] Eliminate(double[,] a, int k)
    {
        for (int p = 0; p < k; p++)
            for (int i = 0; i < k; i++)
            {
                if (i == p)
                    continue;
                double factor = a[i, p] / a[p, p];
                for (int j = p; j <= k; j++)
                    a[i, j] -= factor * a[p, j];
            }
        return [.. Enumerable.Range(0, k).Select(i => a[i, k] / a[i, i])];
    }
}
