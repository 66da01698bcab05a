using System.Diagnostics;
using System.Globalization;

namespace OrleansRec.Simulation.Tests;

/// <summary>
/// Goal: a seed is one run, wherever it runs. Method: the hash over all events and all turns of a seed, here, on threads beside each other and in other processes; seed 8 has the
/// product's log store below it, with the threads that it has.
/// </summary>
public class DeterminismTests
{
    [Theory, InlineData(5), InlineData(8)]
    public void Run_OnOtherThreadsAtTheSameTime_IsTheSameRun(ulong seed)
    {
        ulong expected = Simulation.Run(new(seed)).TraceHash;
        var hashes = new ulong[3];
        Thread[] threads = [.. hashes.Select((_, n) => new Thread(() => hashes[n] = Simulation.Run(new(seed)).TraceHash))];

        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        Assert.All(hashes, hash => Assert.Equal(expected, hash));
    }

    [Theory, InlineData(5), InlineData(8)]
    public void Run_InOtherProcesses_IsTheSameRun(ulong seed)
    {
        string expected = string.Create(CultureInfo.InvariantCulture, $"trace {Simulation.Run(new(seed)).TraceHash:x16}");

        Assert.EndsWith(expected, InProcess(seed), StringComparison.Ordinal);
        Assert.EndsWith(expected, InProcess(seed), StringComparison.Ordinal);
    }

    private static string InProcess(ulong seed)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "OrleansRec.Simulation.dll"), "--seed", $"{seed}"])
        {
            RedirectStandardOutput = true,
        })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return said.Trim();
    }
}
