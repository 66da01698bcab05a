using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Durability;

/// <summary>
/// Goal: an acknowledged event is never lost and never doubled, whenever the process or the power goes. Method: the real server under eight
/// writers that retry by event id, ended at random moments; the second harness also takes back what was not synced, and is itself put to the
/// test with a server that does not sync.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    /// <summary>200 rounds where the long proofs are asked for, or as many as REC_TEST_KILL_ROUNDS says.</summary>
    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("REC_TEST_KILL_ROUNDS"), out int asked) ? asked
        : Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1" ? 200 : 5;

    /// <summary>Another seed where the rounds are run in pieces.</summary>
    private static int Seed(int seed) => int.TryParse(Environment.GetEnvironmentVariable("REC_TEST_KILL_SEED"), out int asked) ? asked * 10 + seed : seed;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Kill_AtRandomMoments_EveryAcknowledgedEventIsThereOnce()
    {
        var rounds = new KillRounds(scratch["data"], Seed(1), server => server.Kill());
        Assert.Equal("", string.Join("\n", await rounds.Run(Rounds)));
        Report(rounds);
    }

    [Fact]
    public async Task PowerCut_AtRandomMoments_EveryAcknowledgedEventIsThereOnce()
    {
        using var library = await PowerCutLibrary.BuildOrSkip();
        var rounds = new KillRounds(scratch["data"], Seed(2), server => PowerCutLibrary.CutPower(server), library.Environment(scratch["data"]));
        Assert.Equal("", string.Join("\n", await rounds.Run(Rounds)));
        Report(rounds);
    }

    [Fact]
    public async Task PowerCut_WithoutSyncingCommits_IsSeenToLoseEvents()
    {
        using var library = await PowerCutLibrary.BuildOrSkip();
        var environment = library.Environment(scratch["data"]);
        environment["Storage__TestSynchronous"] = "NORMAL";
        var rounds = new KillRounds(scratch["data"], seed: 3, server => PowerCutLibrary.CutPower(server), environment);
        var violations = await rounds.Run(Rounds);
        Assert.Contains(violations, violation => violation.EndsWith("was acknowledged and is lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PowerCut_AfterSingleEvents_SawAWriteAndASyncForEach()
    {
        const int Events = 20;
        using var library = await PowerCutLibrary.BuildOrSkip();
        await using var server = await ProductProcess.Serve(scratch["data"], library.Environment(scratch["data"]));
        using var http = new HttpClient { BaseAddress = server.Address };
        for (int n = 0; n < Events; n++)
            (await SingleEvent.Post(http, $"e{n}")).EnsureSuccessStatusCode();
        await PowerCutLibrary.CutPower(server);
        var report = library.Report();
        Assert.True(report["writes"] >= Events, $"The library saw {report["writes"]} writes of {Events} events.");
        Assert.True(report["syncs"] >= Events, $"The library saw {report["syncs"]} syncs of {Events} events.");
    }

    private static void Report(KillRounds rounds) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{Rounds} rounds, {rounds.AcknowledgedCount} events acknowledged, {rounds.Trainings.Started} trainings started, {rounds.Trainings.Published} models published.");
}
