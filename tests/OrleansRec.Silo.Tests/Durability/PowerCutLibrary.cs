using System.ComponentModel;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>Builds undo-unsynced.c, which makes the end of a process look to its files like a power cut.</summary>
internal sealed class PowerCutLibrary : IDisposable
{
    private const int PowerCutSignal = 12;

    private static readonly TimeSpan compileMax = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("orleansrec-undo-").FullName;

    public string ReportPath => Path.Combine(folder, "report");

    public string FullSwitchPath => Path.Combine(folder, "full");

    private string LibraryPath => Path.Combine(folder, "undo-unsynced.so");

    /// <summary>The library, or the test skips and says why.</summary>
    public static async Task<PowerCutLibrary> BuildOrSkip()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The power cut is made with LD_PRELOAD, which is Linux.");
        var library = new PowerCutLibrary();
        string? problem = await library.Build();
        if (problem is not null)
            library.Dispose();
        Assert.SkipWhen(problem is not null, problem ?? "");
        return library;
    }

    /// <summary>What a server needs in its environment to run with the library.</summary>
    public Dictionary<string, string> Environment(string dataFolder) => new()
    {
        ["LD_PRELOAD"] = LibraryPath,
        ["UNDO_FOLDER"] = dataFolder,
        ["UNDO_REPORT"] = ReportPath,
        ["UNDO_FULL"] = FullSwitchPath,
    };

    /// <summary>Has the library undo what was not synced and end the process.</summary>
    public static Task CutPower(ProductProcess server) => server.Signal(PowerCutSignal);

    /// <summary>What the library counted, by name, at the last power cut.</summary>
    public Dictionary<string, long> Report()
    {
        var words = File.ReadAllText(ReportPath).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Chunk(2).ToDictionary(pair => pair[0], pair => long.Parse(pair[1]));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Null where it was built. A compiler that is there and fails is a fault, not a reason to skip.</summary>
    private async Task<string?> Build()
    {
        string source = Path.Combine(AppContext.BaseDirectory, "Durability", "undo-unsynced.c");
        string[] arguments = ["-shared", "-fPIC", "-O2", "-o", LibraryPath, source, "-ldl", "-lpthread"];
        foreach (string compiler in (string[])["cc", "gcc", "clang"])
        {
            try
            {
                ProgramEnd end = await ProgramEnd.Of(new(compiler, arguments), compileMax);
                return end.Code == 0 ? null : throw new InvalidOperationException($"{compiler} cannot build {source}:\n{end.Errors}");
            }
            catch (Win32Exception)
            {
                // Not installed; the next may be.
            }
        }
        return "There is no C compiler (cc, gcc or clang) to build the power-cut library with.";
    }
}
