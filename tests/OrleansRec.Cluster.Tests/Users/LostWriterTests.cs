using Orleans;
using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Cluster.Tests.Users;

/// <summary>
/// Goal: a silo killed while events arrive loses none that was acknowledged, and none counts twice. Method: writers that send every event again, under its
/// id, until it is acknowledged, as the gateway does; one silo dies before an append, the next after it with the answer unsent.
/// </summary>
public sealed class LostWriterTests
{
    private const int Writers = 8, EventsAfterTheLoss = 15;

    [Fact]
    public async Task Append_SilosAreKilledMeanwhile_LosesNoAcknowledgedEvent()
    {
        await using SiloCluster cluster = await SiloCluster.Start(silos: 3, new(8, 8));
        var acknowledged = new List<EventRecord>[Writers];
        for (int round = 0; round < Rounds; round++)
        {
            if (cluster.Silos.Count == 1)
                await cluster.Join();
            using var isLost = new CancellationTokenSource();
            Task[] writers = [.. Enumerable.Range(0, Writers).Select(w => Write(cluster, acknowledged[w] ??= [], w, round, isLost.Token))];
            await cluster.KillAt(call => call.MethodName == nameof(IUserShardGrain.Append), after: round % 2 == 1);
            await isLost.CancelAsync();
            await Task.WhenAll(writers);
        }

        for (int writer = 0; writer < Writers; writer++)
        {
            string user = User(writer);
            UserHistory history = (await Retries.Until($"{user} is read", () => cluster.Tenant.ShardOf(cluster.Map, user).Load(user, -1)))!;
            Assert.Equal(acknowledged[writer].Select(e => e.EventKey).Order(), history.Events.Select(e => e.EventKey).Order());
            Assert.Equal(history.Events.Length, history.Version);
        }
    }

    private static int Rounds => Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1" ? 20 : 2;

    /// <summary>Writes until the silo is lost, and then some: with the survivors.</summary>
    private static async Task Write(SiloCluster cluster, List<EventRecord> acknowledged, int writer, int round, CancellationToken isLost)
    {
        string user = User(writer);
        for (int number = 0, left = EventsAfterTheLoss; left > 0; number++)
        {
            var e = new EventRecord(user, $"item {number % 50}", "view", 1, number, null, IdHash.Of($"{writer}/{round}/{number}"));
            await Retries.Until($"event {number} of {user} is acknowledged", () => cluster.Tenant.User(user).Record([e]));
            acknowledged.Add(e);
            if (isLost.IsCancellationRequested)
                left--;
        }
    }

    private static string User(int writer) => $"user {writer}";
}
