using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Cluster.Tests.Scale;

/// <summary>Random pairs in a cluster, and a training of them.</summary>
internal static class PlantedPairs
{
    private static readonly TimeSpan trainingTimeout = TimeSpan.FromMinutes(2), pollPeriod = TimeSpan.FromMilliseconds(20);

    /// <summary>Records some items for every user; every item gets one.</summary>
    public static async Task Record(SiloCluster cluster, int users, int items, int itemsEach = 5)
    {
        var random = new Random(1);
        var events = new List<EventRecord>();
        for (int user = 0; user < users; user++)
            for (int n = 0; n < itemsEach; n++)
                events.Add(new($"user {user}", $"item {(n == 0 ? user % items : random.Next(items))}", "interaction", 1, 1_000, null, IdHash.Of($"{user} {n}")));
        foreach (var shard in events.GroupBy(e => cluster.Map.OfUser(e.UserId)))
            foreach (EventRecord[] batch in shard.Chunk(50_000))
                await cluster.Tenant.UserShard(shard.Key).Append(batch);
    }

    /// <summary>Trains and waits for the end.</summary>
    public static async Task<TrainingStatus> Train(SiloCluster cluster, AlsOptions options)
    {
        await cluster.Tenant.Coordinator.Start(TrainingPlan.From(options, []));
        using var timeout = new CancellationTokenSource(trainingTimeout);
        while (true)
        {
            TrainingStatus status = await cluster.Tenant.Coordinator.GetStatus();
            if (status.IsOver)
                return status;
            await Task.Delay(pollPeriod, timeout.Token);
        }
    }
}
