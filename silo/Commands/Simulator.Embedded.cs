using System.Diagnostics;
using System.Globalization;
using OrleansRec.Embedded;
using OrleansRec.Silo.Import;
using OrleansRec.Simulation;

namespace OrleansRec.Silo.Commands;

/// <summary>Runs simulations and prints what they found.</summary>
internal static class Simulator
{
    private const int SeedsOfALine = 50;

    public static IEnumerable<string> Bugs => PlantedBugs.All.Select(b => b.Name);

    public static int Run(SimulationOrder order, CancellationToken cancellation)
    {
        var bug = order.Bug is null ? null : PlantedBugs.All.FirstOrDefault(b => b.Name == order.Bug)
            ?? throw new BadInputException("bug", order.Bug, $"must be one of {string.Join(", ", Bugs)}");
        if (order.Seed is null && (order.Trace || order.Steps is not null))
            throw new BadInputException(order.Trace ? "trace" : "steps", "", "needs --seed");
        if (order.Seed is { } seed)
            return One(new((ulong)seed, order.Steps ?? int.MaxValue, bug, order.Trace));
        return Many(order, bug, cancellation);
    }

    private static int One(SimulationPlan plan)
    {
        var result = OrleansRec.Simulation.Simulation.Run(plan);
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
        range.Run(1, order.Seeds, order.Threads > 0 ? order.Threads : Environment.ProcessorCount, bug, result =>
        {
            if (result.Violation is not null)
                failed = result;
            if (range.Done % SeedsOfALine == 0)
                CommandOutput.Note(string.Create(CultureInfo.InvariantCulture, $"{range.Done} of {order.Seeds} seeds, {range.Events} events, {clock.Elapsed.TotalSeconds:F0} s"));
            cancellation.ThrowIfCancellationRequested();
            return failed is null;
        });
        Table(range.Faults);
        Say($"{range.Done} seeds, {range.Events} events in {clock.Elapsed.TotalSeconds:F1} s: {(failed is null ? "no violation" : $"seed {failed.Seed} fails")}");
        if (failed is null)
            return ExitCodes.Done;
        Tell(failed, bug);
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
        new CommandOutput(false).Table(
            ["fault", .. calls],
            Enum.GetValues<FaultKind>().Select(kind => new[] { kind.ToString() }
                .Concat(calls.Select(call => faults[kind, call].ToString(CultureInfo.InvariantCulture))).ToArray()));
    }

    private static void Say(string text) => Console.Out.WriteLine(text);
}
