using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Storage;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Embedded;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Users;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>
/// The grains on an engine, over stores that outlive it, under a fake clock. The only place that knows which engine it is. A test is one function
/// that the cluster runs; on the simulator its seed decides every order, so a failing seed replays.
/// </summary>
public sealed class GrainCluster
{
    private readonly DeterministicScheduler scheduler;
    private readonly MemoryGrainStorage states = new();
    private readonly Random random;
    private readonly Action<IServiceCollection> configure;
    private ServiceProvider services = null!;

    private GrainCluster(ulong seed, ShardMap map, Action<IServiceCollection> configure)
    {
        Map = map;
        this.configure = configure;
        random = new((int)seed);
        scheduler = new(seed, Clock);
        Start();
    }

    public ShardMap Map { get; }

    public SimulatedClock Clock { get; } = new();

    /// <summary>Outlives every crash.</summary>
    public MemoryLogStore Disk { get; } = new();

    /// <summary>What the running process sees of <see cref="Disk"/>.</summary>
    public LatentLogStore Store { get; private set; } = null!;

    public IGrainFactory Grains { get; private set; } = null!;

    public IServiceProvider Services => services;

    public static void Run(ulong seed, Func<GrainCluster, Task> test, ShardMap? map = null, Action<IServiceCollection>? configure = null)
    {
        var cluster = new GrainCluster(seed, map ?? new(2, 3), configure ?? (_ => { }));
        cluster.scheduler.Run(() => test(cluster));
    }

    /// <summary>The process dies between two instructions, and another one starts.</summary>
    public void Crash()
    {
        Store.IsDead = true;
        Start();
    }

    /// <summary>A second process over the same stores beside the first, which does not know of it.</summary>
    public void StartAnother() => Start();

    /// <summary>The process ends in order, and another one starts.</summary>
    public async Task Restart()
    {
        await services.GetRequiredService<EmbeddedEngine>().Stop();
        Start();
    }

    /// <summary>Lets time pass until something is true.</summary>
    public async Task Until(string what, Func<Task<bool>> isTrue)
    {
        for (int attempt = 0; attempt < 2_000; attempt++)
        {
            if (await isTrue())
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), Clock);
        }
        throw new TimeoutException($"Waited 40 s of the fake clock for: {what}.");
    }

    public TenantGrains Tenant => Grains.Of(TenantId.Default);

    public IUserGrain User(string userId) => Tenant.User(userId);

    public IItemGrain Item(string itemId) => Tenant.Item(itemId);

    public IUserShardGrain UserShard(int shard) => Tenant.UserShard(shard);

    public IUserShardGrain ShardOf(string userId) => UserShard(Map.OfUser(userId));

    public IItemShardGrain ItemShard(int shard) => Tenant.ItemShard(shard);

    public IModelDirectoryGrain Models => Tenant.Models;

    private void Start()
    {
        Store = new(Disk, Clock, random);
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(Clock).AddSingleton<IEngineScheduler>(scheduler).AddSingleton<ILogStore>(Store);
        collection.AddSingleton<IRandomSource>(new SeededRandomSource((ulong)random.Next()));
        collection.AddKeyedSingleton<IGrainStorage>("rec", states);
        collection.AddOrleansRecGrains(Map);
        configure(collection);
        collection.AddEmbeddedEngine(o =>
        {
            o.GrainAssemblies.Add(typeof(UserGrain).Assembly);
            o.SerializeArguments = true;
        });
        services = collection.BuildServiceProvider();
        Grains = services.GetRequiredService<IGrainFactory>();
    }
}
