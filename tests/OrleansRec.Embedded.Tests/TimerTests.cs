namespace OrleansRec.Embedded.Tests;

/// <summary>Goal: grain timers tick when the clock says so and obey the rules of turns. Method: ticks noted with the simulated time.</summary>
public sealed class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Tick_DueAndPeriod_TicksThen()
    {
        using var engine = new EngineUnderTest();
        engine.Run(() => engine.Grain<ILifeGrain>().Tick(2 * Second, 5 * Second, false, false));

        for (var i = 0; i < 13; i++)
            engine.Pass(Second);

        Assert.Equal(["tick at 00:02", "tick at 00:07", "tick at 00:12"], engine.Journal.Lines[1..]);
    }

    [Fact]
    public void Tick_InfinitePeriod_TicksOnce()
    {
        using var engine = new EngineUnderTest();
        engine.Run(() => engine.Grain<ILifeGrain>().Tick(Second, Timeout.InfiniteTimeSpan, false, false));

        engine.Pass(Second);
        engine.Pass(TimeSpan.FromMinutes(1));

        Assert.Single(engine.Journal.Lines, l => l.StartsWith("tick", StringComparison.Ordinal));
    }

    [Fact]
    public void Tick_CallRuns_WaitsUnlessItInterleaves()
    {
        foreach (var interleaves in new[] { false, true })
        {
            using var engine = new EngineUnderTest();
            var grain = engine.Grain<ILifeGrain>();

            engine.Run(async () =>
            {
                await grain.Tick(Second, Timeout.InfiniteTimeSpan, interleaves, false);
                await grain.Hold(3 * Second);
                await grain.Touch();
            });

            var tick = interleaves ? "tick at 00:01" : "tick at 00:03";
            Assert.Contains(tick, engine.Journal.Lines);
            Assert.Equal(interleaves, Array.IndexOf(engine.Journal.Lines, tick) < Array.IndexOf(engine.Journal.Lines, "hold 1 ends"));
        }
    }

    [Fact]
    public void Dispose_BeforeATick_EndsTheTimer()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<ILifeGrain>();

        engine.Run(async () =>
        {
            await grain.Tick(Second, Second, false, false);
            await grain.StopTicking();
        });
        engine.Pass(10 * Second);

        Assert.Equal(["a activates"], engine.Journal.Lines);
    }

    [Theory]
    [InlineData(false, 0), InlineData(true, 1)]
    public void KeepAlive_TicksOftenerThanTheAge_DecidesCollection(bool keepAlive, int left)
    {
        using var engine = new EngineUnderTest(configure: o => o.CollectionAge = TimeSpan.FromMinutes(5));
        engine.Run(() => engine.Grain<ILifeGrain>().Tick(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), false, keepAlive));

        for (var minute = 0; minute < 20; minute++)
            engine.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(left, engine.Engine.ActivationCounts.GetValueOrDefault("life"));
    }

    [Fact]
    public void Background_NotAwaitedByTheCall_GoesOnInTurnsWithoutHoldingOthersBack()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<ILifeGrain>();

        engine.Run(async () =>
        {
            await grain.StartBackground(Second);
            await grain.Touch();
        });
        Assert.Equal(["a activates"], engine.Journal.Lines);
        engine.Pass(Second);

        Assert.Equal("background in the grain's turns: True", engine.Journal.Lines[^1]);
    }
}
