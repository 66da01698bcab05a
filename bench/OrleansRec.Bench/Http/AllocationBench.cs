using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Silo.Hosting;
using static System.FormattableString;

namespace OrleansRec.Bench.Http;

/// <summary>Bytes that the server allocates for a request, from the first byte read to the last written, with the server in this process.</summary>
internal sealed class AllocationBench : IBenchSection
{
    private const int Connections = 16, AttemptCount = 3;

    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(8), measured = TimeSpan.FromSeconds(3);

    public string Name => "allocations";

    public IReadOnlyList<int> Points { get; } = [];

    public async Task Measure(BenchRun run)
    {
        using var shop = await BenchShop.Make();
        await using var app = WebServer.Build(new(shop.DataFolder, Port: 0, InsecureLoopback: true));
        Uri server = await WebServer.Start(app, default);
        var requests = new ShopRequests(BenchShop.Shape, seed: 1);
        var table = new FigureTable(Invariant($"Bytes that the server allocates for a request, over {Connections} connections; median of {AttemptCount}, least and most"), "request", "bytes");
        foreach (var (name, write) in new (string, RequestWriter)[]
        {
            ("list that is kept", new ShopRequests(BenchShop.Shape, seed: 1, usersMax: 1_000).List),
            ("one event", requests.Event),
            ("one event, answered with a fresh list", requests.EventThenList),
        })
        {
            Attempts bytes = await Task.Factory.StartNew(() => BytesOfOne(server, write), TaskCreationOptions.LongRunning);
            table.Add($"{name}", $"{bytes.Text("N0")}");
        }
        run.Add(table);
        await app.StopAsync();
    }

    /// <summary>On a thread of the generator's own, so that its allocations can be taken off.</summary>
    private static Attempts BytesOfOne(Uri server, RequestWriter write)
    {
        using var generator = new LoadGenerator(server, Connections);
        generator.Saturate(write, warmUp);
        return Attempts.Of(AttemptCount, () =>
        {
            long total = GC.GetTotalAllocatedBytes(precise: true), own = GC.GetAllocatedBytesForCurrentThread();
            LoadFigures figures = generator.Saturate(write, measured);
            long bytes = GC.GetTotalAllocatedBytes(precise: true) - total - (GC.GetAllocatedBytesForCurrentThread() - own);
            return (double)bytes / figures.Requests;
        });
    }
}
