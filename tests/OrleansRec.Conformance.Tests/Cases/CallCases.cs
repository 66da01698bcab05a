using Orleans;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>Goal: what a call carries there and back. Method: grains that keep what they are given, called from inside their silo and from outside.</summary>
public abstract class CallCases(IConformanceHost host) : ConformanceCases(host)
{
    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Argument_ChangedAfterTheCall_TheGrainKeepsWhatWasSent(bool inside) => Run(async story =>
    {
        ICallGrain grain = inside ? story.Inside<ICallGrain>() : story.Outside<ICallGrain>();
        List<int> numbers = [1, 2];

        await grain.Keep(numbers);
        numbers.Add(3);

        Assert.Equal([1, 2], await grain.Kept());
    });

    [Fact]
    public Task Argument_ChangedBeforeTheCallIsDelivered_TheGrainKeepsWhatWasSent() => Run(async story =>
    {
        ICallGrain grain = story.Inside<ICallGrain>();
        List<int> numbers = [1, 2];

        Task call = grain.Keep(numbers);
        numbers.Add(3);
        await call;

        Assert.Equal([1, 2], await grain.Kept());
    });

    [Fact]
    public Task Result_ChangedByTheCaller_TheGrainKeepsItsOwn() => Run(async story =>
    {
        ICallGrain grain = story.Inside<ICallGrain>();
        await grain.Keep([1, 2]);

        (await grain.Kept()).Add(3);

        Assert.Equal([1, 2], await grain.Kept());
    });

    [Fact]
    public Task Argument_NotImmutable_IsCopiedForEachCall() => Run(async story =>
    {
        int[] numbers = [1];
        ICallGrain grain = story.Inside<ICallGrain>();

        await grain.SeesTheSameOf(numbers);

        Assert.False(await grain.SeesTheSameOf(numbers));
    });

    [Fact]
    public Task Argument_MarkedImmutable_IsSharedWithinASilo() => Run(async story =>
    {
        int[] numbers = [1];
        ICallGrain grain = story.Inside<ICallGrain>();

        await grain.SeesTheSame(numbers);

        Assert.True(await grain.SeesTheSame(numbers));
    });

    [Fact]
    public Task Argument_OfAnImmutableType_IsSharedWithinASilo() => Run(async story =>
    {
        var stone = new Stone([1]);
        ICallGrain grain = story.Inside<ICallGrain>();

        await grain.SeesTheSameStone(stone);

        Assert.True(await grain.SeesTheSameStone(stone));
    });

    [Fact]
    public Task Argument_OfAnImmutableTypeFromOutside_IsMadeAnew() => Run(async story =>
    {
        var stone = new Stone([1]);
        ICallGrain grain = story.Outside<ICallGrain>();

        await grain.SeesTheSameStone(stone);

        Assert.False(await grain.SeesTheSameStone(stone));
    });

    [Fact]
    public Task Result_OfAnImmutableType_IsSharedWithinASilo() => Run(async story =>
    {
        var stone = new Stone([1]);

        Assert.Same(stone, await story.Inside<ICallGrain>().EchoStone(stone));
        Assert.NotSame(stone, await story.Outside<ICallGrain>().EchoStone(stone));
    });

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Result_Null_IsNull(bool inside) => Run(async story =>
        Assert.Null(await (inside ? story.Inside<ICallGrain>() : story.Outside<ICallGrain>()).Nothing(null)));

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Throws_AfterAnAwait_TheCallerSeesTypeMessageFieldsAndStack(bool inside) => Run(async story =>
    {
        RefusedException refused = await story.Fails<RefusedException>((inside ? story.Inside<ICallGrain>() : story.Outside<ICallGrain>()).Fail("too heavy", 42));

        Assert.Equal(("too heavy", 42), (refused.Message, refused.Code));
        Assert.Contains(nameof(CallGrain.Fail), refused.StackTrace, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Throws_BeforeItReturnsATask_TheCallersTaskFailsAllTheSame(bool inside) => Run(async story =>
    {
        Task<int> call = (inside ? story.Inside<ICallGrain>() : story.Outside<ICallGrain>()).FailAtOnce("too heavy", 42);

        Assert.Equal(42, (await story.Fails<RefusedException>(call)).Code);
    });

    [Fact]
    public Task Throws_AGrainBehindAnother_TheFirstCallerSeesIt() => Run(async story =>
    {
        await story.Fails<InvalidCastException>(story.Outside<IRelayGrain>("relay").CallAs("no number"));
        Assert.Equal(7, (await story.Fails<RefusedException>(story.Outside<IRelayGrain>("relay").FailAt("b", 7))).Code);
    });

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Argument_GrainReference_CanBeCalledByTheOther(bool inside) => Run(async story =>
    {
        ICallGrain other = inside ? story.Inside<ICallGrain>("other") : story.Outside<ICallGrain>("other");
        ICallGrain grain = inside ? story.Inside<ICallGrain>() : story.Outside<ICallGrain>();

        await other.Add(2);

        Assert.Equal(5, await grain.AddAt(other, 3));
    });

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Result_GrainReference_IsTheSameGrain(bool inside) => Run(async story =>
    {
        ICallGrain grain = inside ? story.Inside<ICallGrain>() : story.Outside<ICallGrain>();
        await grain.Add(2);

        ICallGrain self = await grain.Self();

        Assert.Equal(grain, self);
        Assert.Equal(grain.GetGrainId(), self.GetGrainId());
        Assert.Equal(story.Key("a"), self.GetPrimaryKeyString());
        Assert.Equal(5, await self.Add(3));
    });

    [Theory]
    [InlineData(true), InlineData(false)]
    public Task Result_GrainItself_ArrivesAsItsReference(bool inside) => Run(async story =>
    {
        ICallGrain grain = inside ? story.Inside<ICallGrain>() : story.Outside<ICallGrain>();

        ICallGrain self = await grain.SelfLeaked();

        Assert.IsAssignableFrom<GrainReference>(self);
        Assert.Equal(grain, self);
    });

    [Fact]
    public Task OneWay_TheGrainFails_TheCallerNeverKnows() => Run(async story =>
    {
        await story.Outside<ICallGrain>().TellAndFail("told");
        await story.Sees("a told");

        Assert.Equal(3, await story.Outside<ICallGrain>().Add(3));
    });

    [Fact]
    public Task OneWay_TheGrainIsHeld_TheCallerGoesOn() => Run(async story =>
    {
        await story.Ends(story.Outside<ICallGrain>().TellAndHold("gate"));
        await story.Sees("a told gate begins");

        Task next = story.Outside<ICallGrain>().NoteDown("next");
        story.Open("gate");
        await story.Ends(next);

        // It holds a turn as any call does.
        Assert.Equal(["a told gate begins", "a told gate ends", "a next"], story.Lines);
    });

    [Fact]
    public Task Calls_OfOneSenderInTheSilo_ArriveInTheirOrder() => Run(async story =>
    {
        ICallGrain grain = story.Inside<ICallGrain>();
        await grain.Arrive(0);

        await story.Ends(Task.WhenAll(Enumerable.Range(1, 50).Select(grain.Arrive)));

        Assert.Equal(Enumerable.Range(0, 51), await grain.Arrived());
    });

    [Fact]
    public Task Calls_BeforeTheGrainIsActive_ArriveOnceEachInAnyOrder() => Run(async story =>
    {
        // Each looks for a place by itself while there is none.
        ICallGrain grain = story.Inside<ICallGrain>();

        await story.Ends(Task.WhenAll(Enumerable.Range(0, 50).Select(grain.Arrive)));

        Assert.Equal(Enumerable.Range(0, 50), (await grain.Arrived()).Order());
    });

    [Fact]
    public Task Calls_OfOneSenderOutside_ArriveOnceEachInAnyOrder() => Run(async story =>
    {
        // Orleans hands what it reads from a connection to the thread pool: calls overtake each other.
        ICallGrain grain = story.Outside<ICallGrain>();
        await grain.Arrive(0);

        await story.Ends(Task.WhenAll(Enumerable.Range(1, 50).Select(grain.Arrive)));

        Assert.Equal(Enumerable.Range(0, 51), (await grain.Arrived()).Order());
    });

    [Fact]
    public Task Calls_OfAGrain_ArriveInTheirOrder() => Run(async story =>
    {
        await story.Outside<ICallGrain>("b").Arrive(0);

        await story.Ends(story.Outside<IRelayGrain>("relay").ArriveMany("b", 50));

        Assert.Equal(Enumerable.Range(0, 51), await story.Outside<ICallGrain>("b").Arrived());
    });

    [Fact]
    public Task Calls_ManyGrainsAtOnce_EachAnswersItsOwn() => Run(async story =>
    {
        int[] sums = await story.Ends(Task.WhenAll(Enumerable.Range(0, 100).Select(i => story.Outside<ICallGrain>($"g{i}").Add(i).AsTask())));

        Assert.Equal(Enumerable.Range(0, 100), sums);
    });

    [Fact]
    public Task Call_ToItselfNotAwaited_RunsAfterTheCallThatSentIt() => Run(async story =>
    {
        Task call = story.Outside<ICallGrain>().CallSelfLater("gate");
        await story.Sees("a caller gate begins");
        story.Open("gate");
        await story.Ends(call);
        await story.Sees("a called by itself");

        Assert.Equal(["a caller gate begins", "a caller gate ends", "a called by itself"], story.Lines);
    });

    [Fact]
    public Task Call_ThroughAChainOfFiftyGrains_ComesBack() => Run(async story =>
        Assert.Equal(50 * 51 / 2, await story.Ends(story.Outside<ICallGrain>("50").SumDown(50))));

    [Fact]
    public Task Await_OfAnotherGrain_ComesBackIntoTheTurnsOfTheCaller() => Run(async story =>
        Assert.True(await story.Ends(story.Outside<ICallGrain>().StaysInItsTurns(story.Outside<ICallGrain>("other")))));

    [Fact]
    public Task GetGrain_TwoInterfacesOfOneClass_ReachOneActivation() => Run(async story =>
    {
        ICallGrain grain = story.Outside<ICallGrain>();
        await grain.Add(4);

        Assert.Equal(4, await story.Outside<ICallReader>().Sum());
        Assert.Equal(4, await grain.AsReference<ICallReader>().Sum());
        Assert.Equal(grain.GetGrainId(), story.Outside<ICallReader>().GetGrainId());
    });

    [Fact]
    public Task GetGrain_NoClassImplementsIt_NamesTheInterface() => Run(story =>
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => story.Outside<INobodysGrain>());

        Assert.Contains("conformance.nobody", thrown.Message, StringComparison.Ordinal);
        return Task.CompletedTask;
    });

    [Fact]
    public Task Clock_OfAGrain_IsTheOneThatTheTestMoves() => Run(async story =>
    {
        DateTimeOffset before = await story.Outside<ICallGrain>().Now();
        await story.Cluster.Pass(TimeSpan.FromMinutes(3));

        Assert.Equal(3, Math.Round((await story.Outside<ICallGrain>().Now() - before).TotalMinutes));
    });
}

public sealed class CallCasesOnOrleans(OrleansHost host) : CallCases(host), IClassFixture<OrleansHost>;

public sealed class CallCasesOnSimulator() : CallCases(new SimulatorHost());
