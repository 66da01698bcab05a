namespace OrleansRec.Embedded.Tests;

/// <summary>Goal: activations begin and end when they should. Method: grains that note down their life, under a simulated clock.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public void Call_ManyAtOnceToOneKey_ActivateOnce()
    {
        using var engine = new EngineUnderTest();

        engine.Run(() => Task.WhenAll(Enumerable.Range(0, 10).Select(_ => engine.Grain<ILifeGrain>().Touch())));

        Assert.Equal(["a activates"], engine.Journal.Lines);
    }

    [Fact]
    public void GetGrain_WithoutCall_ActivatesNothing()
    {
        using var engine = new EngineUnderTest();

        _ = engine.Grain<ILifeGrain>();
        engine.Scheduler.RunUntilIdle();

        Assert.Empty(engine.Engine.ActivationCounts);
    }

    [Fact]
    public void OnActivate_Fails_WaitingCallsFailAndTheNextCallTriesAgain()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<ILifeGrain>("broken");

        var both = engine.Run(async () =>
        {
            var calls = new[] { grain.Touch(), grain.Touch() };
            await Task.WhenAll(calls.Select(c => c.ContinueWith(_ => { }, TaskScheduler.Current)));
            return calls;
        });

        Assert.All(both, call => Assert.IsType<InvalidDataException>(call.Exception!.InnerException));
        Assert.Equal("life/broken", engine.Run(grain.Touch));
    }

    [Fact]
    public void DeactivateOnIdle_CallsFollow_RunInANewActivation()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<ILifeGrain>();

        engine.Run(() => Task.WhenAll(grain.End(), grain.Touch(), grain.Touch()));

        Assert.Equal(["a activates", "a ends: ApplicationRequested", "a activates"], engine.Journal.Lines);
    }

    [Fact]
    public void DeactivateOnIdle_AnotherCallRuns_WaitsForIt()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<ILifeGrain>();

        engine.Run(() => Task.WhenAll(grain.HoldInterleaved(TimeSpan.FromSeconds(1)), grain.End()));
        engine.Scheduler.RunUntilIdle();

        Assert.Equal(["a activates", "interleaved begins", "interleaved ends", "a ends: ApplicationRequested"], engine.Journal.Lines);
    }

    [Fact]
    public void Collection_IdleForItsAge_EndsTheActivationAndNotBefore()
    {
        using var engine = new EngineUnderTest(configure: o => o.CollectionAge = TimeSpan.FromMinutes(5));
        engine.Run(engine.Grain<ILifeGrain>().Touch);

        engine.Pass(TimeSpan.FromMinutes(4));
        Assert.Equal(1, engine.Engine.ActivationCounts["life"]);
        engine.Pass(TimeSpan.FromMinutes(2));

        Assert.Equal("a ends: ActivationIdle", engine.Journal.Lines[^1]);
        Assert.Empty(engine.Engine.ActivationCounts);
    }

    [Fact]
    public void Collection_ClassKeptAlive_Stays()
    {
        using var engine = new EngineUnderTest();
        engine.Run(engine.Grain<IKeptGrain>().Touch);

        engine.Pass(TimeSpan.FromDays(1));

        Assert.Equal(1, engine.Engine.ActivationCounts["kept"]);
    }

    [Fact]
    public void DelayDeactivation_ForLongerThanItsAge_KeepsTheActivationSoLong()
    {
        using var engine = new EngineUnderTest(configure: o => o.CollectionAge = TimeSpan.FromMinutes(5));
        engine.Run(() => engine.Grain<ILifeGrain>().Keep(TimeSpan.FromHours(1)));

        engine.Pass(TimeSpan.FromMinutes(59));
        Assert.Equal(1, engine.Engine.ActivationCounts["life"]);
        engine.Pass(TimeSpan.FromMinutes(2));

        Assert.Empty(engine.Engine.ActivationCounts);
    }

    [Fact]
    public void Stop_ActivationsLive_EndsEachAndThenRefusesCalls()
    {
        using var engine = new EngineUnderTest();
        engine.Run(() => Task.WhenAll(engine.Grain<ILifeGrain>("a").Touch(), engine.Grain<ILifeGrain>("b").Touch()));

        engine.Run(() => engine.Engine.Stop());

        Assert.Contains("a ends: ShuttingDown", engine.Journal.Lines);
        Assert.Contains("b ends: ShuttingDown", engine.Journal.Lines);
        Assert.Throws<Orleans.Runtime.SiloUnavailableException>(() => engine.Run(engine.Grain<ILifeGrain>().Touch));
    }

    [Fact]
    public void Stop_OnDeactivateNeverReturns_EndsAtTheDeactivationTimeout()
    {
        using var engine = new EngineUnderTest(configure: o => o.DeactivationTimeout = TimeSpan.FromSeconds(2));
        engine.Run(engine.Grain<ILifeGrain>("stuck").Touch);
        var before = engine.Clock.GetUtcNow();

        engine.Run(() => engine.Engine.Stop());

        Assert.Equal(TimeSpan.FromSeconds(2), engine.Clock.GetUtcNow() - before);
    }

    [Fact]
    public void Stop_CallNeverReturns_FailsItAtTheStopTimeout()
    {
        using var engine = new EngineUnderTest(configure: o => o.StopTimeout = TimeSpan.FromSeconds(3));

        var held = engine.Run(async () =>
        {
            var call = engine.Grain<ILifeGrain>().Hold(TimeSpan.FromDays(1));
            await Task.Yield();
            await engine.Engine.Stop();
            return call;
        });

        Assert.IsType<Orleans.Runtime.SiloUnavailableException>(held.Exception!.InnerException);
    }
}
