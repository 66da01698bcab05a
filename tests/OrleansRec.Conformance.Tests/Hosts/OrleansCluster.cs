using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>
/// Silos of Orleans in this process. The clock of grains and of their timers is a fake that the case moves; what Orleans does for itself, timeouts of
/// calls among it, goes by the real clock.
/// </summary>
public sealed class OrleansCluster : IConformanceCluster, IAsyncDisposable
{
    private static readonly TimeSpan s_waitMax = TimeSpan.FromSeconds(20), s_endMax = TimeSpan.FromSeconds(10);

    // TestingHost writes into the membership that a silo is gone; this is how often the others look. Probes are not to find out anything: a silo whose threads wait for a core is alive.
    private static readonly TimeSpan s_tableRefreshPeriod = TimeSpan.FromMilliseconds(200), s_probeTimeout = TimeSpan.FromSeconds(60);
    private readonly InProcessTestCluster _cluster;
    private readonly SimulatedClock _clock = new();

    private OrleansCluster(ClusterShape shape)
    {
        var builder = new InProcessTestClusterBuilder((short)shape.Silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            Stage.AddTo(silo.Services);
            // The simulator brings the product's grains along and classes that stand in for them: they are no part of this suite.
            silo.Services.PostConfigure<GrainTypeOptions>(o => o.Classes.RemoveWhere(IsOfTheProduct));
            silo.Services.AddSingleton<TimeProvider>(_clock);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddPlacementDirector<HomesPlacement, HomesPlacementDirector>();
            // The last one registered is the one that grains without an attribute get.
            silo.Services.AddSingleton<PlacementStrategy>(new HomesPlacement());
            silo.Services.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = shape.ResponseTimeout);
            silo.Services.Configure<ClusterMembershipOptions>(o =>
                (o.TableRefreshTimeout, o.ProbeTimeout, o.MaxProbeTimeout) = (s_tableRefreshPeriod, s_probeTimeout, s_probeTimeout));
        });
        builder.ConfigureClient(client => client.Services.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = shape.ResponseTimeout));
        _cluster = builder.Build();
    }

    public IGrainFactory Outside => _cluster.Client;

    public Stage Stage { get; } = new();

    public TimeProvider Clock => _clock;

    public IReadOnlyList<SiloAddress> Silos => [.. _cluster.Silos.OrderBy(s => s.InstanceNumber).Select(s => s.SiloAddress)];

    public static async Task<OrleansCluster> Start(ClusterShape shape)
    {
        var started = new OrleansCluster(shape);
        await started._cluster.DeployAsync().Within(s_waitMax, $"the start of {shape.Silos} silos");
        await started.Acquainted();
        started.Stage.Homes.First = started.Silos[0];
        return started;
    }

    public IGrainFactory Inside(SiloAddress silo) => Of(silo).ServiceProvider.GetRequiredService<IGrainFactory>();

    public Task Pass(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    public Task CollectIdle() => _cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    public Task Within(Task task, string what) => task.Within(s_waitMax, what);

    public async Task Kill(SiloAddress silo)
    {
        await _cluster.KillSiloAsync(Of(silo)).Within(s_waitMax, $"the end of {silo}");
        await Acquainted();
    }

    public async Task Stop(SiloAddress silo)
    {
        await _cluster.StopSiloAsync(Of(silo)).Within(s_waitMax, $"{silo} to stop");
        await Acquainted();
    }

    public async Task<SiloAddress> Join()
    {
        InProcessSiloHandle joined = await _cluster.StartAdditionalSiloAsync().Within(s_waitMax, "another silo to join");
        await Acquainted();
        return joined.SiloAddress;
    }

    public async ValueTask DisposeAsync()
    {
        Task ended = _cluster.DisposeAsync().AsTask();
        await Task.WhenAny(ended, Task.Delay(s_endMax));
    }

    private static bool IsOfTheProduct(Type grainClass) =>
        grainClass.Assembly != typeof(OrleansCluster).Assembly && grainClass.Assembly.FullName!.StartsWith("OrleansRec.", StringComparison.Ordinal);

    private InProcessSiloHandle Of(SiloAddress silo) => _cluster.Silos.Single(s => s.SiloAddress.Equals(silo));

    /// <summary>Each silo knows which others live: what places grains learns it in its own time, and TestingHost does not wait for it.</summary>
    private async Task Acquainted()
    {
        using var bound = new CancellationTokenSource(s_waitMax);
        foreach (InProcessSiloHandle silo in _cluster.Silos)
        {
            var membership = silo.ServiceProvider.GetRequiredService<IClusterMembershipService>();
            var oracle = silo.ServiceProvider.GetRequiredService<ISiloStatusOracle>();
            await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates.WithCancellation(bound.Token))
                if (snapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress).ToHashSet().SetEquals(Silos))
                    break;
            while (!oracle.GetApproximateSiloStatuses(onlyActive: true).Keys.ToHashSet().SetEquals(Silos))
                await Task.Delay(1, bound.Token);
        }
    }
}
