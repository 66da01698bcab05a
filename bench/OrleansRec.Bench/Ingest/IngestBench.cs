using System.Diagnostics;
using System.Text.Json;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Ingest;

/// <summary>
/// Durable events per second: a CSV import in bulk, and single events over HTTP, each beside one prepared SQLite insert of the same encoded
/// batches in the same run. Arguments: <c>--events N</c> (of the file), <c>--posts N</c>.
/// </summary>
internal sealed class IngestBench : IBenchSection
{
    private const double BulkGoal = 100_000;
    private const double HttpGoal = 3_000;

    public string Name => "ingest";

    public IReadOnlyList<int> Points { get; } = [8];

    public async Task Measure(BenchRun run)
    {
        int events = run.Arguments.Number("--events", 1_000_000), posts = run.Arguments.Number("--posts", 60_000);
        string folder = Directory.CreateTempSubdirectory("orleansrec-ingest-").FullName;
        try
        {
            var (bulk, elapsed) = await Import(folder, events);
            var bulkBatches = SqliteBaseline.Encode(EventSample.Events(events), SqliteBaseline.BulkBatchEvents);
            double bulkBase = SqliteBaseline.InsertsPerSecond(Path.Combine(folder, "bulk.db"), bulkBatches) * SqliteBaseline.BulkBatchEvents;
            var http = await Post(Path.Combine(folder, "data"), posts);
            var single = SqliteBaseline.Encode(EventSample.Events(Math.Min(posts, 20_000)), 1);
            double singleBase = SqliteBaseline.InsertsPerSecond(Path.Combine(folder, "single.db"), single);
            run.Add(Goal.AtLeast(8, Invariant($"events a second of a CSV import, {events:N0} events"), BulkGoal, bulk, GoalUnit.Count,
                Invariant($"{elapsed.TotalSeconds:0.0} s with the program's start")));
            run.Add(Goal.AtLeast(8, Invariant($"single events a second over HTTP, {HttpLoad.ConnectionCount} connections"), HttpGoal,
                http.EventsPerSecond, GoalUnit.Count, Invariant($"median {http.MedianMs:0.0} ms, p99 {http.P99Ms:0.0} ms")));
            run.Add(Figures(events, bulk, bulkBase, posts, http.EventsPerSecond, singleBase));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>From the start of the program to its end, so with everything durable.</summary>
    private static async Task<(double EventsPerSecond, TimeSpan Elapsed)> Import(string folder, int events)
    {
        string file = Path.Combine(folder, "events.csv");
        EventSample.WriteCsv(file, events);
        long start = Stopwatch.GetTimestamp();
        string output = await ProductCommand.Run(
            "import", file, "--data", Path.Combine(folder, "data"), "--format", "csv", "--columns", "user=user,item=item,type=type,time=time", "--json");
        var elapsed = Stopwatch.GetElapsedTime(start);
        long accepted = JsonDocument.Parse(output).RootElement.GetProperty("accepted").GetInt64();
        if (accepted != events)
            throw new InvalidOperationException($"The import accepted {accepted} of {events} events:\n{output}");
        return (events / elapsed.TotalSeconds, elapsed);
    }

    /// <summary>Onto the folder that the import filled: a server that holds a shop's history already.</summary>
    private static async Task<HttpLoad.Figures> Post(string dataFolder, int posts)
    {
        await using ProductProcess server = await ProductProcess.Serve(dataFolder);
        return await HttpLoad.Run(server.Address, posts);
    }

    private static FigureTable Figures(int events, double bulk, double bulkBase, int posts, double http, double singleBase)
    {
        var table = new FigureTable("Ingestion", "", "events/s", "one prepared SQLite insert of the same batches, `synchronous=FULL`", "ratio");
        table.Add($"CSV import of {events:N0} events, from the start of the program to its end", $"{bulk:N0}",
            $"{bulkBase:N0} ({SqliteBaseline.BulkBatchEvents:N0} events a batch)", $"{bulk / bulkBase:0.00}");
        table.Add($"{posts:N0} single events over HTTP, {HttpLoad.ConnectionCount} connections", $"{http:N0}", $"{singleBase:N0}", $"{http / singleBase:0.00}");
        return table;
    }
}
