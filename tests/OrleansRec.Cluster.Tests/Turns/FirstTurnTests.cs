using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Training;

namespace OrleansRec.Cluster.Tests.Turns;

/// <summary>
/// Goal: grains that call each other never do so under their activation's lock, where two of them would wait for each other for ever. Method: stores that
/// answer at once, so that activations have nothing to wait for; every call asks, where it begins, whether its thread holds the lock of its activation.
/// </summary>
public sealed class FirstTurnTests
{
    private static readonly string[] callEachOther = ["user-shard", "item-shard", "trainingcoordinator", "model-directory"];

    [Fact]
    public async Task FirstCalls_StoresAnswerAtOnce_RunOutsideTheLockOfTheirActivation()
    {
        var seen = new ConcurrentBag<(string Grain, bool IsLocked)>();
        var shop = new PlantedShop(2);
        await using SiloCluster cluster = await SiloCluster.Start(1, configure: services => services.AddSingleton<IIncomingGrainCallFilter>(new LockWatch(seen)));

        await shop.Import(cluster.Tenant, cluster.Map, 1);
        await cluster.Tenant.Coordinator.Start(shop.Plan(rank: 8));
        await SiloCluster.Until("the training is over", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);

        Assert.Empty(callEachOther.Except(seen.Select(call => call.Grain)));
        Assert.Empty(seen.Where(call => call.IsLocked).Select(call => call.Grain).Intersect(callEachOther));
    }

    private sealed class LockWatch(ConcurrentBag<(string Grain, bool IsLocked)> seen) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context)
        {
            seen.Add((context.TargetId.Type.ToString()!, Monitor.IsEntered(context.TargetContext)));
            return context.Invoke();
        }
    }
}
