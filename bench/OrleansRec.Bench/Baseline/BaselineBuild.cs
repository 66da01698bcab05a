using System.ComponentModel;
using System.Diagnostics;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Bench.Baseline;

/// <summary>An earlier commit's program on Orleans, built in a worktree of its own under artifacts/bench; it stays there for the next run.</summary>
internal static class BaselineBuild
{
    /// <summary>The last commit with two engines.</summary>
    public const string Commit = "1559b14";

    private const int OutputCharsMax = 600;

    private static readonly TimeSpan gitMax = TimeSpan.FromMinutes(2), buildMax = TimeSpan.FromMinutes(20);

    private static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    private static string Tree => Path.Combine(Root, "artifacts", "bench", $"baseline-{Commit}");

    private static string Program => Path.Combine(Tree, "artifacts", "Orleans", "bin", "OrleansRec.Silo", "release", "orleansrec.dll");

    /// <summary>Says how it was built, once it was.</summary>
    private static string Stamp => Path.Combine(Tree, "artifacts", "built-ahead");

    /// <summary>Builds it where it is not built yet. Returns the program, or why there is none.</summary>
    public static async Task<(string? Program, string? Missing)> Make()
    {
        // Compiled ahead of time where the product is.
        string ahead = Path.Combine(Root, ".rec", "ahead"), isAhead = File.Exists(ahead) ? (await File.ReadAllTextAsync(ahead)).Trim() : "false";
        if (File.Exists(Program) && File.Exists(Stamp) && await File.ReadAllTextAsync(Stamp) == isAhead)
            return (Program, null);
        if (!Directory.Exists(Tree) && await Failure(gitMax, [], "git", "-C", Root, "worktree", "add", "--force", "--detach", Tree, Commit) is { } noTree)
            return (null, $"commit {Commit} is not there to build; a clone with its history has it: {noTree}");
        string? noBuild = await Failure(buildMax, [("ORLEANSREC_ENGINE", "Orleans")],
            "dotnet", "build", Path.Combine(Tree, "silo", "OrleansRec.Silo.csproj"), "-c", "Release", $"-p:CompileAhead={isAhead}", "-v", "quiet", "-nologo", "-clp:NoSummary", "-nodeReuse:false");
        if (noBuild is not null)
            return (null, $"commit {Commit} does not build here: {noBuild}");
        await File.WriteAllTextAsync(Stamp, isAhead);
        return (Program, null);
    }

    /// <summary>What a command said where it failed; null where it did not.</summary>
    private static async Task<string?> Failure(TimeSpan max, (string Name, string Value)[] environment, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = Directory.Exists(Tree) ? Tree : Root };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            ProgramEnd end = await ProgramEnd.Of(start, max);
            string said = (end.Output + end.Errors).Trim().ReplaceLineEndings(" ");
            return end.Code == 0 ? null : said[..Math.Min(said.Length, OutputCharsMax)];
        }
        catch (Win32Exception e)
        {
            return $"{file}: {e.Message}";
        }
    }
}
