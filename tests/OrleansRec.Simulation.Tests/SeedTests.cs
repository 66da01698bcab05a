namespace OrleansRec.Simulation.Tests;

/// <summary>
/// Goal: the product keeps its promises under every fault of the simulator. Method: seeds in order; a seed that fails is named with its check, and with
/// the command that replays its shortest prefix.
/// </summary>
public class SeedTests
{
    private static bool IsFull => Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1";

    [Fact]
    public void Run_SeedsInOrder_ViolateNothing()
    {
        int seeds = IsFull ? SeedRange.SeedsOfProof : 100;
        var range = new SeedRange();
        SimulationResult? failed = null;

        range.Run(1, seeds, Environment.ProcessorCount, null, result =>
        {
            failed = result.Violation is null ? null : result;
            return failed is null;
        });

        Assert.True(failed is null, failed is null ? "" : $"seed {failed.Seed}, {failed.Violation}; replay: ./rec simulate --seed {failed.Seed} --trace");
        Assert.Equal(seeds, range.Done);
        // A hundredth of a proof meets some pairs by chance only a few times.
        Assert.True(!IsFull || range.Missed.Count == 0, string.Join("; ", range.Missed.Select(m => $"{m.Fault} met {m.Call} {m.Times} times")));
        Assert.True(range.Rarest.Times > 0, $"{range.Rarest.Fault} never met {range.Rarest.Call}");
    }

    [Fact]
    public void Missed_OfAFewSeeds_AreThePairsThatNeverMet()
    {
        var range = new SeedRange();

        range.Run(1, 2, 1, null, _ => true);

        (FaultKind, string)[] never = [.. Enum.GetValues<FaultKind>().SelectMany(_ => Simulation.Calls, (fault, call) => (fault, call)).Where(p => range.Faults[p.fault, p.call] == 0)];
        // In two seeds some fault met some call, and some did not: else this shows nothing.
        Assert.InRange(never.Length, 1, Enum.GetValues<FaultKind>().Length * Simulation.Calls.Count - 1);
        Assert.Equal(never, range.Missed.Select(m => (m.Fault, m.Call)));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(8)]
    public void Run_SameSeed_IsTheSameToTheLastEvent(ulong seed)
    {
        SimulationResult first = Simulation.Run(new(seed, KeepTrace: true)), second = Simulation.Run(new(seed, KeepTrace: true));

        Assert.Equal(first.Trace, second.Trace);
        Assert.Equal(first.TraceHash, second.TraceHash);
        Assert.True(first.Events > 1_000, $"only {first.Events} events");
    }

    [Fact]
    public void Run_OtherSeed_IsAnotherRun() => Assert.NotEqual(Simulation.Run(new(1)).TraceHash, Simulation.Run(new(2)).TraceHash);

    [Fact]
    public void Run_FewerSteps_IsTheBeginningOfTheRun()
    {
        const int steps = 20;
        SimulationResult whole = Simulation.Run(new(4, KeepTrace: true)), part = Simulation.Run(new(4, steps, KeepTrace: true));

        Assert.Equal(steps, part.Steps);
        int common = whole.Trace.Zip(part.Trace).TakeWhile(both => both.First == both.Second).Count();
        Assert.Contains($"step {steps}:", string.Join('\n', part.Trace.Take(common)), StringComparison.Ordinal);
    }
}
