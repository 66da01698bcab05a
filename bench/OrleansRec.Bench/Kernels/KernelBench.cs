using System.Diagnostics;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Model;
using static System.FormattableString;

namespace OrleansRec.Bench.Kernels;

/// <summary>Each kernel as a fraction of the machine's limits, measured in the same run on one thread.</summary>
/// <remarks>Useful operations of a row are n·k² + k³/3 + 3k² : over a sweep, 2·nnz·k² + (U + I)(k³/3 + 3k²).</remarks>
internal sealed class KernelBench : IBenchSection
{
    private const int SidesRows = 4000;
    private const int PairsPerRow = 160;
    private const int ScanItems = 200_000;

    /// <summary>A fold-in may take as long as this many times a thousand operations at the peak: 25 µs on a core of 100 GFLOP/s.</summary>
    private const double FoldInGoal = 2_500;

    /// <summary>Attempts, and what each repeats.</summary>
    private const int FoldInAttempts = 15, FoldIns = 5_000;

    public string Name => "kernels";

    public IReadOnlyList<int> Points { get; } = [5];

    public Task Measure(BenchRun run)
    {
        Action foldIn = FoldInOf(64, 100);
        Repeat(foldIn);
        var attempts = Enumerable.Range(0, FoldInAttempts).Select(_ => (Peak: MultiplyAddLoop.Rate(1), Seconds: Repeat(foldIn))).ToArray();
        run.Add(Goal.AtMost(5, "fold-in of a user with 100 events, k = 64, over the time of 1,000 operations of the bare loop", FoldInGoal,
            Attempts.Of(attempts, a => a.Seconds * a.Peak / 1e3), GoalUnit.Times, $"{Attempts.Of(attempts, a => a.Seconds * 1e6).Text("0.0", " µs")}"));
        if (!run.IsCheck)
            run.Add(Figures(run.Limits));
        return Task.CompletedTask;
    }

    private static double Repeat(Action foldIn)
    {
        long start = Stopwatch.GetTimestamp();
        for (int n = 0; n < FoldIns; n++)
            foldIn();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / FoldIns;
    }

    private static FigureTable Figures(MachineLimits limits)
    {
        var table = new FigureTable("Kernels, one thread", "kernel", "measured", "of the limit");
        foreach (int rank in new[] { 16, 64, 128 })
        {
            double rate = RowRate(rank);
            table.Add($"row solve, {PairsPerRow} pairs, k = {rank}", $"{rate / 1e9:F1} GFLOP/s", $"{rate / limits.Peak * 100:F0} % of the FMA peak");
        }
        foreach (int rank in new[] { 16, 64, 128 })
        {
            double rate = FactoriseRate(rank);
            table.Add($"Cholesky, k = {rank}", $"{rate / 1e9:F1} GFLOP/s", $"{rate / limits.Peak * 100:F0} % of the FMA peak");
        }
        double scan = ScanSeconds(64, out double plain);
        table.Add($"exact top 10 of {ScanItems:N0}, k = 64", $"{scan * 1e6:F0} µs; scores alone {plain * 1e6:F0} µs", $"{ScanItems * 256.0 / scan / limits.Bandwidth * 100:F0} % of the read bandwidth");
        return table;
    }

    private static double RowRate(int rank)
    {
        var random = new Random(1);
        var o = new AlsOptions { Rank = rank, Lambda = 10, Alpha = 2 };
        float[] y = [.. Enumerable.Range(0, SidesRows * rank).Select(_ => random.NextSingle())];
        var gram = new double[rank * rank];
        GramMatrix.Add(y, rank, gram);
        int[] starts = [.. Enumerable.Range(0, 257).Select(r => r * PairsPerRow)];
        int[] columns = [.. Enumerable.Range(0, 256).SelectMany(_ => Enumerable.Range(0, SidesRows).OrderBy(_ => random.Next()).Take(PairsPerRow).Order())];
        var rows = new InteractionRows(starts, columns, [.. columns.Select(_ => 1f + random.Next(4))]);
        var half = new HalfSweep(o, y, SidesRows, gram, 0);
        var scratch = half.CreateScratch();
        var x = new float[rank];
        double seconds = MedianRun.Seconds(() =>
        {
            for (int row = 0; row < 256; row++)
                half.Solve(rows, row, x, scratch);
        });
        double k = rank;
        return 256 * (PairsPerRow * k * k + k * k * k / 3 + 3 * k * k) / seconds;
    }

    private static unsafe double FactoriseRate(int rank)
    {
        var kernels = KernelRung.Single;
        int size = kernels.Padded(rank);
        AlignedBlock<float> kept = new(size * size), a = new(size * size), inverse = new(size);
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                kept.Span[i * size + j] = i == j ? size : 1f / (1 + i + j);
        double seconds = MedianRun.Seconds(() =>
        {
            kept.Span.CopyTo(a.Span);
            fixed (float* matrix = a, diagonal = inverse)
                kernels.Factorise(matrix, size, diagonal, size);
        });
        return (double)rank * rank * rank / 3 / seconds;
    }

    private static Action FoldInOf(int rank, int events)
    {
        var random = new Random(2);
        float[] y = [.. Enumerable.Range(0, 20_000 * rank).Select(_ => random.NextSingle() - 0.3f)];
        var gram = new double[rank * rank];
        GramMatrix.Add(y, rank, gram);
        var fold = new FoldIn(new AlsOptions { Rank = rank, Lambda = 10, Alpha = 2 }, y, 20_000, gram, 0);
        int[] rows = [.. Enumerable.Range(0, events).Select(i => i * 197)];
        float[] values = [.. rows.Select(_ => 1f + random.Next(3))], x = new float[rank];
        var scratch = fold.CreateScratch();
        return () => fold.Solve(rows, values, x, scratch);
    }

    private static unsafe double ScanSeconds(int rank, out double plain)
    {
        var random = new Random(3);
        float[] y = [.. Enumerable.Range(0, ScanItems * rank).Select(_ => random.NextSingle() - 0.5f)], scores = new float[ScanItems];
        string[] ids = [.. Enumerable.Range(0, ScanItems).Select(i => $"i{i}")];
        float[] query = y[..rank];
        var best = new ScoredRow[10];
        plain = MedianRun.Seconds(() =>
        {
            fixed (float* items = y, q = query, s = scores)
                KernelRung.Single.Dots(items, ScanItems, rank, q, s);
        });
        return MedianRun.Seconds(() => TopK.Select(query, y, rank, 0, [], ids, best));
    }
}
