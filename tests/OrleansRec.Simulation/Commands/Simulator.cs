using System.Diagnostics;
using System.Globalization;

namespace OrleansRec.Simulation.Commands;

/// <summary>Runs simulations and prints what they found.</summary>
internal static class Simulator
{
    private const int SeedsOfALine = 50;

    public static IEnumerable<string> Bugs => PlantedBugs.All.Select(b => b.Name);

    public static int Run(SimulationOrder order, CancellationToken cancellation)
    {
        if (order.Seed is null && (order.Trace || order.Steps is not null))
            throw new BadOrderException(order.Trace ? "trace" : "steps", "", "needs --seed");
        if (order.Finds is not null && (order.Bug is null || order.Seed is not null))
            throw new BadOrderException("finds", order.Finds.Value.ToString(CultureInfo.InvariantCulture), "needs --bug, without --seed");
        if (order.Finds is not null || order.Bug == SimulationOrder.AllBugs)
            return Hunt(order, cancellation);
        var bug = order.Bug is null ? null : BugOf(order.Bug);
        if (order.Seed is { } seed)
            return One(new((ulong)seed, order.Steps ?? int.MaxValue, bug, order.Trace));
        return Many(order, bug, cancellation);
    }

    private static PlantedBug BugOf(string name) => PlantedBugs.All.FirstOrDefault(b => b.Name == name)
        ?? throw new BadOrderException("bug", name, $"must be one of {string.Join(", ", Bugs)}");

    /// <summary>How many seeds find each bug; done where its own check does in enough of them.</summary>
    private static int Hunt(SimulationOrder order, CancellationToken cancellation)
    {
        var finds = SimulateCommand.InRange("finds", order.Finds ?? SimulationOrder.FindsMin, 1, int.MaxValue);
        PlantedBug[] bugs = order.Bug == SimulationOrder.AllBugs ? [.. PlantedBugs.All] : [BugOf(order.Bug!)];
        var hunts = new List<BugHunt>();
        foreach (var bug in bugs)
        {
            hunts.Add(new BugHunt(bug).Run(order.Seeds, finds, Threads(order), cancellation));
            Note($"{bug.Name}: {hunts[^1].FoundBy.Count} of {hunts[^1].Seeds} seeds");
        }
        Tables.Print(["bug", "own check", "found by it", "of seeds", "first seeds", "seeds of other checks"], hunts.Select(h => new[]
        {
            h.Bug.Name, h.Bug.Check, h.FoundBy.Count.ToString(CultureInfo.InvariantCulture), h.Seeds.ToString(CultureInfo.InvariantCulture),
            string.Join(" ", h.FoundBy.Take(SimulationOrder.FindsMin)), string.Join(", ", h.Others.Select(o => $"{o.Key} {o.Value}")),
        }));
        return hunts.TrueForAll(h => h.FoundBy.Count >= Math.Min(finds, SimulationOrder.FindsMin)) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static int Threads(SimulationOrder order) => order.Threads > 0 ? order.Threads : Environment.ProcessorCount;

    private static int One(SimulationPlan plan)
    {
        var result = Simulation.Run(plan);
        foreach (var line in result.Trace)
            Console.Out.WriteLine(line);
        Say($"seed {result.Seed}: {result.Steps} actions, {result.Events} events, trace {result.TraceHash:x16}");
        if (result.Violation is null)
            return ExitCodes.Done;
        Tell(result, plan.Bug);
        return ExitCodes.Failed;
    }

    private static int Many(SimulationOrder order, PlantedBug? bug, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var range = new SeedRange();
        SimulationResult? failed = null;
        range.Run(1, order.Seeds, Threads(order), bug, result =>
        {
            if (result.Violation is not null)
                failed = result;
            if (range.Done % SeedsOfALine == 0)
                Note(string.Create(CultureInfo.InvariantCulture, $"{range.Done} of {order.Seeds} seeds, {range.Events} events, {clock.Elapsed.TotalSeconds:F0} s"));
            cancellation.ThrowIfCancellationRequested();
            return failed is null;
        });
        Table(range.Faults);
        Say($"{range.Done} seeds, {range.Events} events in {clock.Elapsed.TotalSeconds:F1} s: {(failed is null ? "no violation" : $"seed {failed.Seed} fails")}");
        Say($"{range.OnSqlite} of them on the store in SQLite: after {range.PowerCuts.Kept} power cuts the write under way was there, after {range.PowerCuts.Lost} it was not");
        if (failed is null)
            return Meetings(range);
        Tell(failed, bug);
        return ExitCodes.Failed;
    }

    /// <summary>Whether every kind of fault met every kind of call often enough for the silence of the checks to mean something.</summary>
    private static int Meetings(SeedRange range)
    {
        var (fault, call, times) = range.Rarest;
        if (range.Missed.Count == 0)
        {
            Say($"every kind of fault met every kind of call: {fault} and {call}, the rarest, {times} times");
            return ExitCodes.Done;
        }
        // Of a few seeds chance alone leaves many pairs out; the table tells which.
        if (range.Done < SeedRange.SeedsOfProof)
        {
            Say($"{range.Missed.Count} pairs of fault and call met less often than {range.MeetingsAsked}: {fault} and {call} {times} times; a proof takes {SeedRange.SeedsOfProof} seeds");
            return ExitCodes.Done;
        }
        foreach (var missed in range.Missed)
            Say($"{missed.Fault} met {missed.Call} only {missed.Times} times; {range.MeetingsAsked} in {range.Done} seeds are asked");
        return ExitCodes.Failed;
    }

    private static void Tell(SimulationResult failed, PlantedBug? bug)
    {
        var violation = failed.Violation!;
        Say($"seed {failed.Seed}, check {violation.Check}, event {violation.Step}: {violation.Message}");
        var shortest = ShortestPrefix.Of(failed, bug);
        Say($"shortest prefix that fails: {shortest.Steps} actions, {shortest.Events} events, trace {shortest.TraceHash:x16}");
        Say($"replay: ./rec simulate --seed {failed.Seed} --steps {shortest.Steps}{(bug is null ? "" : $" --bug {bug.Name}")} --trace");
    }

    /// <summary>How often each kind of fault met each kind of call.</summary>
    private static void Table(FaultCounts faults)
    {
        string[] calls = [.. faults.Purposes];
        Tables.Print(
            ["fault", .. calls],
            Enum.GetValues<FaultKind>().Select(kind => new[] { kind.ToString() }
                .Concat(calls.Select(call => faults[kind, call].ToString(CultureInfo.InvariantCulture))).ToArray()));
    }

    private static void Say(string text) => Console.Out.WriteLine(text);

    private static void Note(string text) => Console.Error.WriteLine(text);
}
