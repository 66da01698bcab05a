using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Http;
using OrleansRec.Bench.Ingest;
using OrleansRec.Bench.Report;
using OrleansRec.Bench.Shapes;
using static System.FormattableString;

namespace OrleansRec.Bench.Cluster;

/// <summary>What a process boundary costs: the same shop served by one silo with its gateway in it, and by two silos with a gateway of its own, all on this machine.</summary>
internal sealed class ClusterBench : IBenchSection
{
    private const int Connections = 16;
    private const int UsersAsked = 1_000;
    private const int RateAttempts = 3;

    private static readonly HistoryShape shape = new(PairShape.TenMillion with { Users = 4_000, Items = 2_000, Pairs = 97_000 }, 100_000);
    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(5), measured = TimeSpan.FromSeconds(4);

    public string Name => "cluster";

    public IReadOnlyList<int> Points { get; } = [];

    public async Task Measure(BenchRun run)
    {
        if (run.IsCheck)
            return;
        if (ClusterProcesses.Missing is { } missing)
        {
            run.Say($"cluster: not measured, {missing}");
            return;
        }
        await using ClusterProcesses cluster = await ClusterProcesses.Make(userShards: 6, itemShards: 4);
        var table = new FigureTable(
            Invariant($"A process boundary: {shape.Users:N0} users, {shape.Items:N0} items, {shape.Events:N0} events, k = 64, PostgreSQL, generator on the same processors, {Connections} connections; median of {RateAttempts}, least and most"),
            "request", "served by", "a second", "p50", "p99");
        Uri together = await cluster.StartSilo();
        await Teach(together);
        await Task.Run(() => Rows(table, "one silo, gateway in it", together));
        await cluster.StartSilo();
        Uri apart = await cluster.StartGateway();
        await Task.Run(() => Rows(table, "two silos, gateway apart", apart));
        run.Add(table);
    }

    private static async Task Teach(Uri server)
    {
        string folder = Directory.CreateTempSubdirectory("orleansrec-cluster-").FullName, file = Path.Combine(folder, "events.csv");
        HistoryCsv.Write(file, shape);
        await ProductCommand.Run("import", file, "--server", server.ToString(), "--format", "csv", "--columns", HistoryCsv.Columns, "--json");
        await ProductCommand.Run("train", "--server", server.ToString(), "--rank", "64", "--lambda", "10", "--alpha", "1", "--sweeps", "4", "--seed", "1", "--json");
        Directory.Delete(folder, recursive: true);
    }

    private static void Rows(FigureTable table, string servedBy, Uri server)
    {
        Row("list of ten", r => r.List);
        Row("one event", r => r.Event);
        Row("one event, answered with a fresh list", r => r.EventThenList);

        void Row(string request, Func<ShopRequests, RequestWriter> write)
        {
            using var generator = new LoadGenerator(server, Connections);
            RequestWriter writer = write(new(shape, seed: table.Rows.Count + 1, UsersAsked));
            generator.Saturate(writer, warmUp);
            LoadFigures[] turns = [.. Enumerable.Range(0, RateAttempts).Select(_ => generator.Saturate(writer, measured))];
            table.Add($"{request}", $"{servedBy}", $"{Attempts.Of(turns, t => t.PerSecond).Text("N0")}", $"{Attempts.Of(turns, t => t.MedianMs).Text("0.00", " ms")}", $"{Attempts.Of(turns, t => t.P99Ms).Text("0.00", " ms")}");
        }
    }
}
