namespace OrleansRec.Embedded.Tests;

/// <summary>Goal: one seed is one run. Method: the same load under equal and different seeds, compared turn by turn.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData(1), InlineData(20_26)]
    public void Run_SameSeed_GivesTheSameTrace(ulong seed)
    {
        var first = TraceOf(seed);
        var second = TraceOf(seed);

        Assert.True(first.Count > 500, "the load is too small to tell runs apart");
        Assert.Equal(first, second);
    }

    [Fact]
    public void Run_OtherSeeds_GiveOtherTraces()
    {
        var hashes = Enumerable.Range(1, 10).Select(seed => string.Join(',', TraceOf((ulong)seed))).Distinct();

        Assert.Equal(10, hashes.Count());
    }

    [Fact]
    public void Run_ContinuedFromAForeignThread_FailsTheRunAndNamesTheGrain()
    {
        using var engine = new EngineUnderTest();
        var source = new TaskCompletionSource();
        var counter = engine.Engine.GetGrain<IWaitGrain>("w");
        WaitGrain.Source = source;
        var call = counter.Wait();
        engine.Scheduler.RunUntilIdle();

        var foreign = new Thread(source.SetResult);
        foreign.Start();
        Assert.True(foreign.Join(TimeSpan.FromMinutes(1)), "The foreign thread has not ended within a minute.");

        var thrown = Assert.Throws<ForeignThreadException>(engine.Scheduler.RunUntilIdle);
        Assert.Contains("wait/w", thrown.Message, StringComparison.Ordinal);
        Assert.False(call.IsCompleted);
    }

    [Fact]
    public void Run_TaskThatNothingWillComplete_SaysSo()
    {
        var scheduler = new DeterministicScheduler(1);

        var thrown = Assert.Throws<InvalidOperationException>(() => scheduler.Run(() => new TaskCompletionSource().Task));

        Assert.Contains("Nothing is left to run", thrown.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> TraceOf(ulong seed)
    {
        using var engine = new EngineUnderTest(seed, keepTrace: true);
        engine.Run(async () =>
        {
            var calls = Enumerable.Range(0, 200).Select(i => (i % 3) switch
            {
                0 => engine.Grain<ICounterGrain>($"k{i % 7}").Add(),
                1 => engine.Grain<ICounterGrain>($"k{i % 5}").AddInterleaved(),
                _ => engine.Grain<IWorkerGrain>().Work(),
            });
            await Task.WhenAll(calls);
        });
        return engine.Scheduler.Trace;
    }
}
