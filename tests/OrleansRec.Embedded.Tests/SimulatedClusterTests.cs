using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Embedded.Tests;

/// <summary>
/// Goal: a cluster of virtual silos treats calls as Orleans does when messages and silos are lost. Method: one fault at a time, with certainty, on grains
/// that note down what happens to them.
/// </summary>
public sealed class SimulatedClusterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Soon = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Call_IsLost_TimesOutAndNeverRuns() => Run(async cluster =>
    {
        cluster.Cluster.Faults = new() { CallLost = 1 };
        await Assert.ThrowsAsync<TimeoutException>(() => cluster.Life("a").Touch());
        Assert.Empty(cluster.Journal.Lines);
        Assert.Equal(1, cluster.Cluster.Counts[FaultKind.CallLost, "own work"]);
    });

    [Fact]
    public void Call_AnswerIsLost_HasRunAndTimesOut() => Run(async cluster =>
    {
        cluster.Cluster.Faults = new() { AnswerLost = 1 };
        await Assert.ThrowsAsync<TimeoutException>(() => cluster.Life("a").Touch());
        Assert.Contains("a activates", cluster.Journal.Lines);
    });

    [Fact]
    public void Call_IsDuplicated_RunsTwiceAndIsAnsweredOnce() => Run(async cluster =>
    {
        cluster.Cluster.Faults = new() { Duplicated = 1 };
        await cluster.Life("a").Hold(Soon);
        await Task.Delay(3 * Second, cluster.Clock);
        Assert.Equal(2, cluster.Journal.Lines.Count(l => l.StartsWith("hold", StringComparison.Ordinal) && l.EndsWith("begins", StringComparison.Ordinal)));
    });

    [Fact]
    public void Kill_CallUnderWay_FailsWhenTheDeathIsNoticed() => Run(async cluster =>
    {
        Task call = cluster.Life("a").Hold(10 * Second);
        await Task.Delay(Second, cluster.Clock);
        DateTimeOffset before = cluster.Clock.GetUtcNow();
        cluster.Cluster.Kill(cluster.SiloOf("a"), Second);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);

        Assert.Equal(Second, cluster.Clock.GetUtcNow() - before);
        await Task.Delay(20 * Second, cluster.Clock);
        Assert.DoesNotContain("hold 1 ends", cluster.Journal.Lines);
    });

    [Fact]
    public void Kill_GrainIsCalledAgain_LivesOnAnotherSilo() => Run(async cluster =>
    {
        await cluster.Life("a").Touch();
        SimulatedSilo first = cluster.SiloOf("a");
        cluster.Cluster.Kill(first, Soon);
        await Task.Delay(Second, cluster.Clock);
        await cluster.Life("a").Touch();
        Assert.NotEqual(first, cluster.SiloOf("a"));
        Assert.Equal(2, cluster.Journal.Lines.Count(l => l == "a activates"));
    });

    [Fact]
    public void CutOff_GrainIsCalledAgain_HasTwoActivationsForAWhile() => Run(async cluster =>
    {
        Task held = cluster.Life("a").Hold(2 * Second);
        await Task.Delay(Soon, cluster.Clock);
        cluster.Cluster.CutOff(cluster.SiloOf("a"), noticedAfter: Soon, endsAfter: 10 * Second);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => held);
        await cluster.Life("a").Touch();
        await Task.Delay(3 * Second, cluster.Clock);
        // The silo that was taken for dead went on with the call.
        Assert.Contains("hold 1 ends", cluster.Journal.Lines);
        Assert.Equal(2, cluster.Journal.Lines.Count(l => l == "a activates"));
    });

    [Fact]
    public void Drain_GrainsEndInOrderAndLiveElsewhere() => Run(async cluster =>
    {
        await cluster.Life("a").Touch();
        SimulatedSilo first = cluster.SiloOf("a");
        await cluster.Cluster.Drain(first);
        Assert.Contains(cluster.Journal.Lines, l => l.StartsWith("a ends", StringComparison.Ordinal));
        await cluster.Life("a").Touch();
        Assert.NotEqual(first, cluster.SiloOf("a"));
    });

    [Fact]
    public void Start_ThenRebalance_MovesAShareOfTheGrains() => Run(async cluster =>
    {
        string[] keys = [.. Enumerable.Range(0, 40).Select(k => $"k{k}")];
        foreach (string key in keys)
            await cluster.Life(key).Touch();
        SimulatedSilo joined = cluster.Cluster.Start();
        cluster.Cluster.Rebalance();
        await Task.Delay(Second, cluster.Clock);
        foreach (string key in keys)
            await cluster.Life(key).Touch();
        Assert.InRange(cluster.Cluster.Places.Count(p => p.Silo == joined), 3, 20);
    });

    [Fact]
    public void Split_CallersOfBothSides_ReachDifferentActivationsUntilItEnds() => Run(async cluster =>
    {
        await cluster.Life("a").Touch();
        SimulatedSilo first = cluster.SiloOf("a");
        Assert.True(cluster.Cluster.Split("life", "a", endsAfter: 5 * Second));
        foreach (int _ in Enumerable.Range(0, 5))
            await cluster.Life("a").Touch();
        await Task.Delay(6 * Second, cluster.Clock);
        Assert.NotEqual(first, cluster.SiloOf("a"));
        Assert.Contains(cluster.Journal.Lines, l => l.StartsWith("a ends", StringComparison.Ordinal));
    });

    [Fact]
    public void Run_SameSeed_IsTheSameTrace()
    {
        Assert.Equal(Hash(5), Hash(5));
        Assert.NotEqual(Hash(5), Hash(6));

        static ulong Hash(ulong seed)
        {
            ulong hash = 0;
            Run(async cluster =>
            {
                cluster.Cluster.Faults = new() { CallLost = 0.2, AnswerLost = 0.2, Delayed = 0.5, Duplicated = 0.3 };
                await Task.WhenAll(Enumerable.Range(0, 30).Select(async k =>
                {
                    try
                    {
                        await cluster.Life($"k{k % 7}").Touch();
                    }
                    catch (TimeoutException)
                    {
                        // Lost, as it may be.
                    }
                }));
                hash = cluster.Cluster.Trace.Hash;
            }, seed);
            return hash;
        }
    }

    private static void Run(Func<ClusterUnderTest, Task> test, ulong seed = 1)
    {
        using var cluster = new ClusterUnderTest(seed);
        cluster.Scheduler.Run(() => test(cluster));
    }

    private sealed class ClusterUnderTest : IDisposable
    {
        public ClusterUnderTest(ulong seed)
        {
            Scheduler = new(seed, Clock);
            Cluster = new(
                seed, Scheduler, Clock,
                o =>
                {
                    o.GrainAssemblies.Add(typeof(ClusterUnderTest).Assembly);
                    o.StatelessWorkersMax = 2;
                },
                Build, _ => null, new EventTrace(Clock));
            for (int silo = 0; silo < 3; silo++)
                Cluster.Start();
        }

        public SimulatedClock Clock { get; } = new();

        public DeterministicScheduler Scheduler { get; }

        public Journal Journal { get; } = new();

        public SimulatedCluster Cluster { get; }

        public ILifeGrain Life(string key) => Cluster.Grains.GetGrain<ILifeGrain>(key);

        public SimulatedSilo SiloOf(string key) => Cluster.Places.Single(p => p.Class == "life" && p.Key == key).Silo;

        public void Dispose() => Cluster.Dispose();

        private IServiceProvider Build(SimulatedSilo silo)
        {
            var services = new ServiceCollection();
            services.AddSingleton<TimeProvider>(silo.Clock).AddSingleton<IEngineScheduler>(Scheduler).AddSingleton(Journal).AddLogging();
            services.AddMemoryGrainStorage("rec");
            return services.BuildServiceProvider();
        }
    }
}
