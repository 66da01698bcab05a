using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>
/// Goal: grain timers tick when the clock says so and obey the rules of turns. Method: a clock that the case moves, and ticks that note the time. A call that
/// does not interleave waits for the end of a tick, after which the timer is set for the next.
/// </summary>
public abstract class TimerCases(IConformanceHost host) : ConformanceCases(host)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public Task Tick_DueAndPeriod_TicksThen() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Note, 2 * s_second, 5 * s_second, interleave: false);

        for (int second = 1; second <= 13; second++)
        {
            await story.Cluster.Pass(s_second);
            if (second % 5 == 2)
                await story.Sees($"a tick {1 + second / 5} after {second} s");
            await story.Ends(grain.TicksInTurns());
        }

        Assert.Equal(["a tick 1 after 2 s", "a tick 2 after 7 s", "a tick 3 after 12 s"], story.Lines);
    });

    [Fact]
    public Task Tick_InfinitePeriod_TicksOnce() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Note, s_second, Timeout.InfiniteTimeSpan, interleave: false);

        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");
        await story.Ends(grain.Touch());
        await story.Cluster.Pass(TimeSpan.FromMinutes(1));
        await story.Ends(grain.Touch());

        Assert.Equal(["a tick 1 after 1 s", "a touched", "a touched"], story.Lines);
    });

    [Fact]
    public Task Tick_DueAtOnce_TicksWithoutTimePassing() => Run(async story =>
    {
        await story.Outside<ITimerGrain>().Start(TickKind.Note, TimeSpan.Zero, Timeout.InfiniteTimeSpan, interleave: false);

        await story.Sees("a tick 1 after 0 s");
    });

    [Fact]
    public Task Tick_ACallRuns_WaitsForItsEnd() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Note, s_second, Timeout.InfiniteTimeSpan, interleave: false);
        Task held = grain.HoldAt("1");
        await story.Sees("a hold 1 begins");
        await story.Cluster.Pass(s_second);
        await story.Ends(grain.Probe());
        Assert.Equal(["a hold 1 begins"], story.Lines);

        story.Open("1");
        await story.Ends(held);
        await story.Sees("a tick 1 after 1 s");

        Assert.Equal(["a hold 1 begins", "a hold 1 ends", "a tick 1 after 1 s"], story.Lines);
    });

    [Fact]
    public Task Tick_InterleavesAndACallRuns_BeginsBesideIt() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Note, s_second, Timeout.InfiniteTimeSpan, interleave: true);
        Task held = grain.HoldAt("1");
        await story.Sees("a hold 1 begins");
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");

        story.Open("1");
        await story.Ends(held);

        Assert.Equal(["a hold 1 begins", "a tick 1 after 1 s", "a hold 1 ends"], story.Lines);
    });

    [Fact]
    public Task Tick_Runs_ACallWaitsForItsEnd() => Run(async story =>
    {
        ITimerGrain grain = story.Inside<ITimerGrain>();
        await grain.Start(TickKind.Hold, s_second, Timeout.InfiniteTimeSpan, interleave: false);
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");
        Task call = grain.Touch();
        await story.Ends(grain.Probe());
        Assert.Equal(["a tick 1 after 1 s"], story.Lines);

        story.Open("tick");
        await story.Ends(call);

        Assert.Equal(["a tick 1 after 1 s", "a tick 1 ends", "a touched"], story.Lines);
    });

    [Fact]
    public Task Tick_RunsAndInterleaves_ACallBeginsBesideIt() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Hold, s_second, Timeout.InfiniteTimeSpan, interleave: true);
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");

        await story.Ends(grain.Touch());
        story.Open("tick");
        await story.Sees("a tick 1 ends");

        Assert.Equal(["a tick 1 after 1 s", "a touched", "a tick 1 ends"], story.Lines);
    });

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Tick_LongerThanItsPeriod_NeverRunsTwiceAtOnceAndThePeriodBeginsAtItsEnd(bool interleave) => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Hold, s_second, 2 * s_second, interleave);
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");
        await story.Cluster.Pass(9 * s_second);
        await story.Ends(grain.Probe());
        Assert.Equal(["a tick 1 after 1 s"], story.Lines);

        story.Open("tick");
        await story.Sees("a tick 1 ends");
        await story.Ends(grain.Touch());
        await story.Cluster.Pass(s_second);
        await story.Ends(grain.Touch());
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 2 after 12 s");

        Assert.Equal(["a tick 1 after 1 s", "a tick 1 ends", "a touched", "a touched", "a tick 2 after 12 s"], story.Lines[..5]);
    });

    [Fact]
    public Task Tick_Fails_TicksAgain() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Fail, s_second, s_second, interleave: false);

        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");
        await story.Ends(grain.Touch());
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 2 after 2 s");
        await grain.Stop();
    });

    [Fact]
    public Task Tick_CallsAnotherGrain_Hears() => Run(async story =>
    {
        await story.Outside<ITimerGrain>().Start(TickKind.Call, s_second, Timeout.InfiniteTimeSpan, interleave: false);

        await story.Cluster.Pass(s_second);
        await story.Sees("a hears 1");
    });

    [Fact]
    public Task Tick_Always_RunsInTheTurnsOfItsGrain() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Note, s_second, Timeout.InfiniteTimeSpan, interleave: true);
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");

        Assert.True(await grain.TicksInTurns());
    });

    [Fact]
    public Task Tick_OfATimerMadeByACallWithContext_HasNone() => Run(async story =>
    {
        await story.Outside<ITimerGrain>().Start(TickKind.Context, s_second, Timeout.InfiniteTimeSpan, interleave: false);

        await story.Cluster.Pass(s_second);
        await story.Sees("a context empty");
    });

    [Fact]
    public Task Dispose_BeforeATick_EndsTheTimer() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Note, s_second, s_second, interleave: false);
        await grain.Stop();

        await story.Cluster.Pass(10 * s_second);
        await story.Ends(grain.Touch());

        Assert.Equal(["a touched"], story.Lines);
    });

    [Fact]
    public Task Dispose_InATick_EndsTheTimer() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Dispose, s_second, s_second, interleave: false);
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");
        await story.Ends(grain.Touch());

        await story.Cluster.Pass(10 * s_second);
        await story.Ends(grain.Touch());

        Assert.Equal(["a tick 1 after 1 s", "a touched", "a touched"], story.Lines);
    });

    [Fact]
    public Task Dispose_WhileATickRuns_CancelsItsToken() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Hear, s_second, s_second, interleave: false);
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");

        await grain.Stop();

        await story.Sees("a tick hears that it is over");
        story.Open("tick");
        await story.Ends(grain.Touch());
    });

    [Fact]
    public Task Change_BeforeATick_TicksAtTheNewTimes() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Note, s_second, s_second, interleave: false);
        await grain.Change(3 * s_second, 4 * s_second);

        await story.Cluster.Pass(2 * s_second);
        await story.Ends(grain.Touch());
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 3 s");
        await story.Ends(grain.Touch());
        await story.Cluster.Pass(4 * s_second);
        await story.Sees("a tick 2 after 7 s");

        Assert.Equal(["a touched", "a tick 1 after 3 s", "a touched", "a tick 2 after 7 s"], story.Lines);
        await grain.Stop();
    });

    [Fact]
    public Task Change_InATick_DecidesOnTheNext() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Change, s_second, s_second, interleave: false);
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 1 after 1 s");
        await story.Ends(grain.Touch());

        await story.Cluster.Pass(6 * s_second);
        await story.Ends(grain.Touch());
        await story.Cluster.Pass(s_second);
        await story.Sees("a tick 2 after 8 s");

        Assert.Equal(["a tick 1 after 1 s", "a touched", "a touched", "a tick 2 after 8 s"], story.Lines);
    });

    [Fact]
    public Task DeactivateOnIdle_ATimerIsSet_NeverTicksAgain() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.Note, s_second, s_second, interleave: true);
        await grain.End();
        await story.Sees("a ends: ApplicationRequested");
        await story.Ends(grain.Touch());

        await story.Cluster.Pass(10 * s_second);
        await story.Ends(grain.Touch());

        Assert.Equal(["a ends: ApplicationRequested", "a touched", "a touched"], story.Lines);
    });

    [Fact]
    public Task DeactivateOnIdle_InATick_EndsAfterIt() => Run(async story =>
    {
        ITimerGrain grain = story.Outside<ITimerGrain>();
        await grain.Start(TickKind.End, s_second, s_second, interleave: false);
        await story.Cluster.Pass(s_second);
        await story.Sees("a ends: ApplicationRequested");
        await story.Ends(grain.Touch());

        await story.Cluster.Pass(10 * s_second);
        await story.Ends(grain.Touch());

        Assert.Equal(["a tick 1 after 1 s", "a ends: ApplicationRequested", "a touched", "a touched"], story.Lines);
    });

    [Fact]
    public Task Delay_OfTheGrainsClock_EndsWhenTheClockSaysSo() => Run(async story =>
    {
        Task call = story.Outside<ITimerGrain>().Delay(5 * s_second);
        await story.Sees("a delay begins");

        await story.Cluster.Pass(5 * s_second);
        await story.Ends(call);
    });
}

public sealed class TimerCasesOnOrleans(OrleansHost host) : TimerCases(host), IClassFixture<OrleansHost>;

public sealed class TimerCasesOnSimulator() : TimerCases(new SimulatorHost());
