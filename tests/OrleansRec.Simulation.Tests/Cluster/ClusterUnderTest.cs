using Microsoft.Extensions.DependencyInjection;

namespace OrleansRec.Simulation.Tests.Cluster;

/// <summary>Three silos with probes.</summary>
internal sealed class ClusterUnderTest : IDisposable
{
    public ClusterUnderTest(ulong seed)
    {
        Scheduler = new(seed, Clock);
        var options = new ClusterOptions
        {
            ConfigureServices = (_, services) => services.AddSingleton(Journal).AddSingleton<TimeProvider>(Clock), MovePeriod = TimeSpan.FromMilliseconds(100),
        };
        options.GrainAssemblies.Add(typeof(ProbeGrain).Assembly);
        Cluster = new(seed, Scheduler, Clock, options, new EventTrace(Clock));
        for (int silo = 0; silo < 3; silo++)
            Cluster.Start();
    }

    public SimulatedClock Clock { get; } = new();

    public DeterministicScheduler Scheduler { get; }

    public ProbeJournal Journal { get; } = new();

    public SimulatedCluster Cluster { get; }

    public static void Run(Func<ClusterUnderTest, Task> test, ulong seed = 1)
    {
        using var cluster = new ClusterUnderTest(seed);
        cluster.Scheduler.Run(() => test(cluster));
    }

    public IProbeGrain Probe(string key) => Cluster.Client.GetGrain<IProbeGrain>(key);

    public SimulatedSilo SiloOf(string key) => Cluster.Placed.Single(p => p.Grain.Key.ToString() == key).Silo;

    public void Dispose() => Cluster.Dispose();
}
