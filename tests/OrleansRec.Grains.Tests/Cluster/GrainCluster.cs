using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Storage;
using OrleansRec.Contracts;
using OrleansRec.Tests.Shared;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>
/// The grains on Orleans, over stores that outlive it, under a fake clock. A test is one function that the cluster runs, one
/// continuation at a time. Its seed decides the data, not the order of calls; the simulator does both.
/// </summary>
public sealed class GrainCluster
{
    private readonly TestEngine engine;
    private readonly Random random;
    private readonly Action<IServiceCollection> configure;

    private GrainCluster(ulong seed, ShardMap map, Action<IServiceCollection> configure)
    {
        Map = map;
        this.configure = configure;
        random = new((int)seed);
        engine = new(seed, Clock);
    }

    public ShardMap Map { get; }

    public SimulatedClock Clock { get; } = new();

    /// <summary>Outlives every crash.</summary>
    public MemoryLogStore Disk { get; } = new();

    /// <summary>What the running process sees of <see cref="Disk"/>.</summary>
    public LatentLogStore Store { get; private set; } = null!;

    public IGrainFactory Grains { get; private set; } = null!;

    public static void Run(ulong seed, Func<GrainCluster, Task> test, ShardMap? map = null, Action<IServiceCollection>? configure = null)
    {
        var cluster = new GrainCluster(seed, map ?? new(2, 3), configure ?? (_ => { }));
        cluster.engine.Run(async () =>
        {
            await cluster.Start();
            await test(cluster);
        });
    }

    /// <summary>The process dies between two instructions, and another one starts.</summary>
    public Task Crash()
    {
        Store.IsDead = true;
        engine.Abandon();
        return Start();
    }

    /// <summary>A second process over the same stores beside the first, which does not know of it.</summary>
    public Task StartAnother() => Start();

    /// <summary>The process ends in order, and another one starts.</summary>
    public async Task Restart()
    {
        await engine.Stop();
        await Start();
    }

    /// <summary>Grains in the process's memory: users, and all together.</summary>
    public Task<(int Users, int All)> CountActivations() => engine.CountActivations();

    /// <summary>Brings the end of idle activations nearer, as the engine does it.</summary>
    public Task CollectIdle() => engine.CollectIdle();

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

    private async Task Start()
    {
        Store = new(Disk, Clock, random);
        var numbers = new SeededRandomSource((ulong)random.Next());
        Grains = await engine.Start(services =>
        {
            services.AddSingleton<TimeProvider>(Clock).AddSingleton<ILogStore>(Store).AddSingleton<IRandomSource>(numbers);
            services.AddKeyedSingleton("rec", engine.States);
            services.AddOrleansRecGrains(Map);
            configure(services);
        });
    }
}
