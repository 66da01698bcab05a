using System.Diagnostics;
using OrleansRec.Tests.Shared;

namespace OrleansRec.TestRun.Tests;

/// <summary>This suite runs a test of its own in child processes with a planted fault, and OrleansRec.TestRun judges the records that they leave.</summary>
public sealed class WholeRunTests : IDisposable
{
    private const string Suite = "OrleansRec.TestRun.Tests";

    private static readonly TimeSpan limit = TimeSpan.FromMinutes(3);

    private readonly string _records = Directory.CreateTempSubdirectory("rec-test-run-").FullName;

    [Fact]
    public async Task Run_NoFault_IsGreen()
    {
        int code = await RunSuite(null);

        ProgramEnd end = await Judge(code, null);

        Assert.Equal(0, end.Code);
        Assert.EndsWith("2 passed, 0 failed, 0 skipped", end.Output.TrimEnd());
    }

    [Fact]
    public async Task Run_TestPassesWhenRunAlone_IsFlaky()
    {
        int code = await RunSuite("fail");

        ProgramEnd end = await Judge(code, null);

        Assert.NotEqual(0, code);
        Assert.Equal(0, end.Code);
        Assert.EndsWith($"flaky: {NameOf(nameof(PlantedFault.Fault_Planted_ActsOnIt))} (passed when run alone){Environment.NewLine}2 passed, 0 failed, 0 skipped", end.Output.TrimEnd());
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("half-pair")]
    public async Task Run_TestFailsTwice_IsRed(string fault)
    {
        ProgramEnd end = await Judge(await RunSuite(fault), fault);

        Assert.Equal(1, end.Code);
        Assert.Contains($"failed twice: {NameOf(nameof(PlantedFault.Fault_Planted_ActsOnIt))}", end.Output);
        Assert.EndsWith("1 passed, 1 failed, 0 skipped", end.Output.TrimEnd());
    }

    [Theory]
    [InlineData("crash", nameof(PlantedFault.Fault_Planted_ActsOnIt))]
    [InlineData("hang", nameof(PlantedFault.Fault_Hang_WaitsForEver))]
    public async Task Run_SuiteDoesNotEndByItself_IsNamedWithWhatItWasRunning(string fault, string test)
    {
        ProgramEnd end = await Judge(await RunSuite(fault), null);

        Assert.Equal(1, end.Code);
        Assert.Contains($"failed: {Suite} ended by a crash or a limit", end.Output);
        Assert.Contains($"It was running {NameOf(test)}", end.Output);
    }

    [Fact]
    public async Task Run_AnotherSuiteIsRunning_WaitsForItsEnd()
    {
        ProcessStartInfo start = Start(typeof(WholeRunTests).Assembly.Location, null, "-class", typeof(PlantedFault).FullName!);
        // So that the child does not know that it belongs to the suite whose turn it is.
        start.Environment.Remove("REC_TEST_TURN_HELD");
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process child = Process.Start(start)!;
        Lifeline.Hold(child.Id);
        try
        {
            string? said = await child.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Within(limit, "a second suite to say that it waits");

            Assert.Equal("Another suite of this checkout is running; this one waits for its end.", said);
        }
        finally
        {
            child.Kill();
            Lifeline.Release(child.Id);
        }
    }

    public void Dispose() => Directory.Delete(_records, recursive: true);

    private static string NameOf(string test) => $"{typeof(PlantedFault).FullName}.{test}";

    private async Task<int> RunSuite(string? fault)
    {
        ProcessStartInfo start = Start(typeof(WholeRunTests).Assembly.Location, fault, "-class", typeof(PlantedFault).FullName!);
        start.Environment["REC_TEST_RECORD"] = _records;
        // What ends the suite that hangs; the others end long before.
        start.Environment["REC_TEST_SUITE_SECONDS"] = fault == "hang" ? "3" : "170";
        return (await ProgramEnd.Of(start, limit)).Code;
    }

    private Task<ProgramEnd> Judge(int code, string? fault) =>
        ProgramEnd.Of(Start(typeof(Verdict).Assembly.Location, fault, _records, code.ToString(System.Globalization.CultureInfo.InvariantCulture), Suite), limit);

    private static ProcessStartInfo Start(string program, string? fault, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]);
        start.Environment[PlantedFault.Variable] = fault;
        return start;
    }
}
