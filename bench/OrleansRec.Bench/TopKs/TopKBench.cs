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

    private const int ScanAttempts = 61, ScanWarmUps = 5, IndexAttempts = 15;

    public string Name => "topk";

    public IReadOnlyList<int> Points { get; } = [4];

    public Task Measure(BenchRun run)
    {
        BenchItems large = BenchItems.Trained(Large), small = BenchItems.Trained(Small);
        var table = new FigureTable(
            "Best 10, k = 64, one thread", "items", "factors", "plain scan", "of read bandwidth", "index, one query", "times faster", "batch, users/s", "build", "bytes an item")
        {
            Note = "Trained: 4 sweeps on generated pairs of users with tastes, 25 a user; queries are those users. Random: independent normal factors, which no bound can prune by length. Tastes: made-up factors of one length about 2,000 directions.",
        };
        Goals(run, large, small, table);
        Filters(run);
        if (run.IsCheck)
            return Task.CompletedTask;
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
        return Task.CompletedTask;
    }

    private static void Filters(BenchRun run)
    {
        var table = FilterBench.Table();
        var (areEqual, faster) = FilterBench.Add(table, BenchItems.Trained);
        if (!run.IsCheck)
            areEqual &= FilterBench.Add(table, BenchItems.Random).AreEqual;
        run.Add(Goal.AtLeast(4, "top 10 of 100,000 trained items, 0.1 % left by a filter, plain scan over index", 20, faster, GoalUnit.Times));
        run.Add(Goal.Of(4, "answers under a filter equal the plain scan's to the last bit", areEqual, "100 %, 10 %, 1 % and 0.1 % left"));
        run.Add(table);
    }

    private static void Goals(BenchRun run, BenchItems large, BenchItems small, FigureTable table)
    {
        var (scan, read) = ScanBesideRead(large);
        run.Add(Goal.AtLeast(4, "plain scan of 200,000 items, of the read bandwidth", 0.8, read.Over(scan), GoalUnit.Share,
            $"{scan.Times(1e6).Text("0", " µs")}; reading the same bytes {read.Times(1e6).Text("0", " µs")}"));
        Figures ofLarge = Figures.Of(large), ofSmall = Figures.Of(small), random = Figures.Of(BenchItems.Random(Small));
        AddRatio("top 10 of 200,000 trained items, plain scan over index", 5, ofLarge, "; generated users with tastes");
        AddRatio("top 10 of 20,000 trained items, plain scan over index", 1, ofSmall);
        AddRatio("top 10 of 20,000 random items, plain scan over index", 1, random);
        run.Add(Goal.AtLeast(4, "top 10 of 20,000 trained items, users a second in batch", 15_000, ofSmall.Batch, GoalUnit.Count, $"{random.Batch.Text("N0")} with random factors"));
        run.Add(Goal.Of(4, "answers equal the plain scan's to the last bit", ofLarge.AreEqual && ofSmall.AreEqual && random.AreEqual, $"{Compared} queries of each, one by one and in batch"));
        table.Add(Row(ofSmall, run.Limits));
        table.Add(Row(ofLarge, run.Limits));

        void AddRatio(string name, double wanted, Figures figures, string remark = "") =>
            run.Add(Goal.AtLeast(4, name, wanted, figures.Plain.Over(figures.One), GoalUnit.Times,
                $"{figures.Plain.Times(1e6).Text("0.0", " µs")} over {figures.One.Times(1e6).Text("0.0", " µs")}{remark}"));
    }

    /// <summary>Seconds of a scan, and of reading the same bytes, in turns.</summary>
    private static (Attempts Scan, Attempts Read) ScanBesideRead(BenchItems items)
    {
        var best = new ScoredRow[K];
        double[] scan = new double[ScanAttempts], read = new double[ScanAttempts];
        for (int attempt = -ScanWarmUps; attempt < ScanAttempts; attempt++)
        {
            long start = Stopwatch.GetTimestamp();
            MachineLimits.ReadOnce(items.Items);
            double reading = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            TopK.Select(items.Query(attempt + ScanWarmUps), items.Items, BenchItems.Width, 0, [], items.Ids, best);
            if (attempt >= 0)
                (scan[attempt], read[attempt]) = (Stopwatch.GetElapsedTime(start).TotalSeconds, reading);
        }
        return (new(scan), new(read));
    }

    private static FormattableString[] Row(Figures f, MachineLimits limits) =>
    [
        $"{f.Items.Count:N0}", $"{f.Items.Name}", $"{f.Plain.Times(1e6).Text("N0", " µs")}", $"{f.ScanBytes / f.Plain.Median / limits.Bandwidth * 100:0} %", $"{f.One.Times(1e6).Text("N1", " µs")}",
        $"{f.Plain.Over(f.One).Text("0.0")}", $"{f.Batch.Text("N0")}", $"{f.Build:0.00} s", $"{(double)ItemIndex.BytesOf(f.Items.Count, BenchItems.Width) / f.Items.Count:0}",
    ];

    /// <summary>What was measured of one matrix. An attempt is the mean of many queries; scan, index and batch take turns.</summary>
    /// <param name="Items">The matrix.</param>
    /// <param name="Plain">Seconds of a query by the plain scan.</param>
    /// <param name="One">Seconds of a query by the index.</param>
    /// <param name="Batch">Users a second, many at once.</param>
    /// <param name="Build">Seconds that the index takes to build.</param>
    /// <param name="AreEqual">Whether all answers are the plain scan's.</param>
    private sealed record Figures(BenchItems Items, Attempts Plain, Attempts One, Attempts Batch, double Build, bool AreEqual)
    {
        private const int PlainQueries = 20, OneQueries = 400;

        public double ScanBytes => Items.Items.Length * (double)sizeof(float);

        public static Figures Of(BenchItems items)
        {
            long start = Stopwatch.GetTimestamp();
            var index = new ItemIndex(items.Items, BenchItems.Width);
            double build = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var one = new ScoredRow[K];
            var offsets = new float[items.Asked];
            var counts = new int[items.Asked];
            var best = new ScoredRow[items.Asked * K];
            // The first turn warms up.
            var turns = Enumerable.Range(0, 1 + IndexAttempts).Select(_ => (
                Plain: Mean(PlainQueries, q => TopK.Select(items.Query(q), items.Items, BenchItems.Width, 0, [], items.Ids, one)),
                One: Mean(OneQueries, q => index.Select(items.Query(q), items.Items, 0, [], items.Ids, one)),
                Batch: Mean(1, _ => index.SelectMany(items.Queries, items.Items, offsets, [], items.Ids, best, counts)))).Skip(1).ToArray();
            return new(items, Attempts.Of(turns, t => t.Plain), Attempts.Of(turns, t => t.One), Attempts.Of(turns, t => items.Asked / t.Batch), build, Equal(items, index, best));
        }

        private static double Mean(int queries, Action<int> ask)
        {
            long start = Stopwatch.GetTimestamp();
            for (int q = 0; q < queries; q++)
                ask(q);
            return Stopwatch.GetElapsedTime(start).TotalSeconds / queries;
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
