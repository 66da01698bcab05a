using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Processes;

/// <summary>
/// A cluster of three silos and a gateway, each a process, over PostgreSQL, that loses silos under reads, writes and trainings. Goal: after the client's retries no
/// request has failed, none was answered wrongly, and nothing acknowledged is lost. The short counts run with ./rec test, the stated ones with --full, which also hold
/// the longest request to its time.
/// </summary>
public sealed class SiloLossTests(ITestOutputHelper output)
{
    private const int SiloCount = 3;
    private const int Seed = 7;

    private static bool IsFull => Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1";

    private static long Requests => IsFull ? 50_000 : 3_000;

    [Fact]
    public Task Kill_SilosInRounds_FailsNoRequestAndLosesNothing() =>
        Lose("kill -9", IsFull ? [null, 0, 1, 2, null] : [null], (cluster, silo) => cluster.Kill(silo));

    [Fact]
    public Task Stop_EverySiloInTurn_FailsNoRequestAndLosesNothing() =>
        Lose("SIGTERM", IsFull ? [0, 1, 2] : [null], (cluster, silo) => cluster.Stop(silo));

    private async Task Lose(string how, IReadOnlyList<int?> rounds, Func<ProcessCluster, int, Task> lose)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using ProcessCluster cluster = await ProcessCluster.Start(SiloCount);
        var losses = new LossRounds(cluster, Seed, Requests);
        try
        {
            await losses.Run(rounds, silo => lose(cluster, silo));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{how}:\n{losses.Table}\n{string.Join('\n', losses.Violations)}\n{cluster.Output}", e);
        }
        output.WriteLine($"{how}, {SiloCount} silos and a gateway\n{losses.Table}");
        if (Environment.GetEnvironmentVariable("REC_CLUSTER_TABLE") is { Length: > 0 } file)
            await File.AppendAllTextAsync(file, $"{how}\n{losses.Table}{string.Join('\n', losses.Violations)}\n");
        Assert.True(losses.Violations.Count == 0, $"{losses.Table}\n{string.Join('\n', losses.Violations)}\n{cluster.Output}");
        if (IsFull)
            Assert.True(losses.Longest <= LossRounds.GapMax, $"A request took {losses.Longest.TotalSeconds:0.0} s; {LossRounds.GapMax.TotalSeconds} s is the most.\n{losses.Table}");
    }
}
