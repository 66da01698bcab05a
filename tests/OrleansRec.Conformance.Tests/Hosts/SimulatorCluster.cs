using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using OrleansRec.Model;
using OrleansRec.Simulation.Engine.Cluster;
using OrleansRec.Simulation.Engine.Scheduling;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>Virtual silos of the simulator. Their clock moves when nothing is left to run.</summary>
public sealed class SimulatorCluster : IConformanceCluster, IDisposable
{
    private static readonly TimeSpan s_waitMax = TimeSpan.FromMinutes(10), s_noticedAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_collectionAge = TimeSpan.FromMinutes(15);
    private readonly SimulatedClock _clock;
    private readonly SimulatedCluster _cluster;

    public SimulatorCluster(ClusterShape shape, ulong seed, DeterministicScheduler scheduler, SimulatedClock clock)
    {
        _clock = clock;
        var options = new ClusterOptions
        {
            ResponseTimeout = shape.ResponseTimeout,
            ConfigureServices = (_, services) => Stage.AddTo(services),
            HomeKeyOf = HomeKeyOf,
            CollectionAge = s_collectionAge,
            CollectionPeriod = s_collectionAge,
            // Grains move when a case says so.
            MovePeriod = Timeout.InfiniteTimeSpan,
        };
        options.GrainAssemblies.Add(typeof(SimulatorCluster).Assembly);
        _cluster = new(seed, scheduler, clock, options, new EventTrace(clock));
        for (int silo = 0; silo < shape.Silos; silo++)
            _cluster.Start();
        Stage.Homes.First = Silos[0];
    }

    public IGrainFactory Outside => _cluster.Client;

    public Stage Stage { get; } = new();

    public TimeProvider Clock => _clock;

    public IReadOnlyList<SiloAddress> Silos => [.. _cluster.Silos.Select(s => s.Address)];

    public IGrainFactory Inside(SiloAddress silo) => Of(silo).GrainFactory;

    public Task Pass(TimeSpan time) => Task.Delay(time, _clock);

    public Task CollectIdle() => Pass(2 * s_collectionAge);

    public async Task Within(Task task, string what)
    {
        // Whatever completes the task may be in a turn of a grain or of nobody: this goes on in a turn of the case.
        var woken = new TaskCompletionSource();
        _ = task.ContinueWith(_ => woken.TrySetResult(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        using (_clock.CreateTimer(_ => woken.TrySetResult(), null, s_waitMax, Timeout.InfiniteTimeSpan))
            await woken.Task;
        if (!task.IsCompleted)
            throw new TimeoutException($"Waited {s_waitMax.TotalMinutes} simulated minutes for {what}.");
        await task;
    }

    public Task Kill(SiloAddress silo)
    {
        _cluster.Kill(Of(silo), s_noticedAfter);
        return Pass(2 * s_noticedAfter);
    }

    public Task Stop(SiloAddress silo) => _cluster.Drain(Of(silo));

    public Task<SiloAddress> Join() => Task.FromResult(_cluster.Start().Address);

    public void Dispose() => _cluster.Dispose();

    private SimulatedSilo Of(SiloAddress silo) => _cluster.Silos.Single(s => s.Address.Equals(silo));

    /// <summary>The simulator places by rendezvous: the first number that leads to the grain's home is as good a hash as any.</summary>
    private ulong HomeKeyOf(GrainId grain)
    {
        SiloAddress[] silos = [.. _cluster.Active.Select(s => s.Address)];
        ulong[] nodes = [.. silos.Select(s => IdHash.Of(s.Endpoint.ToString()))];
        SiloAddress home = Stage.Homes.Of(grain, silos);
        ulong key = 0;
        while (!silos[Rendezvous.Choose(key, nodes)].Equals(home))
            key++;
        return key;
    }
}
