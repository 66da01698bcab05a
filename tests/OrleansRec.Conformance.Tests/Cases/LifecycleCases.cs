using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>Goal: activations begin and end when they should, and no call is lost between two of them. Method: grains that note down their life.</summary>
public abstract class LifecycleCases(IConformanceHost host) : ConformanceCases(host)
{
    [Fact]
    public Task GetGrain_WithoutACall_ActivatesNothing() => Run(async story =>
    {
        _ = story.Outside<ILifeGrain>();
        await story.Outside<ILifeGrain>("other").Touch();

        Assert.DoesNotContain("a activates", story.Lines);
    });

    [Fact]
    public Task Call_ManyAtOnceToOneKey_ActivateOnce() => Run(async story =>
    {
        int[] calls = await story.Ends(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => story.Outside<ILifeGrain>().Touch())));

        Assert.Equal(Enumerable.Range(1, 20), calls.Order());
        Assert.Equal(["a activates", "a is active"], story.Lines);
    });

    [Fact]
    public Task OnActivate_Waits_CallsWaitForItsEnd() => Run(async story =>
    {
        Task call = story.Outside<ILifeGrain>("slow").HoldAt("1"), interleaved = story.Outside<ILifeGrain>("slow").HoldInterleaved("2");
        await story.Sees("slow activates");
        story.Open("1", "slow");
        story.Open("2", "slow");
        story.Open("begin", "slow");
        await story.Ends(Task.WhenAll(call, interleaved));

        Assert.Equal(["slow activates", "slow is active"], story.Lines[..2]);
    });

    [Fact]
    public Task OnActivate_CallsAnotherGrain_Hears() => Run(async story =>
    {
        await story.Ends(story.Outside<ILifeGrain>("calling").Touch());

        Assert.Equal(["calling activates", "called activates", "called is active", "calling hears 1", "calling is active"], story.Lines);
    });

    [Fact]
    public Task OnActivate_Fails_WaitingCallsFailAndTheNextTriesAgain() => Run(async story =>
    {
        ILifeGrain grain = story.Inside<ILifeGrain>("broken");
        Task first = grain.Touch();
        await story.Sees("broken activates");
        Task second = grain.Touch();
        story.Open("begin", "broken");

        Assert.Equal("broken", (await story.Fails<InvalidDataException>(first)).Message);
        Assert.Equal("broken", (await story.Fails<InvalidDataException>(second)).Message);
        Assert.DoesNotContain("broken is active", story.Lines);
        await story.Fails<InvalidDataException>(grain.Touch());
        Assert.True(story.Lines.Count(l => l == "broken activates") > 1);
    });

    [Fact]
    public Task OnActivate_Fails_CallersHearWithoutAPause() => Run(async story =>
    {
        story.Open("begin", "broken");
        long before = story.Cluster.Clock.GetTimestamp();
        await story.Fails<InvalidDataException>(story.Inside<ILifeGrain>("broken").Touch());

        // Orleans' activations wait by this clock, which nobody moves there: a pause would never end.
        Assert.Equal(TimeSpan.Zero, story.Cluster.Clock.GetElapsedTime(before));
    });

    [Fact]
    public Task OnActivate_Fails_OnDeactivateIsNotCalled() => Run(async story =>
    {
        story.Open("begin", "broken");
        await story.Fails<InvalidDataException>(story.Outside<ILifeGrain>("broken").Touch());
        await story.Fails<InvalidDataException>(story.Outside<ILifeGrain>("broken").Touch());

        Assert.All(story.Lines, l => Assert.Equal("broken activates", l));
    });

    [Fact]
    public Task Constructor_Throws_TheCallFailsWithThatAsTheCause() => Run(async story =>
    {
        InvalidOperationException failure = await story.Fails<InvalidOperationException>(story.Inside<ILifeGrain>("spoilt").Touch());

        Assert.Equal("spoilt", Assert.IsType<InvalidDataException>(failure.InnerException).Message);
    });

    [Fact]
    public Task DeactivateOnIdle_ThenACall_RunsInANewActivation() => Run(async story =>
    {
        ILifeGrain grain = story.Outside<ILifeGrain>();
        string before = await grain.Activation();
        await grain.Touch();
        await grain.End();

        Assert.Equal(1, await story.Ends(grain.Touch()));
        Assert.NotEqual(before, await grain.Activation());
        Assert.Equal(["a activates", "a is active", "a ends: ApplicationRequested", "a has ended", "a activates", "a is active"], story.Lines);
    });

    [Fact]
    public Task DeactivateOnIdle_ItsOwnCallRuns_EndsAfterIt() => Run(async story =>
    {
        Task call = story.Outside<ILifeGrain>().EndThenHold("1");
        await story.Sees("a hold 1 begins");
        story.Open("1");
        await story.Ends(call);
        await story.Sees("a has ended");

        Assert.Equal(["a activates", "a is active", "a hold 1 begins", "a hold 1 ends", "a ends: ApplicationRequested", "a has ended"], story.Lines);
    });

    [Fact]
    public Task DeactivateOnIdle_AnotherCallRuns_EndsAfterIt() => Run(async story =>
    {
        ILifeGrain grain = story.Outside<ILifeGrain>();
        Task held = grain.HoldInterleaved("1");
        await story.Sees("a interleaved 1 begins");
        await grain.End();
        Task next = grain.Touch();
        story.Open("1");
        await story.Ends(Task.WhenAll(held, next));

        Assert.Equal(
            ["a activates", "a is active", "a interleaved 1 begins", "a interleaved 1 ends", "a ends: ApplicationRequested", "a has ended", "a activates", "a is active"],
            story.Lines);
    });

    [Fact]
    public Task DeactivateOnIdle_CallsComeWhileACallRuns_RunInTheNextActivation() => Run(async story =>
    {
        ILifeGrain grain = story.Inside<ILifeGrain>();
        Task held = grain.EndThenHold("1");
        await story.Sees("a hold 1 begins");
        Task<int>[] calls = [grain.Touch(), grain.Touch()];
        story.Open("1");
        await story.Ends(held);

        Assert.Equal([1, 2], (await story.Ends(Task.WhenAll(calls))).Order());
        Assert.Equal(2, story.Lines.Count(l => l == "a activates"));
    });

    [Fact]
    public Task DeactivateOnIdle_ThenAnInterleavingCall_RunsInTheNextActivation() => Run(async story =>
    {
        ILifeGrain grain = story.Inside<ILifeGrain>();
        Task held = grain.EndThenHold("1");
        await story.Sees("a hold 1 begins");
        Task interleaved = grain.HoldInterleaved("2");
        story.Open("2");
        story.Open("1");
        await story.Ends(Task.WhenAll(held, interleaved));

        Assert.True(Array.IndexOf(story.Lines, "a interleaved 2 begins") > Array.IndexOf(story.Lines, "a has ended"), string.Join("; ", story.Lines));
    });

    [Fact]
    public Task OnDeactivate_Waits_CallsWaitForTheNextActivation() => Run(async story =>
    {
        ILifeGrain grain = story.Outside<ILifeGrain>("lingering");
        await grain.End();
        await story.Sees("lingering ends: ApplicationRequested");
        Task<int> call = grain.Touch();
        Assert.Single(story.Lines, l => l == "lingering activates");
        story.Open("end", "lingering");

        Assert.Equal(1, await story.Ends(call));
        Assert.Equal(["lingering has ended", "lingering activates", "lingering is active"], story.Lines[^3..]);
    });

    [Fact]
    public Task OnDeactivate_Fails_TheNextCallActivatesAnew() => Run(async story =>
    {
        ILifeGrain grain = story.Outside<ILifeGrain>("sour");
        await grain.Touch();
        await grain.End();

        Assert.Equal(1, await story.Ends(grain.Touch()));
        Assert.Equal(["sour activates", "sour is active", "sour ends: ApplicationRequested", "sour activates", "sour is active"], story.Lines);
    });

    [Fact]
    public Task OnDeactivate_CallsAnotherGrain_Hears() => Run(async story =>
    {
        await story.Outside<ILifeGrain>("parting").End();
        await story.Sees("parting has ended");

        Assert.Contains("parting hears 1", story.Lines);
    });

    [Fact]
    public Task DeactivateOnIdle_DuringActivation_TheCallIsPassedOnTwiceAndFails() => Run(async story =>
    {
        // Orleans says so by an exception that others cannot make; the simulator by what that is derived from.
        Exception failure = await story.FailsAs<OrleansException>(story.Inside<ILifeGrain>("restless").Touch());

        Assert.IsNotType<SiloUnavailableException>(failure);
        Assert.Equal(3, story.Lines.Count(l => l == "restless activates"));
        Assert.DoesNotContain("restless ends: ApplicationRequested", story.Lines);
    });

    [Fact]
    public Task DeactivateOnIdle_ACallGoesOut_IsAnsweredAllTheSame() => Run(async story =>
        Assert.Equal(1, await story.Ends(story.Outside<ILifeGrain>().EndThenCall("b"))));

    [Fact]
    public Task Collection_OfAnIdleActivation_EndsItWithItsReasonAndTheNextCallActivatesAnew() => Run(async story =>
    {
        ILifeGrain grain = story.Outside<ILifeGrain>();
        await grain.Touch();
        // An answer may be back before its activation counts as idle.
        while (!story.Lines.Contains("a has ended"))
            await story.Cluster.CollectIdle();

        Assert.Equal(1, await story.Ends(grain.Touch()));
        Assert.Equal(["a activates", "a is active", "a ends: ActivationIdle", "a has ended", "a activates", "a is active"], story.Lines);
    });

    [Fact]
    public Task Collection_ACallRuns_TheActivationStays() => Run(async story =>
    {
        ICallGrain grain = story.Outside<ICallGrain>();
        await grain.Add(4);
        await grain.TellAndHold("gate");
        await story.Sees("a told gate begins");

        await story.Cluster.CollectIdle();
        story.Open("gate");

        Assert.Equal(4, await story.Ends(grain.Add(0).AsTask()));
    });

    [Fact]
    public Task DelayDeactivation_WithoutAnEnd_TheActivationStays() => Run(async story =>
    {
        ILifeGrain grain = story.Outside<ILifeGrain>(), other = story.Outside<ILifeGrain>("other");
        await grain.Keep(Timeout.InfiniteTimeSpan);
        await grain.Touch();
        await other.Touch();
        while (!story.Lines.Contains("other has ended"))
            await story.Cluster.CollectIdle();

        Assert.Equal(2, await story.Ends(grain.Touch()));
        Assert.DoesNotContain("a ends: ActivationIdle", story.Lines);
    });

    [Fact]
    public Task KeepAlive_OfItsClass_TheActivationStays() => Run(async story =>
    {
        IKeptGrain grain = story.Outside<IKeptGrain>();
        ILifeGrain other = story.Outside<ILifeGrain>("other");
        await grain.Touch();
        await other.Touch();
        while (!story.Lines.Contains("other has ended"))
            await story.Cluster.CollectIdle();

        Assert.Equal(2, await story.Ends(grain.Touch()));
    });

    [Fact]
    public Task Lifecycle_OwnStages_StartInOrderBeforeOnActivateAndStopInReverseAfterOnDeactivate() => Run(async story =>
    {
        IStagedGrain grain = story.Outside<IStagedGrain>();
        await grain.Touch();
        await grain.End();
        await story.Sees("a stops first");

        Assert.Equal(["a starts first", "a starts state", "a starts last", "a activates", "a ends", "a stops last", "a stops state", "a stops first"], story.Lines);
    });
}

public sealed class LifecycleCasesOnOrleans(OrleansHost host) : LifecycleCases(host), IClassFixture<OrleansHost>;

public sealed class LifecycleCasesOnSimulator() : LifecycleCases(new SimulatorHost());
