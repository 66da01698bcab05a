using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>Goal: a grain is called back by its own chain of calls exactly where it admits that. Method: grains that call each other in a circle.</summary>
public abstract class ReentrancyCases(IConformanceHost host) : ConformanceCases(host)
{
    [Fact]
    public Task AllowCallChainReentrancy_CalledBackByTheChain_Answers() => Run(async story =>
        Assert.Equal("b was told: a answers", await story.Ends(story.Outside<IChainGrain>().CallAround(ChainKind.Allowed, "b"))));

    [Fact]
    public Task AllowCallChainReentrancy_CallToItself_Answers() => Run(async story =>
        Assert.Equal("a answers", await story.Ends(story.Outside<IChainGrain>().CallItself(ChainKind.Allowed))));

    [Fact]
    public Task AllowCallChainReentrancy_ACallOfAnotherChain_WaitsAllTheSame() => Run(async story =>
    {
        IChainGrain grain = story.Inside<IChainGrain>();
        Task around = grain.CallAroundHeld("b");
        await story.Sees("b hold gate begins");
        // The activation is there: what comes now arrives in its order, so the second call shows that the first waits.
        Task stranger = grain.NoteDown("stranger");
        await story.Ends(grain.AnswerInterleaved());

        story.Open("gate", "b");
        await story.Ends(Task.WhenAll(around, stranger));

        Assert.Equal(["b hold gate begins", "b hold gate ends", "a called back", "a has called around", "a stranger"], story.Lines);
    });

    [Fact]
    public Task Reentrant_CalledBackByTheChain_Answers() => Run(async story =>
        Assert.Equal("a answers", await story.Ends(story.Outside<IReentrantChainGrain>().CallAround("b"))));

    [Fact]
    public Task AlwaysInterleave_CalledBackByTheChain_Answers() => Run(async story =>
        Assert.Equal("a answers", await story.Ends(story.Outside<IChainGrain>().CallAroundInterleaved("b"))));

    [Fact]
    public Task RequestContext_SetByTheCaller_IsSeenByTheWholeChain() => Run(async story =>
        Assert.Equal(["a sees blue", "b sees blue"], await story.Ends(story.Outside<IContextGrain>().ReadDown("blue", "b"))));

    [Fact]
    public Task RequestContext_ChangedByTheCalled_TheCallerKeepsItsOwn() => Run(async story =>
        Assert.Equal("blue", await story.Ends(story.Outside<IContextGrain>().SetThenCallOneThatChanges("blue", "b"))));

    [Fact]
    public Task RequestContext_OfOneCall_IsNotThatOfTheNext() => Run(async story =>
    {
        await story.Ends(story.Outside<IContextGrain>().ReadDown("blue", "b"));

        Assert.Null(await story.Ends(story.Outside<IContextGrain>("b").Read()));
    });

    [Fact]
    public Task RequestContext_SetOutside_ReachesTheGrain() => Run(async story =>
    {
        Orleans.Runtime.RequestContext.Set("colour", "green");
        try
        {
            Assert.Equal("green", await story.Ends(story.Outside<IContextGrain>().Read()));
        }
        finally
        {
            Orleans.Runtime.RequestContext.Remove("colour");
        }
    });
}

public sealed class ReentrancyCasesOnOrleans(OrleansHost host) : ReentrancyCases(host), IClassFixture<OrleansHost>;

public sealed class ReentrancyCasesOnSimulator() : ReentrancyCases(new SimulatorHost());
