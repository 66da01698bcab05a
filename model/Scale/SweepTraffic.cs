namespace OrleansRec.Model;

/// <summary>What one sweep sends between grains.</summary>
/// <remarks>
/// A sweep is two half-sweeps. In each, the coordinator tells every shard of the solved side to begin, with the Gram matrix of the other side (P or Q calls); every
/// silo that holds such shards pulls what it lacks of the other side once, shard by shard in chunks of <see cref="ChunkBytes"/>; and every shard reports its part of the sums.
/// Checkpoints go to the store and are in <see cref="SweepSeconds"/>. The sizes are those that Orleans writes: a double of an array takes 9 bytes, an integer of an
/// array its digits in base 128 and one byte.
/// Worked example, P = Q = 1, S = 1, one row a side, k = 1: 4 calls, none remote: begin and report, twice.
/// </remarks>
public static class SweepTraffic
{
    /// <summary>Factor bytes in one chunk: as many whole rows as go into it, at least one.</summary>
    public const int ChunkBytes = 64 << 10;

    /// <summary>Bytes of a call to begin and of its answer, without arrays.</summary>
    public const int BeginBytes = 96;

    /// <summary>Bytes of a call for a chunk and of its answer, without factors.</summary>
    public const int PullBytes = 187;

    /// <summary>Bytes of a report and of its answer, without sums.</summary>
    public const int ReportBytes = 95;

    /// <summary>Bytes of a tree node without its values.</summary>
    public const int NodeBytes = 13;

    /// <summary>Bytes of a double within an array.</summary>
    public const int DoubleBytes = 9;

    /// <summary>The calls to begin both halves.</summary>
    /// <param name="layout">Who holds what.</param>
    /// <param name="options">Rank and objective.</param>
    public static Traffic Begin(TrainingLayout layout, AlsOptions options) =>
        Begin(layout.UserSilos, layout.ItemRows, layout.CoordinatorSilo, options) + Begin(layout.ItemSilos, layout.UserRows, layout.CoordinatorSilo, options);

    /// <summary>The calls for chunks of factors of both halves, all of them remote: the shards of a silo solve their rows where it reads them.</summary>
    /// <param name="layout">Who holds what.</param>
    /// <param name="options">Rank and objective.</param>
    public static Traffic Pull(TrainingLayout layout, AlsOptions options) =>
        Pull(layout.UserSilos, layout.ItemRows, layout.ItemSilos, options.Width) + Pull(layout.ItemSilos, layout.UserRows, layout.UserSilos, options.Width);

    /// <summary>The reports of both halves; those of the last sweep, which also hold hashes, are 34 kB longer in all.</summary>
    /// <param name="layout">Who holds what.</param>
    /// <param name="options">Rank and objective.</param>
    public static Traffic Report(TrainingLayout layout, AlsOptions options) =>
        Report(layout.UserSilos, layout.CoordinatorSilo, options) + Report(layout.ItemSilos, layout.CoordinatorSilo, options);

    /// <summary>All of a sweep.</summary>
    /// <param name="layout">Who holds what.</param>
    /// <param name="options">Rank and objective.</param>
    public static Traffic Of(TrainingLayout layout, AlsOptions options) => Begin(layout, options) + Pull(layout, options) + Report(layout, options);

    /// <summary>Bytes that the busiest silo takes in during a sweep: for an even layout about (U + I) · width · 4 · (1 − 1/S), however many silos there are.</summary>
    /// <param name="layout">Who holds what.</param>
    /// <param name="options">Rank and objective.</param>
    public static long PulledBytesMax(TrainingLayout layout, AlsOptions options)
    {
        return layout.UserSilos.Concat(layout.ItemSilos).Distinct().Max(silo =>
            (layout.UserSilos.Contains(silo) ? From(layout.ItemRows, layout.ItemSilos, silo) : 0)
            + (layout.ItemSilos.Contains(silo) ? From(layout.UserRows, layout.UserSilos, silo) : 0));

        long From(IReadOnlyList<int> rows, IReadOnlyList<int> silos, int to) =>
            rows.Zip(silos).Where(s => s.Second != to).Sum(s => (long)s.First * options.Width * sizeof(float));
    }

    private static Traffic Begin(IReadOnlyList<int> silos, IReadOnlyList<int> otherRows, int coordinator, AlsOptions options)
    {
        long gram = options.Objective == Objective.Implicit ? (long)options.Width * options.Width * DoubleBytes : 0;
        return Each(silos, coordinator, BeginBytes + gram + otherRows.Sum(r => (long)IntegerBytes(r)));
    }

    private static Traffic Report(IReadOnlyList<int> silos, int coordinator, AlsOptions options)
    {
        long node = NodeBytes + (long)TrainingMachine.SumLength(options) * DoubleBytes;
        var all = default(Traffic);
        for (int shard = 0; shard < silos.Count; shard++)
            all += One(silos[shard] != coordinator, ReportBytes + BucketTree.NodeCount(Buckets.OfShard(shard, silos.Count)) * node);
        return all;
    }

    private static Traffic Pull(IReadOnlyList<int> solving, IReadOnlyList<int> rows, IReadOnlyList<int> silos, int width)
    {
        int chunkRows = Math.Max(1, ChunkBytes / (width * sizeof(float)));
        var all = default(Traffic);
        foreach (int to in solving.Distinct())
            for (int shard = 0; shard < rows.Count; shard++)
            {
                if (silos[shard] == to)
                    continue;
                long chunks = (rows[shard] + chunkRows - 1L) / chunkRows, bytes = chunks * PullBytes + (long)rows[shard] * width * sizeof(float);
                all += new Traffic(chunks, chunks, bytes, bytes);
            }
        return all;
    }

    private static Traffic Each(IReadOnlyList<int> silos, int from, long bytes) =>
        silos.Aggregate(default(Traffic), (sum, silo) => sum + One(silo != from, bytes));

    private static Traffic One(bool isRemote, long bytes) => new(1, isRemote ? 1 : 0, bytes, isRemote ? bytes : 0);

    /// <summary>One byte for the field, and the number's digits: twice it, because the last bit is the sign, in base 128.</summary>
    private static int IntegerBytes(int value)
    {
        int bytes = 2;
        for (long rest = 2L * value >> 7; rest > 0; rest >>= 7)
            bytes++;
        return bytes;
    }
}
