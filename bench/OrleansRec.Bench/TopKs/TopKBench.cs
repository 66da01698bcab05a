using System.Diagnostics;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Kernels;
using OrleansRec.Bench.Report;
using OrleansRec.Model;
using static System.FormattableString;

namespace OrleansRec.Bench.TopKs;

/// <summary>The best 10 of many items at k = 64, one thread: the plain float scan, the index over it, and many users at once. All answers are compared.</summary>
internal sealed class TopKBench : IBenchSection
{
    private const int K = 10, Small = 20_000, Large = 200_000, Huge = 1_000_000;

    /// <summary>Queries whose answers are compared with the plain scan's.</summary>
    private const int Compared = 200;

    public string Name => "topk";

    public IReadOnlyList<int> Points { get; } = [4];

    public async Task Measure(BenchRun run)
    {
        BenchItems large = BenchItems.Trained(Large), small = BenchItems.Trained(Small);
        var table = new FigureTable(
            "Best 10, k = 64, one thread", "items", "factors", "plain scan", "of read bandwidth", "index, one query", "times faster", "batch, users/s", "build", "bytes an item")
        {
            Note = "Trained: 4 sweeps on generated pairs of users with tastes, 25 a user; queries are those users. Random: independent normal factors, which no bound can prune by length. Tastes: made-up factors of one length about 2,000 directions.",
        };
        await Goals(run, large, small, table);
        if (run.IsCheck)
            return;
        var approximate = ApproximateBench.Table();
        ApproximateBench.Add(approximate, large);
        foreach (int count in new[] { Small, Large, Huge })
        {
            BenchItems random = BenchItems.Random(count);
            table.Add(Row(Figures.Of(random), run.Limits));
            if (count > Small)
                ApproximateBench.Add(approximate, random);
        }
        BenchItems tastes = BenchItems.Tastes(Huge);
        table.Add(Row(Figures.Of(tastes), run.Limits));
        ApproximateBench.Add(approximate, tastes);
        run.Add(table);
        run.Add(approximate);
    }

    private static async Task Goals(BenchRun run, BenchItems large, BenchItems small, FigureTable table)
    {
        Figures? last = null, lastSmall = null;
        await run.AddBest(() =>
        {
            (double scan, double read) = ScanBesideRead(large);
            return Goal.AtLeast(
                4, "plain scan of 200,000 items, of the read bandwidth", 0.8, read / scan, GoalUnit.Share, Invariant($"{scan * 1e6:0} µs; reading the same bytes in turns with it {read * 1e6:0} µs"));
        });
        await run.AddBest(() => Goal.AtLeast(
            4, "top 10 of 200,000 trained items, plain scan over index", 5, (last = Figures.Of(large)).Plain / last.One, GoalUnit.Times,
            Invariant($"{last.Plain * 1e6:0} over {last.One * 1e6:0.0} µs; generated users with tastes")));
        await run.AddBest(() => Goal.AtLeast(
            4, "top 10 of 20,000 trained items, plain scan over index", 1, (lastSmall = Figures.Of(small)).Plain / lastSmall.One, GoalUnit.Times,
            Invariant($"{lastSmall.Plain * 1e6:0} over {lastSmall.One * 1e6:0.0} µs")));
        Figures? random = null;
        await run.AddBest(() => Goal.AtLeast(
            4, "top 10 of 20,000 random items, plain scan over index", 1, (random = Figures.Of(BenchItems.Random(Small))).Plain / random.One, GoalUnit.Times,
            Invariant($"{random.Plain * 1e6:0} over {random.One * 1e6:0.0} µs")));
        await run.AddBest(() => Goal.AtLeast(
            4, "top 10 of 20,000 trained items, users a second in batch", 15_000, (lastSmall = Figures.Of(small)).Batch, GoalUnit.Count,
            Invariant($"{random!.Batch:0} with random factors")));
        run.Add(Goal.Of(4, "answers equal the plain scan's to the last bit", last!.AreEqual && lastSmall!.AreEqual && random!.AreEqual, $"{Compared} queries of each, one by one and in batch"));
        table.Add(Row(lastSmall!, run.Limits));
        table.Add(Row(last!, run.Limits));
    }

    /// <summary>The fastest scan and the fastest reading of the same bytes, in turns: what memory gives changes with what neighbours take of it.</summary>
    private static (double Scan, double Read) ScanBesideRead(BenchItems items)
    {
        const int Turns = 60;
        var best = new ScoredRow[K];
        double scan = double.MaxValue, read = double.MaxValue;
        for (int turn = 0; turn < Turns; turn++)
        {
            long start = Stopwatch.GetTimestamp();
            MachineLimits.ReadOnce(items.Items);
            read = Math.Min(read, Stopwatch.GetElapsedTime(start).TotalSeconds);
            start = Stopwatch.GetTimestamp();
            TopK.Select(items.Query(turn), items.Items, BenchItems.Width, 0, [], items.Ids, best);
            scan = Math.Min(scan, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return (scan, read);
    }

    private static FormattableString[] Row(Figures f, MachineLimits limits) =>
    [
        $"{f.Items.Count:N0}", $"{f.Items.Name}", $"{f.Plain * 1e6:N0} µs", $"{f.ScanBytes / f.Plain / limits.Bandwidth * 100:0} %", $"{f.One * 1e6:N1} µs",
        $"{f.Plain / f.One:0.0}", $"{f.Batch:N0}", $"{f.Build:0.00} s", $"{(double)ItemIndex.BytesOf(f.Items.Count, BenchItems.Width) / f.Items.Count:0}",
    ];

    /// <summary>What was measured of one matrix; seconds of a query are the mean over many, of the fastest pass.</summary>
    private sealed record Figures(BenchItems Items, double Plain, double One, double Batch, double Build, bool AreEqual)
    {
        private const int Passes = 5, PlainQueries = 20, OneQueries = 400;

        public double ScanBytes => Items.Items.Length * (double)sizeof(float);

        public static Figures Of(BenchItems items)
        {
            long start = Stopwatch.GetTimestamp();
            var index = new ItemIndex(items.Items, BenchItems.Width);
            double build = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var one = new ScoredRow[K];
            double plain = Mean(PlainQueries, q => TopK.Select(items.Query(q), items.Items, BenchItems.Width, 0, [], items.Ids, one));
            double indexed = Mean(OneQueries, q => index.Select(items.Query(q), items.Items, 0, [], items.Ids, one));
            var offsets = new float[items.Asked];
            var counts = new int[items.Asked];
            var best = new ScoredRow[items.Asked * K];
            double batch = Mean(1, _ => index.SelectMany(items.Queries, items.Items, offsets, [], items.Ids, best, counts));
            return new(items, plain, indexed, items.Asked / batch, build, Equal(items, index, best));
        }

        private static double Mean(int queries, Action<int> ask)
        {
            double best = double.MaxValue;
            for (int pass = 0; pass < Passes; pass++)
            {
                long start = Stopwatch.GetTimestamp();
                for (int q = 0; q < queries; q++)
                    ask(q);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / queries);
            }
            return best;
        }

        private static bool Equal(BenchItems items, ItemIndex index, ScoredRow[] batch)
        {
            ScoredRow[] plain = new ScoredRow[K], one = new ScoredRow[K];
            for (int q = 0; q < Compared; q++)
            {
                TopK.Select(items.Query(q), items.Items, BenchItems.Width, 0, [], items.Ids, plain);
                index.Select(items.Query(q), items.Items, 0, [], items.Ids, one);
                if (!plain.AsSpan().SequenceEqual(one) || !plain.AsSpan().SequenceEqual(batch.AsSpan(q * K, K)))
                    return false;
            }
            return true;
        }
    }
}
