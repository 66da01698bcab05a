using OrleansRec.Bench.Goals;
using OrleansRec.Bench.Report;
using OrleansRec.Tests.Shared;
using static System.FormattableString;

namespace OrleansRec.Bench.Http;

/// <summary>
/// The whole path, from HTTP to HTTP, with the generator on the same processors: an event with its fresh list beside a bare endpoint with the same durable
/// write and no list; a list beside an endpoint behind the same middleware that answers the same bytes; and lists, events and batches at 1, 16 and 64 connections.
/// </summary>
internal sealed class HttpBench : IBenchSection
{
    private const int Connections = 64;

    private const int RateAttempts = 7, PacedAttempts = 5, FigureAttempts = 3;

    /// <summary>At least these shares of the bare endpoint's rate and of the empty one's.</summary>
    private const double EventGoal = 0.45, ListGoal = 0.5;

    /// <summary>At half of the reached rate.</summary>
    private const double P99GoalMs = 10;

    private static readonly TimeSpan measured = TimeSpan.FromSeconds(3), paced = TimeSpan.FromSeconds(5);

    public string Name => "http";

    public IReadOnlyList<int> Points { get; } = [5];

    public async Task Measure(BenchRun run)
    {
        using var shop = await BenchShop.Make();
        await using ProductProcess server = await ProductProcess.Serve(shop.DataFolder);
        await Lists(run, shop, server.Address);
        double rate = await Events(run, shop, server.Address);
        await Task.Run(() => Latencies(run, server.Address, rate / 2));
        if (!run.IsCheck)
            run.Add(await Task.Run(() => Figures(server.Address)));
    }

    /// <summary>Before there are events, so that a user's list stays what it is.</summary>
    private static async Task Lists(BenchRun run, BenchShop shop, Uri server)
    {
        string answer = Path.Combine(shop.Folder, "list.json");
        using (var http = new HttpClient())
            await File.WriteAllBytesAsync(answer, await http.GetByteArrayAsync(new Uri(server, "v1/users/user-7/recommendations?k=10")));
        await using BesideServer empty = await BesideServer.Start(EmptyEndpoint.Command, Path.Combine(shop.Folder, "empty"), answer);
        LoadTurns turns = await Task.Run(() =>
        {
            using ShopLoad other = new(empty.Address, Connections, r => r.EmptyList), own = new(server, Connections, r => r.List);
            return LoadTurns.Measure(own, other, RateAttempts, measured);
        });
        run.Add(Goal.AtLeast(5,
            Invariant($"list of ten over HTTP, any of {BenchShop.Shape.Users:N0} users, {BenchShop.Shape.Items:N0} items, no events meanwhile, over an empty endpoint behind the same middleware with the same bytes"),
            ListGoal, turns.Ratios, GoalUnit.Share, Invariant($"{turns.Text} over {Connections} connections")));
    }

    /// <summary>Returns the product's rate.</summary>
    private static async Task<double> Events(BenchRun run, BenchShop shop, Uri server)
    {
        await using BesideServer bare = await BesideServer.Start(BareEndpoint.Command, Path.Combine(shop.Folder, "bare"));
        LoadTurns turns = await Task.Run(() =>
        {
            using ShopLoad other = new(bare.Address, Connections, r => r.Event), own = new(server, Connections, r => r.EventThenList);
            return LoadTurns.Measure(own, other, RateAttempts, measured);
        });
        run.Add(Goal.AtLeast(5, Invariant($"event with fresh list over HTTP, {BenchShop.Shape.Items:N0} items, over the bare endpoint's events"), EventGoal, turns.Ratios,
            GoalUnit.Share, Invariant($"{turns.Text} over {Connections} connections")));
        return turns.Own.Median;
    }

    private static void Latencies(BenchRun run, Uri server, double perSecond)
    {
        using var load = new ShopLoad(server, Connections, r => r.EventThenList, seed: 2);
        LoadFigures[] turns = [.. Enumerable.Range(0, PacedAttempts).Select(_ => load.Pace(perSecond, paced))];
        run.Add(Goal.AtMost(5, "p99 of event with fresh list at half load, from the moment at which it was due", P99GoalMs, Attempts.Of(turns, t => t.P99Ms), GoalUnit.Milliseconds,
            Invariant($"{perSecond:N0}/s, p50 {Attempts.Of(turns, t => t.MedianMs).Text("0.00", " ms")}")));
    }

    private static FigureTable Figures(Uri server)
    {
        var table = new FigureTable(
            Invariant($"HTTP, generator on the same processors; {BenchShop.Shape.Users:N0} users, {BenchShop.Shape.Items:N0} items, {BenchShop.Shape.Events:N0} events, k = 64; median of {FigureAttempts}, least and most"),
            "request", "connections", "a second", "p50", "p99");
        foreach (int connections in new[] { 1, 16, Connections })
        {
            Row("list of ten", connections, r => r.List);
            Row("one event", connections, r => r.Event);
            Row("one event, answered with a fresh list", connections, r => r.EventThenList);
        }
        Row("100 events in an array", 16, r => r.Batch(100));
        Row("1,000 events in an array", 16, r => r.Batch(1_000));
        return table;

        void Row(string request, int connections, Func<ShopRequests, RequestWriter> write)
        {
            using var load = new ShopLoad(server, connections, write, seed: 3 + table.Rows.Count);
            LoadFigures[] turns = [.. Enumerable.Range(0, FigureAttempts).Select(_ => load.Saturate(measured))];
            table.Add($"{request}", $"{connections}", $"{Attempts.Of(turns, t => t.PerSecond).Text("N0")}",
                $"{Attempts.Of(turns, t => t.MedianMs).Text("0.00", " ms")}", $"{Attempts.Of(turns, t => t.P99Ms).Text("0.00", " ms")}");
        }
    }
}
