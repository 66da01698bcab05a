using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.TestingHost;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Gateway.Tests;

/// <summary>A cluster of one silo with the product's grains, whose logs and states live in memory and end with it.</summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    private const string StateStorage = "rec";

    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(1), EndMax = TimeSpan.FromMinutes(1);

    private readonly InProcessTestCluster _cluster;

    private InProcessSilo(InProcessTestCluster cluster) => _cluster = cluster;

    /// <summary>Calls its grains from outside.</summary>
    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Starts it and waits until its grains can be called.</summary>
    /// <param name="shards">P and Q.</param>
    public static async Task<InProcessSilo> Start(ShardMap shards)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(TimeProvider.System).AddSingleton<ILogStore, MemoryLogStore>();
            silo.Services.AddOrleansRecGrains(shards);
            silo.AddMemoryGrainStorage(StateStorage);
        });
        InProcessTestCluster cluster = builder.Build();
        await BoundedWait.Of(cluster.DeployAsync, StartMax, "the start of the silo");
        return new(cluster);
    }

    public async ValueTask DisposeAsync() => await BoundedWait.Of(() => _cluster.DisposeAsync().AsTask(), EndMax, "the end of the silo");
}
