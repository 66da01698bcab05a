using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace OrleansRec.Bench.Ingest;

/// <summary>
/// Durable events per second: a CSV import in bulk, and single events over HTTP, each beside one prepared SQLite insert of the same encoded
/// batches in the same run. Arguments: <c>--events N</c> (of the file), <c>--posts N</c>, <c>--check</c> (exit code 1 below a goal).
/// </summary>
internal static class IngestBench
{
    private const double BulkGoal = 100_000;
    private const double HttpGoal = 3_000;

    public static async Task<int> Run(string[] arguments)
    {
        int events = BenchArguments.Number(arguments, "--events", 1_000_000);
        int posts = BenchArguments.Number(arguments, "--posts", 60_000);
        string folder = Directory.CreateTempSubdirectory("orleansrec-ingest-").FullName;
        try
        {
            var (bulk, elapsed) = await Import(folder, events);
            var bulkBatches = SqliteBaseline.Encode(EventSample.Events(events), SqliteBaseline.BulkBatchEvents);
            double bulkBase = SqliteBaseline.InsertsPerSecond(Path.Combine(folder, "bulk.db"), bulkBatches) * SqliteBaseline.BulkBatchEvents;
            var http = await Post(Path.Combine(folder, "data"), posts);
            var single = SqliteBaseline.Encode(EventSample.Events(Math.Min(posts, 20_000)), 1);
            double singleBase = SqliteBaseline.InsertsPerSecond(Path.Combine(folder, "single.db"), single);
            Print(events, elapsed, bulk, bulkBase, posts, http, singleBase);
            bool isGood = bulk >= BulkGoal && http.EventsPerSecond >= HttpGoal;
            return arguments.Contains("--check") && !isGood ? 1 : 0;
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
        string output = await ProductProcess.Run(
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
        var (server, address) = await ProductProcess.Serve(dataFolder);
        using (server)
        {
            try
            {
                return await HttpLoad.Run(address, posts);
            }
            finally
            {
                server.Kill();
                await server.WaitForExitAsync();
            }
        }
    }

    private static void Print(int events, TimeSpan elapsed, double bulk, double bulkBase, int posts, HttpLoad.Figures http, double singleBase)
    {
        var table = new Table().AddColumns("ingest", "events/s", "goal", "SQLite insert alone", "ratio", "remarks");
        table.AddRow($"CSV import, {Whole(events)} events", Whole(bulk), Whole(BulkGoal), Whole(bulkBase), Ratio(bulk / bulkBase),
            $"{elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s with the program's start; {SqliteBaseline.BulkBatchEvents} events a batch alone");
        table.AddRow($"HTTP, {Whole(posts)} single events", Whole(http.EventsPerSecond), Whole(HttpGoal), Whole(singleBase), Ratio(http.EventsPerSecond / singleBase),
            string.Create(CultureInfo.InvariantCulture, $"{HttpLoad.ConnectionCount} connections; median {http.MedianMs:0.0} ms, p99 {http.P99Ms:0.0} ms"));
        AnsiConsole.Write(table);
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
