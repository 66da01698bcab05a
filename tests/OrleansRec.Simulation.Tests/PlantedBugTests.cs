namespace OrleansRec.Simulation.Tests;

/// <summary>
/// Goal: each planted bug is found by the check that is there for it, in at least three of a thousand seeds. Method: seeds in order with the bug planted,
/// until three of them fail by that check.
/// </summary>
public class PlantedBugTests
{
    private const int FindingsMin = 3;

    /// <summary>The bugs that a short run looks for: one of the log and one of the model.</summary>
    private static readonly string[] Short = ["acknowledged-early", "older-checkpoint"];

    public static TheoryData<string> Bugs => [.. PlantedBugs.All.Select(b => b.Name)];

    [Theory, MemberData(nameof(Bugs))]
    public void Run_BugIsPlanted_ItsCheckFindsIt(string name)
    {
        Assert.SkipUnless(Short.Contains(name) || Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1", "runs with ./rec test --full");
        PlantedBug bug = PlantedBugs.All.Single(b => b.Name == name);
        BugHunt hunt = new BugHunt(bug).Run(SeedRange.SeedsOfProof, FindingsMin, Environment.ProcessorCount);

        Assert.True(
            hunt.FoundBy.Count >= FindingsMin,
            $"{hunt.FoundBy.Count} of {hunt.Seeds} seeds find it by {bug.Check}; others found {string.Join(", ", hunt.Others.Select(o => $"{o.Key} {o.Value}"))}");
    }

    [Fact]
    public void All_AreSeventeenWithNamesOfTheirOwn()
    {
        Assert.Equal(17, PlantedBugs.All.Count);
        Assert.Equal(17, PlantedBugs.All.Select(b => b.Name).Distinct().Count());
    }

    [Fact]
    public void Of_FailingSeed_FindsAShorterRunThatFailsByTheSameCheck()
    {
        PlantedBug bug = PlantedBugs.All.Single(b => b.Name == "acknowledged-early");
        SimulationResult failed = Enumerable.Range(1, 100).Select(seed => Simulation.Run(new((ulong)seed, Bug: bug))).First(r => r.Violation?.Check == bug.Check);

        SimulationResult shortest = ShortestPrefix.Of(failed, bug);

        Assert.Equal(bug.Check, shortest.Violation!.Check);
        Assert.InRange(shortest.Steps, 1, failed.Steps);
        Assert.Equal(shortest.TraceHash, Simulation.Run(new(failed.Seed, shortest.Steps, bug)).TraceHash);
        Assert.NotEmpty(shortest.Trace);
    }
}
