using OrleansRec.Bench.Shapes;
using OrleansRec.Model;

namespace OrleansRec.Bench.TopKs;

/// <summary>Item factors to search, and queries for them.</summary>
/// <param name="Name">Where they come from.</param>
/// <param name="Items">Row-major, shape (n, <see cref="Width"/>).</param>
/// <param name="Queries">Row-major, shape (m, <see cref="Width"/>).</param>
internal sealed record BenchItems(string Name, float[] Items, float[] Queries)
{
    public const int Width = 64;

    /// <summary>Vectors to ask for, at most.</summary>
    public const int QueryCount = 2_000;

    private const int Sweeps = 4, PairsPerUser = 25;

    public int Count { get; } = Items.Length / Width;

    public int Asked { get; } = Queries.Length / Width;

    public string[] Ids { get; } = [.. Enumerable.Range(0, Items.Length / Width).Select(row => $"item-{row}")];

    public ReadOnlySpan<float> Query(int q) => Queries.AsSpan(q % Asked * Width, Width);

    /// <summary>Factors of a training on generated pairs; queries are users of that training. As many users as items.</summary>
    public static BenchItems Trained(int items)
    {
        var pairs = GeneratedPairs.Of(new PairShape($"{items:N0} items", items, items, items * PairsPerUser, 0.7, 20, 0.9, 20));
        var model = AlsTrainer.Train(
            new AlsOptions { Rank = Width, Lambda = 10, Alpha = 10, Sweeps = Sweeps }, pairs.UserIds, pairs.ItemIds, pairs.ByUser, pairs.ByItem);
        return new("trained", model.ItemFactors, model.UserFactors[..(QueryCount * Width)]);
    }

    /// <summary>Independent normal numbers: rows of one length in every direction, the worst there is for a bound.</summary>
    public static BenchItems Random(int items)
    {
        var random = new Random(5);
        return new("random", Normal(items * Width, random), Normal(QueryCount * Width, random));
    }

    /// <summary>Rows and queries about common directions, all rows of about one length: nothing to prune by length, but directions to go by.</summary>
    public static BenchItems Tastes(int items)
    {
        const int Tastes = 2_000;
        var random = new Random(6);
        float[] tastes = Normal(Tastes * Width, random), rows = Normal(items * Width, random), queries = Normal(QueryCount * Width, random);
        foreach (float[] each in new[] { rows, queries })
            for (int first = 0; first < each.Length; first += Width)
            {
                int taste = random.Next(Tastes) * Width;
                for (int j = 0; j < Width; j++)
                    each[first + j] = tastes[taste + j] + 0.6f * each[first + j];
            }
        return new("tastes", rows, queries);
    }

    private static float[] Normal(int count, Random random)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
