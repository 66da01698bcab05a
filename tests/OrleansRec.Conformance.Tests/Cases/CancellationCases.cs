using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>Goal: a token crosses the call and what it cancels ends. Method: calls that run, wait, or do not care, cancelled by their caller.</summary>
public abstract class CancellationCases(IConformanceHost host) : ConformanceCases(host)
{
    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Cancel_TheCallRuns_TheGrainHearsAndTheCallerIsCancelled(bool inside) => Run(async story =>
    {
        using var source = new CancellationTokenSource();
        Task call = (inside ? story.Inside<ICancelGrain>() : story.Outside<ICancelGrain>()).WaitForIt(source.Token);
        await story.Sees("a waits");

        source.Cancel();

        await FailsCancelled(story, call);
        await story.Sees("a goes on in its turns");
        Assert.Equal(["a waits", "a hears", "a goes on in its turns"], story.Lines);
    });

    [Fact]
    public Task Cancel_TheGrainCarriesOn_TheCallerIsCancelledAtOnceAndTheGrainEndsItsTurn() => Run(async story =>
    {
        using var source = new CancellationTokenSource();
        Task call = story.Inside<ICancelGrain>().CarryOn("gate", source.Token);
        await story.Sees("a carries on gate begins");

        source.Cancel();
        await FailsCancelled(story, call);
        await story.Sees("a hears");
        Task next = story.Inside<ICancelGrain>().HoldAt("next");
        await story.Ends(story.Inside<ICancelGrain>().Probe());
        Assert.Equal(["a carries on gate begins", "a hears"], story.Lines);

        story.Open("next");
        story.Open("gate");
        await story.Ends(next);
        Assert.Equal(["a carries on gate begins", "a hears", "a carries on gate ends", "a hold next begins", "a hold next ends"], story.Lines);
    });

    [Fact]
    public Task Cancel_TheCallWaitsForAnother_NeverBegins() => Run(async story =>
    {
        using CancellationTokenSource source = new(), later = new();
        ICancelGrain grain = story.Inside<ICancelGrain>();
        Task first = grain.HoldAt("1");
        await story.Sees("a hold 1 begins");
        Task waiting = grain.WaitForIt(source.Token), beside = grain.WaitBeside(later.Token);
        await story.Sees("a waits beside");

        source.Cancel();
        await FailsCancelled(story, waiting);
        // What cancels a call travels as a call does: when the second has arrived, so has the first.
        later.Cancel();
        await FailsCancelled(story, beside);
        await story.Sees("a hears");
        story.Open("1");
        await story.Ends(first);
        await story.Ends(grain.CanBeCancelled());

        Assert.DoesNotContain("a waits", story.Lines);
    });

    [Fact]
    public Task Cancel_BeforeTheCall_ThrowsAtOnceAndNothingIsSent() => Run(async story =>
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        // It is no task that fails: the call itself throws.
        Assert.Throws<OperationCanceledException>(() => { _ = story.Inside<ICancelGrain>().WaitForIt(source.Token); });
        await story.Ends(story.Inside<ICancelGrain>().CanBeCancelled());

        Assert.Empty(story.Lines);
    });

    [Fact]
    public Task Cancel_AfterTheAnswer_ChangesNothing() => Run(async story =>
    {
        using var source = new CancellationTokenSource();
        story.Open("gate");
        string answer = await story.Ends(story.Outside<ICancelGrain>().CarryOn("gate", source.Token));

        source.Cancel();
        await story.Ends(story.Outside<ICancelGrain>().CanBeCancelled());

        Assert.Equal("done", answer);
        Assert.DoesNotContain("a hears", story.Lines);
    });

    [Fact]
    public Task Cancel_TheTokenWasPassedOn_TheSecondGrainHearsToo() => Run(async story =>
    {
        using var source = new CancellationTokenSource();
        Task call = story.Outside<ICancelGrain>().WaitAt("b", source.Token);
        await story.Sees("b waits");

        source.Cancel();

        await FailsCancelled(story, call);
        await story.Sees("b goes on in its turns");
    });

    [Fact]
    public Task Cancel_ByAGrain_TheOtherHears() => Run(async story =>
    {
        Task<string> call = story.Outside<ICancelGrain>().CancelOther("b");
        await story.Sees("b waits");
        story.Open("cancel");

        Assert.Equal("cancelled", await story.Ends(call));
        await story.Sees("b hears");
    });

    [Fact]
    public Task Token_ThatNobodyCanCancel_ArrivesAsOneThatSomebodyMight() => Run(async story =>
    {
        using var source = new CancellationTokenSource();

        Assert.True(await story.Ends(story.Outside<ICancelGrain>().CanBeCancelled(source.Token)));
        Assert.True(await story.Ends(story.Outside<ICancelGrain>().CanBeCancelled(CancellationToken.None)));
    });

    [Fact]
    public Task Cancel_OneOfTwoCallsWithOneToken_BothEnd() => Run(async story =>
    {
        using var source = new CancellationTokenSource();
        Task[] calls = [story.Outside<ICancelGrain>().WaitForIt(source.Token), story.Outside<ICancelGrain>("b").WaitForIt(source.Token)];
        await story.Sees("a waits");
        await story.Sees("b waits");

        source.Cancel();

        foreach (Task call in calls)
            await FailsCancelled(story, call);
        await story.Sees("a hears");
        await story.Sees("b hears");
    });

    private static async Task FailsCancelled(Story story, Task call)
    {
        try
        {
            await story.Ends(call);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        throw new Xunit.Sdk.XunitException("The call was not cancelled.");
    }
}

public sealed class CancellationCasesOnOrleans(OrleansHost host) : CancellationCases(host), IClassFixture<OrleansHost>;

public sealed class CancellationCasesOnSimulator() : CancellationCases(new SimulatorHost());
