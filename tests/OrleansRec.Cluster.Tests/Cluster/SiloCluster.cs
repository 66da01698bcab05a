using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;

namespace OrleansRec.Cluster.Tests.Cluster;

/// <summary>
/// Orleans silos in this process, each with services of its own, over one log and one state storage that outlive them. Calls between silos, and those
/// of the client, go through bytes and a transport in memory.
/// </summary>
public sealed class SiloCluster : IAsyncDisposable
{
    // So short that a killed silo is out of the membership within seconds, and long enough for a machine with two busy cores.
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);
    private const int MissedProbesMax = 2;

    private readonly InProcessTestCluster cluster;

    private SiloCluster(InProcessTestCluster cluster, ShardMap map) => (this.cluster, Map) = (cluster, map);

    public ShardMap Map { get; }

    /// <summary>The durable store, which all silos share.</summary>
    public MemoryLogStore Disk { get; } = new();

    public SharedStates States { get; } = new();

    public IReadOnlyList<InProcessSiloHandle> Silos => cluster.Silos;

    /// <summary>A client outside the silos.</summary>
    public IClusterClient Client => cluster.Client;

    /// <summary>The tenant's grains, seen by a client outside the silos.</summary>
    public TenantGrains Tenant => cluster.Client.Of(TenantId.Default);

    /// <summary>Starts so many silos and waits until each knows all.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="map">P and Q.</param>
    /// <param name="configure">Adds to the services of each silo.</param>
    /// <param name="configureClient">Adds to those of the client outside.</param>
    public static async Task<SiloCluster> Start(
        int silos, ShardMap? map = null, Action<IServiceCollection>? configure = null, Action<IServiceCollection>? configureClient = null)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        SiloCluster? started = null;
        builder.ConfigureSilo((_, silo) => started!.Compose(silo, configure));
        builder.ConfigureClient(client => configureClient?.Invoke(client.Services));
        started = new(builder.Build(), map ?? new(4, 4));
        await started.cluster.DeployAsync();
        return started;
    }

    /// <summary>The tenant's grains, seen by code inside a silo.</summary>
    public static TenantGrains TenantAt(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<IGrainFactory>().Of(TenantId.Default);

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private void Compose(ISiloBuilder silo, Action<IServiceCollection>? configure)
    {
        silo.Services.AddSingleton<ILogStore>(Disk);
        silo.Services.AddKeyedSingleton<IGrainStorage>("rec", States);
        silo.Services.AddOrleansRecGrains(Map);
        silo.Configure<ClusterMembershipOptions>(o => (o.ProbeTimeout, o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration, o.TableRefreshTimeout) =
            (ProbePeriod, MissedProbesMax, 1, ProbePeriod));
        configure?.Invoke(silo.Services);
    }
}
