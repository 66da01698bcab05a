using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Training;
using OrleansRec.Model;
using OrleansRec.Silo.Compute;
using OrleansRec.Silo.Placement;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Cluster.Tests.Cluster;

/// <summary>
/// Orleans silos in this process, each with services of its own, over one log and one state storage that outlive them. Calls between silos, and those
/// of the client, go through bytes and a transport in memory.
/// </summary>
public sealed class SiloCluster : IAsyncDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(60), EndMax = TimeSpan.FromSeconds(10);
    // Grains are placed by the silos' addresses. TestingHost draws ports; ones that are always the same deal grains the same way in every run. Nobody listens at them: the transport is in memory.
    private const int SiloPort = 11_111, GatewayPort = 30_000;

    // TestingHost writes into the membership that a silo is gone; this is how often the others look. Nobody else shall: a silo whose threads wait for busy cores answers no probe in time, and is alive.
    private static readonly TimeSpan TableRefreshPeriod = TimeSpan.FromSeconds(1);

    private readonly InProcessTestCluster cluster;
    private readonly MemoryLogStore disk = new();
    private readonly StatesInMemory states = new(new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());
    private readonly Action<IServiceCollection> configure;
    private readonly Lock gate = new();
    private readonly HashSet<int> numbers = [];
    private SiloEnd? end;

    private SiloCluster(int silos, ShardMap map, Action<IServiceCollection>? configure, Action<IServiceCollection>? configureClient)
    {
        Map = map;
        this.configure = configure ?? (_ => { });
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) => Compose(host));
        builder.ConfigureSilo((member, silo) =>
        {
            int number = NumberOf(member.SiloName);
            silo.Services.PostConfigure<EndpointOptions>(o => (o.SiloPort, o.GatewayPort) = (SiloPort + number, GatewayPort + number));
            silo.Services.AddHomePlacement();
            silo.Services.AddSingleton(new Silo.Hosting.ClusterOptions());
            silo.Services.AddHostedService<HomeMoves>();
        });
        builder.ConfigureClient(client =>
        {
            client.Services.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = WaitMax);
            configureClient?.Invoke(client.Services);
        });
        cluster = builder.Build();
    }

    public ShardMap Map { get; }

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
        var started = new SiloCluster(silos, map ?? new(4, 4), configure, configureClient);
        await started.cluster.DeployAsync().Within(WaitMax, $"the start of {silos} silos");
        await started.Acquainted();
        return started;
    }

    /// <summary>One silo more joins, and all know it.</summary>
    public async Task<InProcessSiloHandle> Join()
    {
        InProcessSiloHandle joined = await cluster.StartAdditionalSiloAsync().Within(WaitMax, "another silo to join");
        await Acquainted();
        return joined;
    }

    /// <summary>The tenant's grains, seen by code inside a silo.</summary>
    public static TenantGrains TenantAt(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<IGrainFactory>().Of(TenantId.Default);

    /// <summary>How many silos hold grains of a class.</summary>
    public async Task<int> SilosWith(Type grain)
    {
        SimpleGrainStatistic[] all = await cluster.Client.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return all.Where(s => s.ActivationCount > 0 && s.GrainType.StartsWith(grain.FullName!, StringComparison.Ordinal)).Select(s => s.SiloAddress).Distinct().Count();
    }

    /// <summary>The first silo that comes to this call dies there; the result is its name, when the process is gone.</summary>
    public async Task<string> KillAt(Func<IIncomingGrainCallContext, bool> isPoint, bool after)
    {
        var armed = new SiloEnd(isPoint, after);
        lock (gate)
            end = armed;
        SiloLife life = await armed.Died.Task.Within(WaitMax, "a silo to come to the call at which it dies");
        InProcessSiloHandle silo = cluster.Silos.Single(s => s.ServiceProvider.GetRequiredService<SiloLife>() == life);
        await Kill(silo);
        return silo.Name;
    }

    /// <summary>
    /// The silo is gone, with everything that it held. From this moment nothing of it reaches the stores. Its place in the membership is TestingHost's to
    /// take; how long silos take to miss a process that cannot say goodbye is shown with processes.
    /// </summary>
    public async Task Kill(InProcessSiloHandle silo)
    {
        silo.ServiceProvider.GetRequiredService<SiloLife>().Die();
        await cluster.KillSiloAsync(silo).Within(WaitMax, $"the end of {silo.Name}");
    }

    /// <summary>Waits until something is true; calls that fail while a silo is being missed count as not yet.</summary>
    public static async Task Until(string what, Func<Task<bool>> isTrue)
    {
        using var wait = new CancellationTokenSource(WaitMax);
        Exception? last = null;
        while (!wait.IsCancellationRequested)
        {
            try
            {
                if (await isTrue())
                    return;
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException or SiloUnavailableException)
            {
                last = failure;
            }
            await Task.Delay(20);
        }
        throw new TimeoutException($"Waited {WaitMax} for: {what}.", last);
    }

    public async ValueTask DisposeAsync()
    {
        // Nobody waits for a goodbye: what a silo would still write goes with the stores. A test that has failed must say why, and not that its silos are slow to end.
        Task ended = Task.WhenAll(cluster.Silos.ToArray().Select(Kill)).ContinueWith(_ => cluster.DisposeAsync().AsTask(), TaskScheduler.Default).Unwrap();
        await Task.WhenAny(ended, Task.Delay(EndMax));
    }

    /// <summary>The silo dies where a call is the point at which the test wants one dead; asked by every silo for every call.</summary>
    internal bool EndAt(SiloLife life, IIncomingGrainCallContext call, bool isAfter)
    {
        if (end is not { } armed || armed.After != isAfter || !armed.IsPoint(call))
            return false;
        lock (gate)
        {
            if (end != armed)
                return false;
            end = null;
            life.Die();
        }
        armed.Died.SetResult(life);
        return true;
    }

    /// <summary>
    /// Every silo knows every other: what places grains and what moves them learn of the membership each in its own time, and TestingHost's start ends before they have. One that knows
    /// less keeps shards that a test counts elsewhere, and that move under it.
    /// </summary>
    private Task Acquainted() => Until("each silo knows all", () =>
    {
        HashSet<SiloAddress> all = [.. cluster.Silos.Select(s => s.SiloAddress)];
        return Task.FromResult(cluster.Silos.All(s =>
            all.SetEquals(s.ServiceProvider.GetRequiredService<ISiloStatusOracle>().GetApproximateSiloStatuses(onlyActive: true).Keys)
            && all.SetEquals(s.ServiceProvider.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress))));
    });

    /// <summary>Its name ends in one, but a silo that joins after another was lost may have the name of one that lives.</summary>
    private int NumberOf(string silo)
    {
        int number = int.Parse(silo[(silo.LastIndexOf('_') + 1)..], CultureInfo.InvariantCulture);
        lock (gate)
            while (!numbers.Add(number))
                number++;
        return number;
    }

    private void Compose(IHostApplicationBuilder host)
    {
        var life = new SiloLife(this);
        host.Services.AddSingleton(life);
        host.Services.AddSingleton<IIncomingGrainCallFilter>(life);
        host.Services.AddSingleton<ILogStore>(new SiloStore(disk, life));
        host.Services.AddKeyedSingleton<IGrainStorage>("rec", new SiloStates(states, life));
        host.Services.AddSingleton<IComputePool>(services => new ThreadComputePool(1, services.GetRequiredService<IServingGate>()));
        host.Services.AddOrleansRecGrains(Map);
        host.Services.Configure<TrainingOptions>(o => (o.SilencePeriod, o.PublishTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)));
        host.Services.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = WaitMax);
        host.Services.Configure<ClusterMembershipOptions>(o => (o.TableRefreshTimeout, o.ProbeTimeout, o.MaxProbeTimeout) = (TableRefreshPeriod, WaitMax, WaitMax));
        configure(host.Services);
    }

    private sealed record SiloEnd(Func<IIncomingGrainCallContext, bool> IsPoint, bool After)
    {
        public TaskCompletionSource<SiloLife> Died { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
