using System.Diagnostics;
using OrleansRec.Model;

namespace OrleansRec.Bench.Kernels;

/// <summary>Each kernel as a fraction of the machine's limits, measured in the same run on one thread.</summary>
/// <remarks>Useful operations of a row are n·k² + k³/3 + 3k² : over a sweep, 2·nnz·k² + (U + I)(k³/3 + 3k²).</remarks>
internal static class KernelBench
{
    private const int SidesRows = 4000;
    private const int PairsPerRow = 160;
    private const int ScanItems = 200_000;

    public static int Run()
    {
        double peak = MachineLimits.MultiplyAddPeak();
        double bandwidth = MachineLimits.ReadBandwidth();
        Console.WriteLine($"rung {KernelRung.Single.Name}   FMA peak {peak / 1e9:F0} GFLOP/s   read bandwidth {bandwidth / 1e9:F1} GB/s");
        foreach (int rank in new[] { 16, 64, 128 })
        {
            double rate = RowRate(rank);
            Console.WriteLine($"row solve       k={rank,-4} n={PairsPerRow}  {rate / 1e9,6:F1} GFLOP/s  {rate / peak,5:P0} of peak");
        }
        foreach (int rank in new[] { 16, 64, 128 })
        {
            double rate = FactoriseRate(rank);
            Console.WriteLine($"Cholesky        k={rank,-4}        {rate / 1e9,6:F1} GFLOP/s  {rate / peak,5:P0} of peak");
        }
        double foldIn = FoldInSeconds(64, 100);
        Console.WriteLine($"fold-in         k=64   n=100  {foldIn * 1e6,6:F1} µs = {foldIn * peak / 1e3:F0} times 1,000 peak operations");
        double scan = ScanSeconds(64, out double plain);
        Console.WriteLine($"top 10 of {ScanItems} k=64        {scan * 1e6,6:F0} µs  {ScanItems * 256.0 / scan / bandwidth,5:P0} of bandwidth; scores alone {plain * 1e6:F0} µs");
        return 0;
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
        double seconds = Fastest.Seconds(() =>
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
        double seconds = Fastest.Seconds(() =>
        {
            kept.Span.CopyTo(a.Span);
            kernels.Factorise(a.Pointer, inverse.Pointer, size);
        });
        return (double)rank * rank * rank / 3 / seconds;
    }

    private static double FoldInSeconds(int rank, int events)
    {
        var random = new Random(2);
        float[] y = [.. Enumerable.Range(0, 20_000 * rank).Select(_ => random.NextSingle() - 0.3f)];
        var gram = new double[rank * rank];
        GramMatrix.Add(y, rank, gram);
        var fold = new FoldIn(new AlsOptions { Rank = rank, Lambda = 10, Alpha = 2 }, y, 20_000, gram, 0);
        int[] rows = [.. Enumerable.Range(0, events).Select(i => i * 197)];
        float[] values = [.. rows.Select(_ => 1f + random.Next(3))], x = new float[rank];
        var scratch = fold.CreateScratch();
        return Fastest.Seconds(() => fold.Solve(rows, values, x, scratch));
    }

    private static unsafe double ScanSeconds(int rank, out double plain)
    {
        var random = new Random(3);
        float[] y = [.. Enumerable.Range(0, ScanItems * rank).Select(_ => random.NextSingle() - 0.5f)], scores = new float[ScanItems];
        string[] ids = [.. Enumerable.Range(0, ScanItems).Select(i => $"i{i}")];
        float[] query = y[..rank];
        var best = new ScoredRow[10];
        plain = Fastest.Seconds(() =>
        {
            fixed (float* items = y, q = query, s = scores)
                KernelRung.Single.Dots(items, ScanItems, rank, q, s);
        });
        return Fastest.Seconds(() => TopK.Select(query, y, rank, 0, [], ids, best));
    }
}

/// <summary>The fastest of many runs: what the code can do when nothing else takes the core.</summary>
internal static class Fastest
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1.5);

    public static double Seconds(Action body)
    {
        // Long enough for the runtime to have compiled the loops with all optimisation.
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Budget / 3)
            body();
        double best = double.MaxValue;
        for (clock.Restart(); clock.Elapsed < Budget;)
        {
            long start = Stopwatch.GetTimestamp();
            body();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }
}
