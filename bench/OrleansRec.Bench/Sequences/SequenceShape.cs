using OrleansRec.Model.Sequence;

namespace OrleansRec.Bench.Sequences;

/// <summary>Made-up histories of Amazon Beauty's size (5-core): as many users and items, lengths from 5 on with a mean near 9, items with power-law popularity.</summary>
internal static class SequenceShape
{
    public const string Name = "22,363 users, 12,101 items, about 200,000 events as in Amazon Beauty";

    private const int Users = 22_363, Items = 12_101, LengthMin = 5, LengthMax = 200;

    /// <summary>Length − 5 is geometric with this mean.</summary>
    private const double MeanAbove = 3.9;

    public static SequenceRows Make(int seed)
    {
        var random = new Random(seed);
        return SequenceRows.Of(Items, [.. Enumerable.Range(0, Users).Select(_ => History(random))]);
    }

    private static int[] History(Random random)
    {
        int above = (int)(Math.Log(1 - random.NextDouble()) / Math.Log(MeanAbove / (1 + MeanAbove)));
        return [.. Enumerable.Range(0, Math.Min(LengthMax, LengthMin + above)).Select(_ => (int)(Items * Math.Pow(random.NextDouble(), 3)))];
    }

    /// <summary>Multiply-adds of an epoch that its mathematics asks for, counted as two operations each; the backward pass as twice the forward one.</summary>
    /// <remarks>
    /// Of a position: the matrices of a gated block, (3 + 1 + 1 + 8 + 4 + 1)·d² at f = 4d; attention to t positions, 2·t·d; scores of the next item and K others, (K + 1)·d. Norms, gates, softmax, dropout and the optimiser are not counted.
    /// </remarks>
    public static double UsefulFlops(SequenceRows rows, SequenceOptions options)
    {
        double d = options.Width, sum = 0;
        for (int user = 0; user < rows.Count; user++)
        {
            double positions = Math.Min(options.Length, rows.LengthOf(user) - 1);
            sum += positions * (options.Blocks * 18 * d * d + (options.UniformNegatives + 1) * d) + options.Blocks * d * positions * (positions + 1);
        }
        return 3 * 2 * sum;
    }
}
