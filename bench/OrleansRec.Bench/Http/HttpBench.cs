using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Http;

/// <summary>
/// The whole path, from HTTP to HTTP, with the generator on the same processors: an event with its fresh list beside a bare endpoint with the same durable
/// write and no list, and lists, events and batches at 1, 16 and 64 connections.
/// </summary>
internal sealed class HttpBench : IBenchSection
{
    private const int Connections = 64;

    /// <summary>At least this share of the bare endpoint's rate.</summary>
    private const double RateGoal = 0.5;

    /// <summary>At half of the reached rate.</summary>
    private const double P99GoalMs = 10;

    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(8), measured = TimeSpan.FromSeconds(4), paced = TimeSpan.FromSeconds(8);

    public string Name => "http";

    public IReadOnlyList<int> Points { get; } = [5];

    public async Task Measure(BenchRun run)
    {
        using var shop = await BenchShop.Make();
        LoadFigures best = new(0, 0, double.MaxValue, 0);
        await run.AddBest(async () =>
        {
            LoadFigures bare = await Bare(shop), fresh = await Product(shop, load => load.Saturate(Connections, r => r.EventThenList));
            best = fresh.PerSecond > best.PerSecond ? fresh : best;
            return Goal.AtLeast(5, Invariant($"event with fresh list over HTTP, {BenchShop.Shape.Items:N0} items, over the bare endpoint's events"), RateGoal, fresh.PerSecond / bare.PerSecond,
                GoalUnit.Share, Invariant($"{fresh.PerSecond:N0}/s and {bare.PerSecond:N0}/s over {Connections} connections"));
        });
        double half = best.PerSecond / 2;
        await run.AddBest(async () =>
        {
            LoadFigures fresh = await Product(shop, load => load.Pace(Connections, r => r.EventThenList, half));
            return Goal.AtMost(5, "p99 of event with fresh list at half load, from the moment at which it was due", P99GoalMs, fresh.P99Ms, GoalUnit.Milliseconds,
                Invariant($"{fresh.PerSecond:N0}/s, median {fresh.MedianMs:0.00} ms"));
        });
        if (!run.IsCheck)
            run.Add(await Product(shop, Figures));
    }

    private static async Task<LoadFigures> Bare(BenchShop shop)
    {
        await using BareServer server = await BareServer.Start(Path.Combine(shop.Folder, "bare"));
        return await Task.Run(() => new ShopLoad(server.Address).Saturate(Connections, r => r.Event));
    }

    private static async Task<T> Product<T>(BenchShop shop, Func<ShopLoad, T> measure)
    {
        await using ProductProcess server = await ProductProcess.Serve(shop.DataFolder);
        return await Task.Run(() => measure(new(server.Address)));
    }

    private static FigureTable Figures(ShopLoad load)
    {
        var table = new FigureTable(
            Invariant($"HTTP, generator on the same processors; {BenchShop.Shape.Users:N0} users, {BenchShop.Shape.Items:N0} items, {BenchShop.Shape.Events:N0} events, k = 64"),
            "request", "connections", "a second", "p50", "p99");
        foreach (int connections in new[] { 1, 16, Connections })
        {
            Row("list of ten, again and again for 1,000 users", connections, load.Saturate(connections, r => r.List, usersMax: 1_000));
            Row("one event", connections, load.Saturate(connections, r => r.Event));
            Row("one event, answered with a fresh list", connections, load.Saturate(connections, r => r.EventThenList));
        }
        Row("100 events in an array", 16, load.Saturate(16, r => r.Batch(100)));
        Row("1,000 events in an array", 16, load.Saturate(16, r => r.Batch(1_000)));
        return table;

        void Row(string request, int connections, LoadFigures figures) =>
            table.Add($"{request}", $"{connections}", $"{figures.PerSecond:N0}", $"{figures.MedianMs:0.00} ms", $"{figures.P99Ms:0.00} ms");
    }

    /// <summary>Loads of one server: each first runs unmeasured, so that the server's code is compiled and its users are in memory.</summary>
    private sealed class ShopLoad(Uri server)
    {
        private int seed;

        public LoadFigures Saturate(int connections, Func<ShopRequests, RequestWriter> request, int usersMax = int.MaxValue)
        {
            using var generator = new LoadGenerator(server, connections);
            RequestWriter write = request(new(BenchShop.Shape, ++seed, usersMax));
            generator.Saturate(write, warmUp);
            return generator.Saturate(write, measured);
        }

        public LoadFigures Pace(int connections, Func<ShopRequests, RequestWriter> request, double perSecond)
        {
            using var generator = new LoadGenerator(server, connections);
            RequestWriter write = request(new(BenchShop.Shape, ++seed));
            generator.Saturate(write, warmUp);
            return generator.Pace(write, perSecond, paced);
        }
    }
}
