using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Embedded.Tests;

/// <summary>Goal: what callers see of failures, deadlines and bounds. Method: calls planted to fail, to hang or to be too many.</summary>
public sealed class CallTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Call_GrainThrows_CallerSeesTypeMessageAndStack(bool serialized)
    {
        using var engine = new EngineUnderTest(configure: o => o.SerializeArguments = serialized);

        var thrown = Assert.Throws<NotSupportedException>(() => engine.Run(engine.Grain<ILifeGrain>().Fail));

        Assert.Equal("planted", thrown.Message);
        Assert.Contains("ThrowFromHere", thrown.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_NoAnswerInTime_ThrowsTimeoutAtTheDeadline()
    {
        using var engine = new EngineUnderTest(configure: o => o.ResponseTimeout = 7 * Second);
        var begin = engine.Clock.GetUtcNow();

        var thrown = Assert.Throws<TimeoutException>(() => engine.Run(() => engine.Grain<ILifeGrain>().Hold(TimeSpan.FromHours(1))));

        Assert.Equal(7 * Second, engine.Clock.GetUtcNow() - begin);
        Assert.Contains("ILifeGrain.Hold of life/a", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_MethodHasItsOwnTimeout_ThrowsThen()
    {
        using var engine = new EngineUnderTest();
        var begin = engine.Clock.GetUtcNow();

        Assert.Throws<TimeoutException>(() => engine.Run(() => engine.Grain<ILifeGrain>().HoldBriefly(TimeSpan.FromHours(1))));

        Assert.Equal(5 * Second, engine.Clock.GetUtcNow() - begin);
    }

    [Fact]
    public void Call_ExpiredInTheQueue_NeverRuns()
    {
        using var engine = new EngineUnderTest(configure: o => o.ResponseTimeout = 2 * Second);
        var grain = engine.Grain<ILifeGrain>();

        engine.Run(async () =>
        {
            _ = grain.Hold(10 * Second);
            var second = grain.Hold(Second);
            await Assert.ThrowsAsync<TimeoutException>(() => second);
        });
        engine.Pass(20 * Second);

        Assert.Equal(["a activates", "hold 1 begins", "hold 1 ends"], engine.Journal.Lines);
    }

    [Fact]
    public void Call_MoreThanMayQueue_ThrowsLimitExceededNamingTheLimit()
    {
        using var engine = new EngineUnderTest(configure: o => o.QueuedCallsMax = 3);
        var grain = engine.Grain<ILifeGrain>();

        var failed = engine.Run(async () =>
        {
            var first = grain.Hold(Second);
            await engine.Grain<ILifeGrain>("other").Touch();
            await Task.Delay(Second / 2, engine.Clock);
            var calls = Enumerable.Range(0, 5).Select(_ => grain.Touch()).ToArray();
            await first;
            await Task.WhenAll(calls.Select(c => c.ContinueWith(_ => { }, TaskScheduler.Current)));
            return calls.Where(c => c.IsFaulted).Select(c => c.Exception!.InnerException!).ToArray();
        });

        Assert.Equal(2, failed.Length);
        Assert.All(failed, e => Assert.Contains(nameof(EmbeddedOptions.QueuedCallsMax), Assert.IsType<LimitExceededException>(e).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Cancel_WhileTheGrainRuns_CallerGoesOnAndTheGrainHearsInItsTurn()
    {
        using var engine = new EngineUnderTest();
        using var cancel = new CancellationTokenSource();

        engine.Run(async () =>
        {
            var call = engine.Grain<ILifeGrain>().Hold(10 * Second, cancel.Token);
            await Task.Delay(Second, engine.Clock);
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        });
        engine.Scheduler.RunUntilIdle();

        Assert.Equal("cancelled in the grain's turn: True", engine.Journal.Lines[^1]);
    }

    [Fact]
    public void OneWay_GrainThrows_CallerNeverKnows()
    {
        using var engine = new EngineUnderTest();

        engine.Run(() => engine.Grain<ILifeGrain>().Tell("told"));
        engine.Scheduler.RunUntilIdle();

        Assert.Equal(["a activates", "told"], engine.Journal.Lines);
    }

    [Fact]
    public void ReadOnly_CallsOverlap_ButNotWithAWriter()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<ILifeGrain>();

        engine.Run(() => Task.WhenAll(grain.Look(Second), grain.Look(Second), grain.Hold(Second)));

        Assert.Equal(
            ["look begins", "look begins", "look ends", "look ends", "hold 1 begins", "hold 1 ends"], engine.Journal.Lines[1..]);
    }

    [Fact]
    public void ReadOnly_AWriterRuns_WaitsForIt()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<ILifeGrain>();

        engine.Run(() => Task.WhenAll(grain.Hold(Second), grain.Look(Second)));

        Assert.Equal(["hold 1 begins", "hold 1 ends", "look begins", "look ends"], engine.Journal.Lines[1..]);
    }

    [Fact]
    public void GetGrain_NoClassImplementsIt_NamesTheInterface()
    {
        using var engine = new EngineUnderTest();

        var thrown = Assert.Throws<ArgumentException>(() => engine.Grain<INobodysGrain>());

        Assert.Contains(nameof(INobodysGrain), thrown.Message, StringComparison.Ordinal);
    }

    [Alias("test.nobody")]
    public interface INobodysGrain : IGrainWithStringKey;
}
