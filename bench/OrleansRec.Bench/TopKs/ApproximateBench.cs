using System.Diagnostics;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Model;

namespace OrleansRec.Bench.TopKs;

/// <summary>What the approximate index finds of the exact list, and how long that takes.</summary>
internal static class ApproximateBench
{
    private const int K = 10, Queries = 300, AttemptCount = 5;

    private static readonly int[] Probes = [1, 4, 16, 64, 256];

    public static FigureTable Table() => new(
        "Approximate best 10, k = 64, one thread: recall and time by Serving:ApproximateProbes",
        ["items", "factors", "clusters", "build", .. Probes.Select(p => $"{p}"), "exact"])
    {
        Note = "Recall@10 against the exact list, then the time of a query: of five attempts the median.",
    };

    public static void Add(FigureTable table, BenchItems items)
    {
        var exact = new ItemIndex(items.Items, BenchItems.Width);
        long start = Stopwatch.GetTimestamp();
        var index = new ClusteredIndex(items.Items, BenchItems.Width, exact.InverseNorms);
        double build = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var lists = new ScoredRow[Queries][];
        double exactSeconds = Seconds(q =>
        {
            lists[q] = new ScoredRow[K];
            exact.Select(items.Query(q), items.Items, 0, [], items.Ids, lists[q]);
        });
        var cells = new List<FormattableString> { $"{items.Count:N0}", $"{items.Name}", $"{ClusteredIndex.ClustersOf(items.Count):N0}", $"{build:0.0} s" };
        var best = new ScoredRow[K];
        foreach (int probes in Probes)
        {
            int found = 0;
            for (int q = 0; q < Queries; q++)
            {
                int count = index.Select(items.Query(q), items.Items, 0, [], items.Ids, probes, best);
                found += lists[q].Intersect(best.Take(Math.Max(count, 0))).Count();
            }
            double seconds = Seconds(q => index.Select(items.Query(q), items.Items, 0, [], items.Ids, probes, best));
            cells.Add($"{(double)found / (Queries * K):0.000}, {seconds * 1e6:N0} µs");
        }
        cells.Add($"{exactSeconds * 1e6:N0} µs");
        table.Add([.. cells]);
    }

    private static double Seconds(Action<int> ask) => Attempts.Of(AttemptCount, () =>
    {
        long start = Stopwatch.GetTimestamp();
        for (int q = 0; q < Queries; q++)
            ask(q);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / Queries;
    }).Median;
}
