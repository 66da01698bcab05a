using Orleans.Runtime;

namespace OrleansRec.Simulation.Tests.Cluster;

/// <summary>
/// Goal: a cluster of virtual silos treats calls as Orleans does when messages and silos are lost. Method: one fault at a time, with certainty, on grains that note down what
/// happens to them.
/// </summary>
public sealed class SimulatedClusterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Soon = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Call_IsLost_TimesOutAndNeverRuns() => ClusterUnderTest.Run(async test =>
    {
        test.Cluster.Faults = new() { CallLost = 1 };
        await Assert.ThrowsAsync<TimeoutException>(() => test.Probe("a").Touch());
        Assert.Empty(test.Journal.Lines);
        Assert.Equal(1, test.Cluster.Counts[FaultKind.CallLost, "own work"]);
    });

    [Fact]
    public void Call_AnswerIsLost_HasRunAndTimesOut() => ClusterUnderTest.Run(async test =>
    {
        test.Cluster.Faults = new() { AnswerLost = 1 };
        await Assert.ThrowsAsync<TimeoutException>(() => test.Probe("a").Touch());
        Assert.Contains("a activates", test.Journal.Lines);
    });

    [Fact]
    public void Call_IsDuplicated_RunsTwiceAndIsAnsweredOnce() => ClusterUnderTest.Run(async test =>
    {
        test.Cluster.Faults = new() { Duplicated = 1 };
        await test.Probe("a").Hold(Soon);
        await Task.Delay(3 * Second, test.Clock);
        Assert.Equal(2, test.Journal.Lines.Count(l => l.StartsWith("hold", StringComparison.Ordinal) && l.EndsWith("begins", StringComparison.Ordinal)));
    });

    [Fact]
    public void Call_EachOtherAtTheSameTime_EndOnlyByTheirDeadline() => ClusterUnderTest.Run(async test =>
    {
        DateTimeOffset begin = test.Clock.GetUtcNow();
        Task one = test.Probe("a").CallBack("b", false), other = test.Probe("b").CallBack("a", false);

        await Assert.ThrowsAsync<TimeoutException>(() => one);
        await Assert.ThrowsAsync<TimeoutException>(() => other);

        Assert.True(test.Clock.GetUtcNow() - begin >= 30 * Second, "they ended before the deadline");
    });

    [Fact]
    public void Kill_CallUnderWay_FailsWhenTheDeathIsNoticed() => ClusterUnderTest.Run(async test =>
    {
        Task call = test.Probe("a").Hold(10 * Second);
        await Task.Delay(Second, test.Clock);
        DateTimeOffset before = test.Clock.GetUtcNow();
        test.Cluster.Kill(test.SiloOf("a"), Second);

        await Assert.ThrowsAsync<SiloUnavailableException>(() => call);

        Assert.Equal(Second, test.Clock.GetUtcNow() - before);
        await Task.Delay(20 * Second, test.Clock);
        Assert.DoesNotContain("hold 1 ends", test.Journal.Lines);
    });

    [Fact]
    public void Kill_GrainIsCalledAgain_LivesOnAnotherSilo() => ClusterUnderTest.Run(async test =>
    {
        await test.Probe("a").Touch();
        SimulatedSilo first = test.SiloOf("a");
        test.Cluster.Kill(first, Soon);
        await Task.Delay(Second, test.Clock);
        await test.Probe("a").Touch();
        Assert.NotEqual(first, test.SiloOf("a"));
        Assert.Equal(2, test.Journal.Lines.Count(l => l == "a activates"));
    });

    [Fact]
    public void CutOff_GrainIsCalledAgain_HasTwoActivationsForAWhile() => ClusterUnderTest.Run(async test =>
    {
        Task held = test.Probe("a").Hold(2 * Second);
        await Task.Delay(Soon, test.Clock);
        test.Cluster.CutOff(test.SiloOf("a"), noticedAfter: Soon, endsAfter: 10 * Second);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => held);
        await test.Probe("a").Touch();
        await Task.Delay(3 * Second, test.Clock);
        // The silo that was declared dead went on with the call.
        Assert.Contains("hold 1 ends", test.Journal.Lines);
        Assert.Equal(2, test.Journal.Lines.Count(l => l == "a activates"));
    });

    [Fact]
    public void Drain_GrainsEndInOrderAndLiveElsewhere() => ClusterUnderTest.Run(async test =>
    {
        await test.Probe("a").Touch();
        SimulatedSilo first = test.SiloOf("a");
        await test.Cluster.Drain(first);
        Assert.Contains("a ends: ShuttingDown", test.Journal.Lines);
        await test.Probe("a").Touch();
        Assert.NotEqual(first, test.SiloOf("a"));
    });

    [Fact]
    public void Start_SiloIsTheHomeOfSome_TheseMoveToItAndNoOthers() => ClusterUnderTest.Run(async test =>
    {
        string[] keys = [.. Enumerable.Range(0, 40).Select(k => $"k{k}")];
        foreach (string key in keys)
            await test.Probe(key).Touch();
        Dictionary<string, SimulatedSilo> before = keys.ToDictionary(k => k, test.SiloOf);
        SimulatedSilo joined = test.Cluster.Start();
        await Task.Delay(Second, test.Clock);

        Assert.InRange(test.Cluster.Placed.Count(p => p.Silo == joined), 3, 20);
        Assert.All(keys, key => Assert.True(test.SiloOf(key) == joined || test.SiloOf(key) == before[key], $"{key} moved between two silos that stayed"));
        Assert.Contains(test.Journal.Lines, l => l.EndsWith("ends: Migrating", StringComparison.Ordinal));
    });

    [Fact]
    public void Start_SiloIsTheHomeOfGrainsThatBegin_TheseBeginBeforeTheyMove() => ClusterUnderTest.Run(async test =>
    {
        string[] keys = [.. Enumerable.Range(0, 20).Select(k => $"slow{k}")];
        Task[] calls = [.. keys.Select(k => test.Probe(k).Touch())];
        await Task.Delay(Second / 2, test.Clock);
        SimulatedSilo joined = test.Cluster.Start();
        await Task.WhenAll(calls);
        await Task.Delay(5 * Second, test.Clock);

        string[] moved = [.. keys.Where(k => test.SiloOf(k) == joined)];
        Assert.NotEmpty(moved);
        string[] life = ["activates", "has begun", "ends: Migrating", "activates", "has begun"];
        Assert.All(moved, key => Assert.Equal(life.Select(l => $"{key} {l}"), test.Journal.Lines.Where(l => l.StartsWith($"{key} ", StringComparison.Ordinal))));
    });

    [Fact]
    public void Split_CallersOfBothSides_ReachDifferentActivationsUntilItEnds() => ClusterUnderTest.Run(async test =>
    {
        await test.Probe("a").Touch();
        Assert.True(test.Cluster.Split(test.Probe("a").GetGrainId(), endsAfter: 5 * Second));
        // For some purposes clients go to the one side, for others to the other.
        for (int purpose = 0; purpose < 10; purpose++)
            await test.Cluster.Call($"purpose {purpose}", async () =>
            {
                await test.Probe("a").Touch();
                return true;
            });
        Assert.Equal(2, test.Cluster.Silos.Count(s => s.Grains.Contains(test.Probe("a").GetGrainId())));

        await Task.Delay(6 * Second, test.Clock);

        Assert.Equal(1, test.Cluster.Silos.Count(s => s.Grains.Contains(test.Probe("a").GetGrainId())));
        Assert.Contains("a ends: DuplicateActivation", test.Journal.Lines);
    });

    [Fact]
    public void Run_SameSeed_IsTheSameTrace()
    {
        Assert.Equal(Hash(5), Hash(5));
        Assert.NotEqual(Hash(5), Hash(6));

        static ulong Hash(ulong seed)
        {
            ulong hash = 0;
            ClusterUnderTest.Run(async test =>
            {
                test.Cluster.Faults = new() { CallLost = 0.2, AnswerLost = 0.2, Delayed = 0.5, Duplicated = 0.3 };
                await Task.WhenAll(Enumerable.Range(0, 30).Select(async k =>
                {
                    try
                    {
                        await test.Probe($"k{k % 7}").Touch();
                    }
                    catch (TimeoutException)
                    {
                        // Lost, as it may be.
                    }
                }));
                hash = test.Cluster.Trace.Hash;
            }, seed);
            return hash;
        }
    }

    [Fact]
    public void Run_ContinuedFromAForeignThread_FailsTheRunAndNamesTheGrain()
    {
        using var test = new ClusterUnderTest(1);
        var foreign = new Thread(test.Journal.Source.SetResult);

        var thrown = Assert.Throws<ForeignThreadException>(() => test.Scheduler.Run(async () =>
        {
            Task call = test.Probe("w").WaitForTest();
            await Task.Delay(Second, test.Clock);
            foreign.Start();
            foreign.Join();
            await call;
        }));

        Assert.Contains("probe/w", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TaskThatNothingWillComplete_SaysSo()
    {
        var scheduler = new DeterministicScheduler(1);

        var thrown = Assert.Throws<InvalidOperationException>(() => scheduler.Run(() => new TaskCompletionSource().Task));

        Assert.Contains("Nothing is left to run", thrown.Message, StringComparison.Ordinal);
    }
}
