using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>
/// Goal: calls of one activation overlap exactly where that is marked. Method: calls that wait at gates. They come from inside the silo of an activation that is
/// there: what one sender sends arrives in its order then, so that a probe that has come back shows that the calls before it wait.
/// </summary>
public abstract class InterleavingCases(IConformanceHost host) : ConformanceCases(host)
{
    [Fact]
    public Task Hold_AnotherCallComes_WaitsForItsEnd() => Run(async story =>
    {
        ITurnGrain grain = await Active(story);
        Task first = grain.HoldAt("1"), second = grain.HoldAt("2");
        await story.Sees("a hold 1 begins");
        await story.Ends(grain.Probe());
        Assert.Equal(["a hold 1 begins"], story.Lines);

        story.Open("2");
        story.Open("1");
        await story.Ends(Task.WhenAll(first, second));

        Assert.Equal(["a hold 1 begins", "a hold 1 ends", "a hold 2 begins", "a hold 2 ends"], story.Lines);
    });

    [Fact]
    public Task Hold_CallsWait_BeginInTheOrderOfTheirArrival() => Run(async story =>
    {
        ITurnGrain grain = await Active(story);
        foreach (int i in Enumerable.Range(0, 5))
            story.Open($"{i}");

        await story.Ends(Task.WhenAll(Enumerable.Range(0, 5).Select(i => grain.HoldAt($"{i}"))));

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"a hold {i} begins"), story.Lines.Where(l => l.EndsWith("begins", StringComparison.Ordinal)));
    });

    [Fact]
    public Task Add_ManyCallsAtOnce_LosesNone() => Run(async story =>
    {
        ITurnGrain grain = story.Outside<ITurnGrain>();
        story.Open("add");

        int[] results = await story.Ends(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => grain.Add())));

        Assert.Equal(Enumerable.Range(1, 20), results.Order());
    });

    [Fact]
    public Task AlwaysInterleave_ManyCallsAtOnce_AllReadBeforeAnyWrites() => Run(async story =>
    {
        ITurnGrain grain = await Active(story);
        Task<int>[] calls = [.. Enumerable.Range(0, 20).Select(_ => grain.AddInterleaved())];
        await story.Ends(grain.Probe());
        story.Open("add");

        Assert.All(await story.Ends(Task.WhenAll(calls)), result => Assert.Equal(1, result));
    });

    [Fact]
    public Task AlwaysInterleave_ACallRuns_BeginsBesideIt() => Run(async story =>
    {
        ITurnGrain grain = story.Outside<ITurnGrain>();
        Task first = grain.HoldAt("1");
        await story.Sees("a hold 1 begins");
        Task second = grain.HoldInterleaved("2");
        await story.Sees("a interleaved 2 begins");

        story.Open("2");
        await story.Ends(second);
        story.Open("1");
        await story.Ends(first);

        Assert.Equal(["a hold 1 begins", "a interleaved 2 begins", "a interleaved 2 ends", "a hold 1 ends"], story.Lines);
    });

    [Fact]
    public Task AlwaysInterleave_OthersWait_OvertakesThem() => Run(async story =>
    {
        ITurnGrain grain = await Active(story);
        Task first = grain.HoldAt("1"), second = grain.HoldAt("2");
        await story.Sees("a hold 1 begins");
        story.Open("3");

        await story.Ends(grain.HoldInterleaved("3"));

        Assert.Equal(["a hold 1 begins", "a interleaved 3 begins", "a interleaved 3 ends"], story.Lines);
        story.Open("1");
        story.Open("2");
        await story.Ends(Task.WhenAll(first, second));
    });

    [Fact]
    public Task AlwaysInterleave_OneRuns_ACallThatDoesNotInterleaveBeginsBesideIt() => Run(async story =>
    {
        ITurnGrain grain = story.Outside<ITurnGrain>();
        Task interleaved = grain.HoldInterleaved("1");
        await story.Sees("a interleaved 1 begins");

        Task held = grain.HoldAt("2");
        await story.Sees("a hold 2 begins");

        story.Open("1");
        story.Open("2");
        await story.Ends(Task.WhenAll(interleaved, held));
    });

    [Fact]
    public Task ReadOnly_AnotherReadOnlyRuns_BeginsBesideIt() => Run(async story =>
    {
        ITurnGrain grain = story.Outside<ITurnGrain>();
        Task first = grain.Look("1");
        await story.Sees("a look 1 begins");
        Task second = grain.Look("2");
        await story.Sees("a look 2 begins");

        story.Open("1");
        story.Open("2");
        await story.Ends(Task.WhenAll(first, second));
    });

    [Fact]
    public Task ReadOnly_AWriterRuns_WaitsForIt() => Run(async story =>
    {
        ITurnGrain grain = await Active(story);
        Task writer = grain.HoldAt("1"), reader = grain.Look("2");
        await story.Sees("a hold 1 begins");
        await story.Ends(grain.Probe());
        Assert.Equal(["a hold 1 begins"], story.Lines);

        story.Open("2");
        story.Open("1");
        await story.Ends(Task.WhenAll(writer, reader));

        Assert.Equal(["a hold 1 begins", "a hold 1 ends", "a look 2 begins", "a look 2 ends"], story.Lines);
    });

    [Fact]
    public Task ReadOnly_OneRuns_AWriterWaitsForIt() => Run(async story =>
    {
        ITurnGrain grain = await Active(story);
        Task reader = grain.Look("1"), writer = grain.HoldAt("2");
        await story.Sees("a look 1 begins");
        await story.Ends(grain.Probe());
        Assert.Equal(["a look 1 begins"], story.Lines);

        story.Open("2");
        story.Open("1");
        await story.Ends(Task.WhenAll(writer, reader));

        Assert.Equal(["a look 1 begins", "a look 1 ends", "a hold 2 begins", "a hold 2 ends"], story.Lines);
    });

    [Fact]
    public Task Reentrant_ACallRuns_AnotherBeginsBesideIt() => Run(async story =>
    {
        IReentrantGrain grain = story.Outside<IReentrantGrain>();
        Task first = grain.HoldAt("1");
        await story.Sees("a hold 1 begins");
        Task second = grain.HoldAt("2");
        await story.Sees("a hold 2 begins");

        story.Open("1");
        story.Open("2");
        await story.Ends(Task.WhenAll(first, second));
    });

    [Fact]
    public Task Reentrant_ManyCallsAtOnce_OneTurnAtATime() => Run(async story =>
    {
        IReentrantGrain grain = story.Outside<IReentrantGrain>();

        int[] most = await story.Ends(Task.WhenAll(Enumerable.Range(0, 8).Select(_ => grain.MostAtOnce(50))));

        Assert.All(most, m => Assert.Equal(1, m));
    });

    [Fact]
    public Task MayInterleave_ThePredicateAdmits_BeginsBesideTheOther() => Run(async story =>
    {
        IChoosyGrain grain = story.Outside<IChoosyGrain>();
        Task first = grain.HoldAt("bound");
        await story.Sees("a hold bound begins");
        Task second = grain.HoldAt("free");
        await story.Sees("a hold free begins");

        story.Open("bound");
        story.Open("free");
        await story.Ends(Task.WhenAll(first, second));
    });

    [Fact]
    public Task MayInterleave_ThePredicateRefuses_Waits() => Run(async story =>
    {
        IChoosyGrain grain = story.Inside<IChoosyGrain>();
        Task first = grain.HoldAt("bound");
        await story.Sees("a hold bound begins");
        Task second = grain.HoldAt("tied");
        story.Open("free");
        await story.Ends(grain.HoldAt("free"));
        Assert.DoesNotContain("a hold tied begins", story.Lines);

        story.Open("tied");
        story.Open("bound");
        await story.Ends(Task.WhenAll(first, second));

        Assert.Equal(["a hold bound ends", "a hold tied begins", "a hold tied ends"], story.Lines[^3..]);
    });

    [Fact]
    public Task Background_NotAwaitedByTheCall_GoesOnInTurnsAndHoldsNobodyBack() => Run(async story =>
    {
        ITurnGrain grain = story.Outside<ITurnGrain>();
        await grain.StartBackground("1");
        await story.Ends(grain.Touch());
        story.Open("1");
        await story.Sees("a background 1 ends");

        Assert.True(await story.Ends(grain.IsBackgroundInTurns()));
        Assert.Equal(["a background 1 begins", "a touched", "a background 1 ends"], story.Lines);
    });

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task ResponseTimeout_OfTheMethod_IsShorterThanThatOfTheCluster(bool inside) => Run(async story =>
    {
        ITurnGrain grain = inside ? story.Inside<ITurnGrain>() : story.Outside<ITurnGrain>();
        Task longer = grain.HoldInterleaved("1");

        await story.Fails<TimeoutException>(grain.HoldBriefly("2"));
        Assert.False(longer.IsCompleted);

        story.Open("1");
        story.Open("2");
        await story.Ends(longer);
    });

    private static async Task<ITurnGrain> Active(Story story)
    {
        ITurnGrain grain = story.Inside<ITurnGrain>();
        await grain.Probe();
        return grain;
    }
}

public sealed class InterleavingCasesOnOrleans(OrleansHost host) : InterleavingCases(host), IClassFixture<OrleansHost>;

public sealed class InterleavingCasesOnSimulator() : InterleavingCases(new SimulatorHost());
