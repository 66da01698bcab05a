using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;
using OrleansRec.Tests.Shared;
using OrleansRec.Grains.Users;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>
/// Orleans: each process is one silo with a client beside it, whose calls go through bytes. Grains and their timers live by the fake clock, messaging
/// and membership by the machine's. Orders are the machine's too: a seed decides the data of a test, not what comes first.
/// </summary>
internal sealed class TestEngine(ulong seed, SimulatedClock clock)
{
    private static readonly TimeSpan TestMax = TimeSpan.FromMinutes(2), EndMax = TimeSpan.FromMinutes(1);

    private readonly List<InProcessTestCluster> started = [];

    /// <summary>Grain state that outlives every process.</summary>
    public IGrainStorage States { get; } = new StatesInMemory(new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    private InProcessTestCluster Current => started[^1];

    /// <summary>Runs a test, one continuation at a time, while the fake clock moves.</summary>
    public void Run(Func<Task> test)
    {
        using var time = new MovingClock(clock);
        var oneAtATime = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        Task run = Task.Factory.StartNew(test, CancellationToken.None, TaskCreationOptions.DenyChildAttach, oneAtATime).Unwrap();
        try
        {
            run.WaitAsync(TestMax).GetAwaiter().GetResult();
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            throw new TimeoutException($"The test with seed {seed} has not ended after {TestMax}; its clock stands at {clock.GetUtcNow():O}.");
        }
        finally
        {
            BoundedWait.Of(() => Task.WhenAll(started.Select(End)), EndMax, $"the end of the silos of the test with seed {seed}").GetAwaiter().GetResult();
        }
    }

    /// <summary>Starts a process; those before it go on.</summary>
    public async Task<IGrainFactory> Start(Action<IServiceCollection> compose)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            compose(silo.Services);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
            silo.Services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.ActivationManagement, clock);
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        started.Add(cluster);
        return cluster.Client;
    }

    /// <summary>Ends the process in order.</summary>
    public Task Stop() => Current.StopAllSilosAsync();

    /// <summary>The process is gone: nothing that it still does has an effect.</summary>
    public void Abandon() => _ = End(Current);

    /// <summary>Grains in the process's memory: users, and all together.</summary>
    public async Task<(int Users, int All)> CountActivations()
    {
        DetailedGrainStatistic[] all = await Current.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        DetailedGrainStatistic[] ours = [.. all.Where(s => s.GrainType.StartsWith("OrleansRec.", StringComparison.Ordinal))];
        return (ours.Count(s => s.GrainType.StartsWith(typeof(UserGrain).FullName!, StringComparison.Ordinal)), ours.Length);
    }

    /// <summary>
    /// Ends activations that nobody uses. Orleans takes how long one has been idle from the machine's clock whatever else it is given, so it is told
    /// to collect now; the age of the options is its own to keep.
    /// </summary>
    public Task CollectIdle() => Current.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    private static async Task End(InProcessTestCluster cluster)
    {
        foreach (InProcessSiloHandle silo in cluster.Silos)
            await cluster.KillSiloAsync(silo);
        await cluster.DisposeAsync();
    }
}
