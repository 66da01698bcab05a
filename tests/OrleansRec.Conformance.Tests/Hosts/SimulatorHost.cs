using OrleansRec.Simulation.Engine.Scheduling;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>The simulator. Every case has a cluster of its own, and runs once for each of some seeds: they decide in which order turns are taken.</summary>
public sealed class SimulatorHost : IConformanceHost
{
    private const int SeedsMax = 10;

    public Task Run(ClusterShape shape, bool isAlone, Func<IConformanceCluster, Task> body)
    {
        for (ulong seed = 1; seed <= SeedsMax; seed++)
            Run(shape, seed, body);
        return Task.CompletedTask;
    }

    private static void Run(ClusterShape shape, ulong seed, Func<IConformanceCluster, Task> body)
    {
        var clock = new SimulatedClock();
        var scheduler = new DeterministicScheduler(seed, clock);
        using var cluster = new SimulatorCluster(shape, seed, scheduler, clock);
        try
        {
            scheduler.Run(() => body(cluster));
        }
        catch (Exception failure)
        {
            throw new Xunit.Sdk.XunitException($"On seed {seed}: {failure.Message}", failure);
        }
    }
}
