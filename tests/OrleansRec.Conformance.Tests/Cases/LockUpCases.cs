using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>
/// Goal: activations that wait for each other are freed by the response timeout and by nothing else. Method: circles of calls on a cluster whose calls
/// wait for a second; on Orleans it passes for real.
/// </summary>
public abstract class LockUpCases(IConformanceHost host) : ConformanceCases(host)
{
    protected override ClusterShape Shape => ClusterShape.ShortCalls;

    [Fact]
    public Task CallAround_TheFirstIsCalledBack_TimesOutAndBothAnswerAgain() => Run(async story =>
    {
        IChainGrain grain = story.Outside<IChainGrain>();

        await story.Fails<TimeoutException>(grain.CallAround(ChainKind.Plain, "b"));

        await story.Sees("b timed out");
        Assert.Equal("a answers", await story.Ends(grain.Answer()));
        Assert.Equal("b answers", await story.Ends(story.Outside<IChainGrain>("b").Answer()));
    });

    [Fact]
    public Task Meet_TwoCallEachOther_BothTimeOutAndAnswerAgain() => Run(async story =>
    {
        Task first = story.Outside<IChainGrain>().Meet("b", "gate"), second = story.Outside<IChainGrain>("b").Meet("a", "gate");
        await story.Sees("a meet gate begins");
        await story.Sees("b meet gate begins");
        story.Open("gate");
        story.Open("gate", "b");

        await story.Sees("a timed out");
        await story.Sees("b timed out");

        Assert.Equal("a answers", await story.Ends(story.Outside<IChainGrain>().Answer()));
        Assert.Equal("b answers", await story.Ends(story.Outside<IChainGrain>("b").Answer()));
        // The calls of the test waited as long as those of the grains: some time out, some do not.
        await story.Ends(Task.WhenAll(first.ContinueWith(_ => { }, TaskScheduler.Current), second.ContinueWith(_ => { }, TaskScheduler.Current)));
    });

    [Fact]
    public Task CallItself_Awaited_TimesOutAndAnswersAgain() => Run(async story =>
    {
        IChainGrain grain = story.Outside<IChainGrain>();

        await story.Fails<TimeoutException>(grain.CallItself(ChainKind.Plain));

        Assert.Equal("a answers", await story.Ends(grain.Answer()));
    });

    [Fact]
    public Task SuppressCallChainReentrancy_CalledBackByTheChain_TimesOut() => Run(async story =>
    {
        await story.Fails<TimeoutException>(story.Outside<IChainGrain>().CallAround(ChainKind.Suppressed, "b"));

        await story.Sees("b timed out");
    });

    [Fact]
    public Task AllowCallChainReentrancy_ForAnEarlierCallOnly_TimesOut() => Run(async story =>
    {
        await story.Fails<TimeoutException>(story.Outside<IChainGrain>().CallAround(ChainKind.AllowedBefore, "b"));

        await story.Sees("b timed out");
    });

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Call_NoAnswerInTime_TimesOutAndTheGrainGoesOn(bool inside) => Run(async story =>
    {
        ITurnGrain grain = inside ? story.Inside<ITurnGrain>() : story.Outside<ITurnGrain>();

        await story.Fails<TimeoutException>(grain.HoldAt("gate"));
        story.Open("gate");
        await story.Sees("a hold gate ends");

        await story.Ends(grain.Touch());
    });

    [Fact]
    public Task Call_TimedOutWhileItWaited_NeverBegins() => Run(async story =>
    {
        ITurnGrain grain = story.Inside<ITurnGrain>();
        Task first = grain.HoldAt("1");
        await story.Sees("a hold 1 begins");

        await story.Fails<TimeoutException>(grain.HoldAt("2"));
        await story.Fails<TimeoutException>(first);
        story.Open("1");
        await story.Ends(grain.Touch());

        Assert.Equal(["a hold 1 begins", "a hold 1 ends", "a touched"], story.Lines);
    });
}

public sealed class LockUpCasesOnOrleans(OrleansHost host) : LockUpCases(host), IClassFixture<OrleansHost>;

public sealed class LockUpCasesOnSimulator() : LockUpCases(new SimulatorHost());
