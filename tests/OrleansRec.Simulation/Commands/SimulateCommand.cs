using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OrleansRec.Simulation.Commands;

/// <summary>The command line: runs the product on simulated silos, network and storage, under faults, and checks every answer.</summary>
internal static class SimulateCommand
{
    /// <summary>Runs it and returns the process's exit code.</summary>
    public static int Run(string[] args)
    {
        var parsed = Make().Parse(args);
        try
        {
            if (parsed.Errors.Count > 0)
                throw Mistake(parsed);
            return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
        }
        catch (BadOrderException bad)
        {
            Console.Error.WriteLine($"error: {bad.Message}");
            if (parsed.Errors.Count > 0)
                Console.Error.WriteLine("see: ./rec simulate --help");
            return ExitCodes.BadInput;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("error: interrupted");
            return ExitCodes.Failed;
        }
    }

    private static RootCommand Make()
    {
        var seeds = new Option<int>("--seeds") { Description = "Number of seeds, from 1 in order.", DefaultValueFactory = _ => 100, HelpName = "N" };
        var seed = new Option<long?>("--seed") { Description = "Only this seed.", HelpName = "S" };
        var steps = new Option<int?>("--steps") { Description = "Only the first N actions of the seed.", HelpName = "N" };
        var trace = new Option<bool>("--trace") { Description = "Print every event of the one seed." };
        var bug = new Option<string?>("--bug") { Description = $"Plant a bug: all (one after the other), {string.Join(", ", Simulator.Bugs)}.", HelpName = "NAME" };
        var finds = new Option<int?>("--finds") { Description = "With --bug: go on until the bug's own check has found it in N seeds, and count.", HelpName = "N" };
        var threads = new Option<int>("--threads") { Description = "Seeds at the same time; 0: one for each processor.", HelpName = "T" };
        var command = new RootCommand("Run the product under simulated faults and check every answer.") { seeds, seed, steps, trace, bug, finds, threads };
        command.SetAction((parsed, cancellation) => Task.FromResult(Simulator.Run(new(
            InRange("seeds", parsed.GetValue(seeds), 1, int.MaxValue), parsed.GetValue(seed), parsed.GetValue(steps), parsed.GetValue(trace), parsed.GetValue(bug),
            InRange("threads", parsed.GetValue(threads), 0, 1024), parsed.GetValue(finds)), cancellation)));
        return command;
    }

    /// <summary>Refuses a number out of range, naming option, value and rule.</summary>
    public static int InRange(string option, int value, int min, int max) => value >= min && value <= max ? value
        : throw new BadOrderException(option, value.ToString(CultureInfo.InvariantCulture), $"must be {min} to {max}");

    private static BadOrderException Mistake(ParseResult parsed) => parsed switch
    {
        { UnmatchedTokens: [var unknown, ..] } => new("simulate", unknown, "must be an option of this command"),
        { Errors: [{ SymbolResult: OptionResult option } error, ..] } => new(
            option.Option.Name.TrimStart('-'), string.Join(' ', option.Tokens.Select(t => t.Value)),
            option.Tokens.Count == 1 ? "must be a whole number" : error.Message.TrimEnd('.')),
        _ => new("simulate", "", parsed.Errors[0].Message.TrimEnd('.')),
    };
}

/// <summary>A mistake of the caller, with field, value and rule.</summary>
internal sealed class BadOrderException(string field, string value, string rule) : Exception($"{field} '{value}': {rule}");

/// <summary>What the process ends with, as the product's own commands do.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
}

/// <summary>What to simulate.</summary>
/// <param name="Seeds">Number of seeds, from 1.</param>
/// <param name="Seed">Only this one, or null.</param>
/// <param name="Steps">Only the first N of its actions, or null.</param>
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
