using OrleansRec.Contracts;

namespace OrleansRec.Simulation;

/// <summary>What to simulate.</summary>
/// <param name="Seed">Decides everything.</param>
/// <param name="StepsMax">Actions of clients, operator and fate before the faults end; a shorter run is the beginning of a longer one.</param>
/// <param name="Bug">A bug to plant, or null.</param>
/// <param name="KeepTrace">Whether the lines of the trace are kept.</param>
public sealed record SimulationPlan(ulong Seed, int StepsMax = int.MaxValue, PlantedBug? Bug = null, bool KeepTrace = false)
{
    /// <summary>Every eighth seed runs on the product's own log store.</summary>
    public const int SqliteEvery = 8;

    /// <summary>Whether the product's log store on SQLite is below the silos, or a simple model of it.</summary>
    public bool UsesSqlite => Seed % SqliteEvery == 0 && Bug?.IsOfTheStore != true;
}

/// <summary>How a simulation went.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Violation">The first violation, or null.</param>
/// <param name="Steps">Actions taken.</param>
/// <param name="Events">Events of the trace.</param>
/// <param name="TraceHash">A hash over all events and all turns: equal for equal runs.</param>
/// <param name="Faults">Which faults met which calls.</param>
/// <param name="Trace">All events, where they are kept.</param>
/// <param name="PowerCuts">Of the product's log store: power cuts after which the write under way was there, and after which it was not; null where a model was below the silos.</param>
public sealed record SimulationResult(
    ulong Seed, Violation? Violation, int Steps, long Events, ulong TraceHash, FaultCounts Faults, IReadOnlyList<string> Trace,
    (int Kept, int Lost)? PowerCuts);

/// <summary>One run of the product on simulated silos, network and storage, under faults, with every answer checked.</summary>
public static class Simulation
{
    /// <summary>Every kind of call that a shop makes, which every kind of fault should have met.</summary>
    public static IReadOnlyList<string> Calls { get; } =
        ["ingest", "recommend", "explain", "export", "remove", "erase", "catalogue", "train", "publish", "promote", "scale out", "scale in"];

    /// <summary>Runs it, on the calling thread.</summary>
    public static SimulationResult Run(SimulationPlan plan)
    {
        var clock = new SimulatedClock();
        var scheduler = new DeterministicScheduler(plan.Seed, clock) { TimeMax = TimeSpan.FromHours(2) };
        var trace = new EventTrace(clock, plan.KeepTrace);
        var checks = new Checks(trace);
        var options = SiloHost.Product();
        using var disk = plan.UsesSqlite ? new SqliteDisk(checks, new PowerCut(SimulatedRandom.For(plan.Seed, "power")).Cut) : new SimulatedDisk();
        var states = new SharedStates(options.Serializer);
        var truth = new Truth(disk, states, World.Map, clock, checks);
        var wiring = new Wiring(disk, states);
        plan.Bug?.Plant(wiring);
        var host = new SiloHost(plan.Seed, clock, wiring);
        host.Configure(options);
        using var cluster = new SimulatedCluster(plan.Seed, scheduler, clock, options, trace);
        var weather = new Weather(cluster, clock, SimulatedRandom.For(plan.Seed, "weather"));
        host.Connect(cluster, weather);
        cluster.Outlived = (method, time) => checks.Require(
            time <= World.AfterDeadlineMax, CheckNames.CallsEnd, () => $"{method} went on for {time} after its caller had given up.");
        var shop = new Shop(cluster, truth, checks, disk, clock, plan.StepsMax) { KeyOfAttempt = wiring.KeyOfAttempt };
        scheduler.Run(() => Task.WhenAny(Play(plan.Seed, shop, disk, weather), checks.Failed).Unwrap());
        trace.Add($"turns {scheduler.TraceHash:x16}");
        var cuts = (disk as SqliteDisk)?.Cuts;
        if (cuts is not null)
            trace.Add($"power cuts {cuts}");
        return new(plan.Seed, checks.First, shop.Steps, trace.Count, trace.Hash, cluster.Counts, [.. trace.Lines], cuts);
    }

    private static async Task Play(ulong seed, Shop shop, SimulatedDisk disk, Weather weather)
    {
        for (var silo = 0; silo < World.SilosAtStart; silo++)
            shop.Cluster.Start();
        var temper = Temper.Of(SimulatedRandom.For(seed, "temper"));
        Client[] clients = [.. Enumerable.Range(0, World.Clients).Select(c => new Client(c, shop, temper, SimulatedRandom.For(seed, $"client {c}")))];
        Blows[] fates = [.. Enumerable.Range(0, World.Fates).Select(f => new Blows(shop, temper, SimulatedRandom.For(seed, $"fate {f}"), weather))];
        await Task.WhenAll([
            .. clients.Select(c => c.Run()), new Operator(shop, SimulatedRandom.For(seed, "operator")).Run(), .. fates.Select(f => f.Run()),
        ]);
        await fates[0].Replace();
        await new Recovery(shop, SimulatedRandom.For(seed, "recovery"), disk, weather).Run(clients);
    }
}
