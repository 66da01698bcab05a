using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Cluster.Tests.Membership;

/// <summary>What belongs to one silo and what to all. Method: three silos, each asked from inside and all from a client.</summary>
public sealed class SiloPartsTests
{
    [Fact]
    public async Task Append_ThroughAClient_IsSeenFromEverySilo()
    {
        await using SiloCluster cluster = await SiloCluster.Start(silos: 3);
        string[] users = [.. Enumerable.Range(0, 40).Select(n => $"user {n}")];
        foreach (string user in users)
            await cluster.Tenant.User(user).Record([new(user, "item", "view", 1, 1_000, null, IdHash.Of(user))]);

        foreach (var silo in cluster.Silos)
            foreach (string user in users)
                Assert.Equal(1, (await SiloCluster.TenantAt(silo).UserShard(cluster.Map.OfUser(user)).Load(user, -1))!.Version);
        Assert.Equal(users.Length, await Events(cluster));
    }

    [Fact]
    public async Task SiloCopies_OfThreeSilos_AreThree()
    {
        await using SiloCluster cluster = await SiloCluster.Start(silos: 3);

        Assert.Equal(3, cluster.Silos.Select(s => s.ServiceProvider.GetRequiredService<SiloCopies>()).Distinct().Count());
    }

    private static async Task<long> Events(SiloCluster cluster)
    {
        long events = 0;
        for (int shard = 0; shard < cluster.Map.UserShards; shard++)
            events += (await cluster.Tenant.UserShard(shard).GetStatus()).Events;
        return events;
    }
}
