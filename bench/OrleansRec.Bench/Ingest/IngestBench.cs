using System.Diagnostics;
using System.Text.Json;
using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Ingest;

/// <summary>
/// Durable events per second: a CSV import in bulk, and single events over HTTP, each beside one prepared SQLite insert of the same encoded
/// batches in the same run. Arguments: <c>--events N</c> (of the file), <c>--posts N</c> (of an attempt).
/// </summary>
internal sealed class IngestBench : IBenchSection
{
    private const double BulkGoal = 100_000;
    private const double HttpGoal = 3_000;

    private const int ImportAttempts = 3, PostAttempts = 5, InsertAttempts = 3;

    public string Name => "ingest";

    public IReadOnlyList<int> Points { get; } = [8];

    public async Task Measure(BenchRun run)
    {
        int events = run.Arguments.Number("--events", 1_000_000), posts = run.Arguments.Number("--posts", 20_000);
        string folder = Directory.CreateTempSubdirectory("orleansrec-ingest-").FullName;
        try
        {
            string file = Path.Combine(folder, "events.csv");
            EventSample.WriteCsv(file, events);
            double[] seconds = new double[ImportAttempts];
            for (int attempt = 0; attempt < ImportAttempts; attempt++)
                seconds[attempt] = await Import(file, Data(folder, attempt), events);
            Attempts bulk = Attempts.Of(seconds, s => events / s);
            run.Add(Goal.AtLeast(8, Invariant($"events a second of a CSV import, {events:N0} events, from the start of the program to its end"), BulkGoal, bulk, GoalUnit.Count,
                new Attempts(seconds).Text("0.0", " s")));
            HttpLoad.Figures[] http = await Post(Data(folder, 0), posts);
            Attempts single = Attempts.Of(http, h => h.EventsPerSecond);
            run.Add(Goal.AtLeast(8, Invariant($"single events a second over HTTP, {HttpLoad.ConnectionCount} connections, {posts:N0} events an attempt"), HttpGoal, single, GoalUnit.Count,
                Invariant($"p50 {Attempts.Of(http, h => h.MedianMs).Text("0.0", " ms")}, p99 {Attempts.Of(http, h => h.P99Ms).Text("0.0", " ms")}")));
            if (!run.IsCheck)
                run.Add(Figures(folder, events, posts, bulk, single));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Data(string folder, int attempt) => Path.Combine(folder, Invariant($"data-{attempt}"));

    /// <summary>Seconds from the start of the program to its end, so with everything durable, into a new folder.</summary>
    private static async Task<double> Import(string file, string dataFolder, int events)
    {
        long start = Stopwatch.GetTimestamp();
        string output = await ProductCommand.Run(
            "import", file, "--data", dataFolder, "--format", "csv", "--columns", "user=user,item=item,type=type,time=time", "--json");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long accepted = JsonDocument.Parse(output).RootElement.GetProperty("accepted").GetInt64();
        if (accepted != events)
            throw new InvalidOperationException($"The import accepted {accepted} of {events} events:\n{output}");
        return seconds;
    }

    /// <summary>Onto the folder that the import filled: a server that holds a shop's history already.</summary>
    private static async Task<HttpLoad.Figures[]> Post(string dataFolder, int posts)
    {
        await using ProductProcess server = await ProductProcess.Serve(dataFolder);
        return await HttpLoad.Run(server.Address, posts, PostAttempts);
    }

    private static FigureTable Figures(string folder, int events, int posts, Attempts bulk, Attempts single)
    {
        double bulkBase = Inserts(folder, "bulk.db", events, SqliteBaseline.BulkBatchEvents).Median, singleBase = Inserts(folder, "single.db", posts, 1).Median;
        var table = new FigureTable("Ingestion, medians", "", "events/s", "one prepared SQLite insert of the same batches, `synchronous=FULL`", "ratio");
        table.Add($"CSV import of {events:N0} events, from the start of the program to its end", $"{bulk.Text("N0")}",
            $"{bulkBase:N0} ({SqliteBaseline.BulkBatchEvents:N0} events a batch)", $"{bulk.Median / bulkBase:0.00}");
        table.Add($"{posts:N0} single events over HTTP, {HttpLoad.ConnectionCount} connections", $"{single.Text("N0")}", $"{singleBase:N0}", $"{single.Median / singleBase:0.00}");
        return table;
    }

    private static Attempts Inserts(string folder, string name, int events, int batchEvents)
    {
        List<byte[]> batches = SqliteBaseline.Encode(EventSample.Events(events), batchEvents);
        int attempt = 0;
        return Attempts.Of(InsertAttempts, () => SqliteBaseline.InsertsPerSecond(Path.Combine(folder, Invariant($"{attempt++}-{name}")), batches) * batchEvents);
    }
}
