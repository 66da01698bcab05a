using System.Net;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansRec.Gateway;
using OrleansRec.Silo.Dashboard;
using OrleansRec.Silo.Placement;

namespace OrleansRec.Silo.Hosting;

/// <summary>Orleans in this process: a cluster of one silo, a silo of a cluster, or a client of one.</summary>
internal static class OrleansHosting
{
    private const int NoGateway = 0;
    private const string AdoNetInvariant = "Npgsql";

    /// <summary>A silo in this process.</summary>
    public static void AddSilo(IHostApplicationBuilder builder, ClusterOptions cluster)
    {
        // Its warnings are two, at every start: that the server's garbage collector is off. It is off on purpose, for its heap per processor.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error);
        var start = new SiloStart();
        // Its first look can come before it has noted when it began, and then takes the time since the machine started for a stall.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", level => start.IsOver || level >= LogLevel.Error);
        builder.UseOrleans(silo =>
        {
            Join(silo, cluster);
            silo.AddClusterPages();
        });
        // After the silo, so that it starts when the silo has.
        builder.Services.AddHostedService(_ => start);
    }

    private static void Join(ISiloBuilder silo, ClusterOptions cluster)
    {
        if (cluster.Kind == ClusterKind.Single)
        {
            silo.UseLocalhostClustering(cluster.SiloPort, NoGateway, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);
            NoListener.Replace(silo.Services);
            return;
        }
        silo.Configure<Orleans.Configuration.ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        silo.Configure<ClusterMembershipOptions>(o => SetTimings(o, cluster));
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = cluster.ResponseTimeout);
        IPAddress address = cluster.Advertised().GetAwaiter().GetResult();
        // On loopback nobody else can reach it anyway; else every address is listened on, because the one that others use may be a machine's outside.
        silo.ConfigureEndpoints(address, cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
        AddMembership(silo, cluster);
        silo.Services.AddHomePlacement();
        silo.Services.AddHostedService<HomeMoves>();
    }

    /// <summary>A process without grains of its own: it calls those of the cluster.</summary>
    public static void AddClient(IHostApplicationBuilder builder, ClusterOptions cluster) => builder.UseOrleansClient(client =>
    {
        client.Configure<Orleans.Configuration.ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        client.Configure<Orleans.Configuration.GatewayOptions>(o => o.GatewayListRefreshPeriod = cluster.TableRefreshPeriod);
        client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = cluster.ResponseTimeout);
        // A gateway may be there before the first silo is.
        client.UseConnectionRetryFilter(async (_, cancellation) =>
        {
            await Task.Delay(ConnectPause, cancellation);
            return true;
        });
        var connection = new ClusterConnection();
        client.Services.AddSingleton<IReadinessProbe>(connection);
        client.AddGatewayCountChangedHandler((_, changed) => connection.SiloCount = changed.NumberOfConnectedGateways);
        AddMembership(client, cluster);
    });

    /// <summary>Grain state that ends with the process.</summary>
    public static void AddMemoryState(IServiceCollection services, string name) =>
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => MemoryGrainStorageFactory.Create(provider, name));

    private static readonly TimeSpan ConnectPause = TimeSpan.FromSeconds(1);

    private static void AddMembership(ISiloBuilder silo, ClusterOptions cluster)
    {
        if (cluster.Kind != ClusterKind.PostgreSql)
            throw Unsupported(cluster);
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (AdoNetInvariant, cluster.ConnectionString!));
    }

    private static void AddMembership(IClientBuilder client, ClusterOptions cluster)
    {
        if (cluster.Kind != ClusterKind.PostgreSql)
            throw Unsupported(cluster);
        client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (AdoNetInvariant, cluster.ConnectionString!));
    }

    private static Exception Unsupported(ClusterOptions cluster) =>
        ClusterOptions.Broken($"{ClusterOptions.Section}:{nameof(ClusterOptions.Kind)} '{cluster.Kind}' must be Single or PostgreSql in this build.");

    private static void SetTimings(ClusterMembershipOptions membership, ClusterOptions cluster)
    {
        membership.ProbeTimeout = cluster.ProbeTimeout;
        membership.MaxProbeTimeout = cluster.ProbeTimeoutMax;
        membership.NumMissedProbesLimit = cluster.MissedProbesMax;
        membership.NumVotesForDeathDeclaration = cluster.DeathVotes;
        membership.TableRefreshTimeout = cluster.TableRefreshPeriod;
        membership.IAmAliveTablePublishTimeout = cluster.AlivePeriod;
    }

    /// <summary>Whether the silo has started.</summary>
    private sealed class SiloStart : IHostedService
    {
        private volatile bool isOver;

        public bool IsOver => isOver;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            isOver = true;
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
