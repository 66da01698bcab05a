using System.Diagnostics;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Model;
using OrleansRec.Model.Items;

namespace OrleansRec.Bench.TopKs;

/// <summary>The best 10 of the items that a bitmap leaves, by the share that it leaves: the plain scan and the index, whose answers are compared.</summary>
internal static class FilterBench
{
    private const int K = 10, Count = 100_000, Queries = 200, PlainQueries = 20, AttemptCount = 9;

    private static readonly double[] Shares = [1, 0.1, 0.01, 0.001];

    public static FigureTable Table() => new("Best 10 under a filter, 100,000 items, k = 64, one thread", "factors", "left", "plain scan", "index", "times faster", "equal")
    {
        Note = $"The items that are left are drawn at random. A query's time is the mean of {Queries}; of {AttemptCount} attempts the median. Equal: every answer is the plain scan's to the last bit.",
    };

    /// <summary>Adds a row for each share; answers whether every answer is the plain scan's, and the scan's time over the index's where 0.1 % is left.</summary>
    public static (bool AreEqual, Attempts Faster) Add(FigureTable table, Func<int, BenchItems> make)
    {
        BenchItems items = make(Count);
        var index = new ItemIndex(items.Items, BenchItems.Width);
        bool areEqual = true;
        Attempts? faster = null;
        foreach (double share in Shares)
        {
            ulong[] excluded = Excluded(share);
            ScoredRow[] plain = new ScoredRow[K], one = new ScoredRow[K];
            bool isEqual = true;
            for (int q = 0; q < Queries; q++)
            {
                TopK.Select(items.Query(q), items.Items, BenchItems.Width, 0, excluded, items.Ids, plain);
                index.Select(items.Query(q), items.Items, 0, excluded, items.Ids, one);
                isEqual &= plain.AsSpan().SequenceEqual(one);
            }
            var turns = Enumerable.Range(0, AttemptCount).Select(_ => (
                Plain: Mean(PlainQueries, q => TopK.Select(items.Query(q), items.Items, BenchItems.Width, 0, excluded, items.Ids, plain)),
                One: Mean(Queries, q => index.Select(items.Query(q), items.Items, 0, excluded, items.Ids, one)))).ToArray();
            Attempts scan = Attempts.Of(turns, t => t.Plain), search = Attempts.Of(turns, t => t.One);
            faster = scan.Over(search);
            areEqual &= isEqual;
            table.Add($"{items.Name}", $"{share * 100:0.#} %", $"{scan.Times(1e6).Text("N0", " µs")}", $"{search.Times(1e6).Text("N1", " µs")}", $"{faster.Text("0.0")}", $"{(isEqual ? "yes" : "no")}");
        }
        return (areEqual, faster!);
    }

    private static ulong[] Excluded(double share)
    {
        var random = new Random(7);
        var excluded = new ulong[RowWords.CountOf(Count)];
        for (int row = 0; row < Count; row++)
            RowWords.Set(excluded, row, random.NextDouble() >= share);
        return excluded;
    }

    private static double Mean(int queries, Action<int> ask)
    {
        long start = Stopwatch.GetTimestamp();
        for (int q = 0; q < queries; q++)
            ask(q);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / queries;
    }
}
