using System.CommandLine;

namespace OrleansRec.Silo.Commands;

/// <summary>simulate: runs the product on simulated silos, network and storage, under faults, and checks every answer.</summary>
internal static class SimulateCommand
{
    public static Command Make()
    {
        var seeds = new Option<int>("--seeds") { Description = "How many seeds, in order.", DefaultValueFactory = _ => 100, HelpName = "N" };
        var seed = new Option<long?>("--seed") { Description = "Only this seed.", HelpName = "S" };
        var steps = new Option<int?>("--steps") { Description = "Only so many actions of the seed.", HelpName = "N" };
        var trace = new Option<bool>("--trace") { Description = "Print every event of the one seed." };
        var bug = new Option<string?>("--bug") { Description = $"Plant a bug: all (one after the other), {string.Join(", ", Simulator.Bugs)}.", HelpName = "NAME" };
        var finds = new Option<int?>("--finds") { Description = "With --bug: go on until the bug's own check has found it in so many seeds, and count.", HelpName = "N" };
        var threads = new Option<int>("--threads") { Description = "Seeds at the same time; 0: one for each processor.", HelpName = "T" };
        return new Command("simulate", "Run the product under simulated faults and check every answer.").Does((parsed, cancellation) => Task.FromResult(Simulator.Run(new(
            CommandOptions.InRange("seeds", parsed.GetValue(seeds), 1, int.MaxValue), parsed.GetValue(seed), parsed.GetValue(steps), parsed.GetValue(trace),
            parsed.GetValue(bug), CommandOptions.InRange("threads", parsed.GetValue(threads), 0, 1024),
            parsed.GetValue(finds)), cancellation)), seeds, seed, steps, trace, bug, finds, threads);
    }
}

/// <summary>What to simulate.</summary>
/// <param name="Seeds">How many seeds, from 1.</param>
/// <param name="Seed">Only this one, or null.</param>
/// <param name="Steps">Only so many of its actions, or null.</param>
/// <param name="Trace">Whether every event is printed.</param>
/// <param name="Bug">A bug to plant, or null.</param>
/// <param name="Threads">Seeds at the same time; 0: one for each processor.</param>
/// <param name="Finds">In how many seeds the bug's own check is to find it; null: the first violation ends the run.</param>
internal sealed record SimulationOrder(int Seeds, long? Seed, int? Steps, bool Trace, string? Bug, int Threads, int? Finds)
{
    /// <summary>The name that stands for every bug.</summary>
    public const string AllBugs = "all";

    /// <summary>In how many of the seeds each bug must be found.</summary>
    public const int FindsMin = 3;
}
