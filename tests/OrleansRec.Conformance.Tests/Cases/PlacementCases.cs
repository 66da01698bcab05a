using Orleans;
using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>Goal: a grain lives once in the cluster, where the rule of placement says, and moves when it is told. Method: two silos and a rule that the case decides.</summary>
public abstract class PlacementCases(IConformanceHost host) : ConformanceCases(host)
{
    protected override ClusterShape Shape => ClusterShape.TwoSilos;

    [Theory]
    [InlineData(0), InlineData(1)]
    public Task Call_FromEverywhere_ReachesTheOneActivationAtItsHome(int home) => Run(async story =>
    {
        SiloAddress at = story.Cluster.Silos[home];
        story.Place(story.Outside<IPlacedGrain>(), at);

        Assert.Equal(at, await story.Ends(story.Inside<IPlacedGrain>("a", 0).Silo()));
        Assert.Equal(at, await story.Ends(story.Inside<IPlacedGrain>("a", 1).Silo()));
        Assert.Equal(at, await story.Ends(story.Outside<IPlacedGrain>().Silo()));
        Assert.Equal(["a activates"], story.Lines);
    });

    [Fact]
    public Task Call_FirstCallsFromBothSilosAtOnce_ActivateOnce() => Run(async story =>
    {
        story.Place(story.Outside<IPlacedGrain>(), story.Cluster.Silos[1]);

        int[] counts = await story.Ends(Task.WhenAll(Enumerable.Range(0, 20).Select(i => story.Inside<IPlacedGrain>("a", i % 2).Count())));

        Assert.Equal(Enumerable.Range(1, 20), counts.Order());
        Assert.Equal(["a activates"], story.Lines);
    });

    [Fact]
    public Task Call_OfAGrainOnTheOtherSilo_IsAnswered() => Run(async story =>
    {
        story.Place(story.Outside<IPlacedGrain>("b"), story.Cluster.Silos[1]);
        story.Place(story.Outside<IPlacedGrain>(), story.Cluster.Silos[0]);

        Assert.Equal(story.Cluster.Silos[1], await story.Ends(story.Outside<IPlacedGrain>().SiloOf("b")));
    });

    [Fact]
    public Task Calls_OfOneSenderOnTheOtherSilo_ArriveOnceEachInAnyOrder() => Run(async story =>
    {
        ICallGrain grain = story.Inside<ICallGrain>("a", 1);
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Arrive(0);

        await story.Ends(Task.WhenAll(Enumerable.Range(1, 50).Select(grain.Arrive)));

        Assert.Equal(Enumerable.Range(0, 51), (await grain.Arrived()).Order());
    });

    [Fact]
    public Task Cancel_TheCallRunsOnTheOtherSilo_TheGrainHears() => Run(async story =>
    {
        using var source = new CancellationTokenSource();
        ICancelGrain grain = story.Inside<ICancelGrain>("a", 1);
        story.Place(grain, story.Cluster.Silos[0]);
        Task call = grain.WaitForIt(source.Token);
        await story.Sees("a waits");

        source.Cancel();

        await story.Sees("a goes on in its turns");
        await story.Ends(call.ContinueWith(c => Assert.True(c.IsCanceled), TaskScheduler.Current));
    });

    [Fact]
    public Task RequestContext_AcrossSilos_TravelsAlong() => Run(async story =>
    {
        story.Place(story.Outside<IContextGrain>("b"), story.Cluster.Silos[1]);

        Assert.Equal(["a sees blue", "b sees blue"], await story.Ends(story.Outside<IContextGrain>().ReadDown("blue", "b")));
    });

    [Fact]
    public Task AllowCallChainReentrancy_AcrossSilos_Answers() => Run(async story =>
    {
        story.Place(story.Outside<IChainGrain>("b"), story.Cluster.Silos[1]);

        Assert.Equal("b was told: a answers", await story.Ends(story.Outside<IChainGrain>().CallAround(ChainKind.Allowed, "b")));
    });

    [Fact]
    public Task DeactivateOnIdle_ItsHomeIsElsewhereNow_ComesUpThere() => Run(async story =>
    {
        IPlacedGrain grain = story.Inside<IPlacedGrain>();
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Silo();
        story.Place(grain, story.Cluster.Silos[1]);
        Assert.Equal(story.Cluster.Silos[0], await grain.Silo());
        await grain.End();
        await story.Sees("a ends: ApplicationRequested");

        Assert.Equal(story.Cluster.Silos[1], await story.Ends(grain.Silo()));
    });

    [Fact]
    public Task MigrateOnIdle_WithoutAPart_MovesAndForgets() => Run(async story =>
    {
        IPlacedGrain grain = story.Inside<IPlacedGrain>();
        story.Place(grain, story.Cluster.Silos[0]);
        Assert.Equal(1, await grain.Count());
        Assert.Equal(2, await grain.Count());
        story.Place(grain, story.Cluster.Silos[1]);
        await grain.Move();
        await story.Sees("a activates", 2);

        // It came up without a call.
        Assert.Equal(story.Cluster.Silos[1], await story.Ends(grain.Silo()));
        Assert.Equal(1, await grain.Count());
        Assert.Equal(["a activates", "a ends: Migrating", "a activates"], story.Lines);
    });

    [Fact]
    public Task MigrateOnIdle_AParticipant_TakesAlongWhatItPacks() => Run(async story =>
    {
        IMoverGrain grain = story.Inside<IMoverGrain>();
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Count();
        await grain.Count();
        story.Place(grain, story.Cluster.Silos[1]);
        await grain.Move();
        await story.Sees("a activates with 2");

        Assert.Equal(story.Cluster.Silos[1], await story.Ends(grain.Silo()));
        Assert.Equal(3, await grain.Count());
        Assert.Equal(["a activates with 0", "a ends: Migrating", "a packs", "a unpacks", "a activates with 2"], story.Lines);
    });

    [Fact]
    public Task MigrateOnIdle_StoredState_TravelsWithWhatWasNotWritten() => Run(async story =>
    {
        IMoverGrain grain = story.Inside<IMoverGrain>();
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Put("apple");
        await grain.PutOnlyHere("pear");
        story.Place(grain, story.Cluster.Silos[1]);
        // Nothing is read on the other side: a fault of the storage does no harm.
        story.FailNext(StateVerb.Read, grain);
        await grain.Move();
        await story.Sees("a activates with 0", 2);

        Assert.Equal(["apple", "pear"], await story.Ends(grain.Items()));
        Assert.Equal(story.Cluster.Silos[1], await grain.Silo());
    });

    [Fact]
    public Task DeactivateOnIdle_AParticipant_PacksNothing() => Run(async story =>
    {
        IMoverGrain grain = story.Inside<IMoverGrain>();
        await grain.Count();
        await grain.End();
        await story.Sees("a ends: ApplicationRequested");

        Assert.Equal(1, await story.Ends(grain.Count()));
        Assert.DoesNotContain("a packs", story.Lines);
    });

    [Fact]
    public Task MigrateOnIdle_ACallRuns_MovesAfterItAndWaitingCallsGoAlong() => Run(async story =>
    {
        IPlacedGrain grain = story.Inside<IPlacedGrain>();
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Silo();
        story.Place(grain, story.Cluster.Silos[1]);
        Task held = grain.MoveThenHold("gate");
        await story.Sees("a hold gate begins");
        Task<SiloAddress> waiting = grain.Silo();
        story.Open("gate");
        await story.Ends(held);

        Assert.Equal(story.Cluster.Silos[1], await story.Ends(waiting));
        Assert.Equal(["a activates", "a hold gate begins", "a hold gate ends", "a ends: Migrating", "a activates"], story.Lines);
    });

    [Fact]
    public Task MigrateOnIdle_ByItsManagementExtension_Moves() => Run(async story =>
    {
        IPlacedGrain grain = story.Inside<IPlacedGrain>();
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Silo();
        story.Place(grain, story.Cluster.Silos[1]);

        await story.Ends(story.AskToMove(grain));
        await story.Sees("a activates", 2);

        Assert.Equal(story.Cluster.Silos[1], await story.Ends(grain.Silo()));
    });

    [Fact]
    public Task MigrateOnIdle_ByItsManagementExtensionItsHomeIsWhereItIs_Stays() => Run(async story =>
    {
        IPlacedGrain grain = story.Inside<IPlacedGrain>();
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Count();

        await story.Ends(story.AskToMove(grain));

        Assert.Equal(2, await story.Ends(grain.Count()));
        Assert.Equal(["a activates"], story.Lines);
    });

    [Fact]
    public Task MigrateOnIdle_ItsHomeIsWhereItIs_EndsThereAndForgets() => Run(async story =>
    {
        IPlacedGrain grain = story.Inside<IPlacedGrain>();
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Count();
        await grain.Move();

        Assert.Equal(1, await story.Ends(grain.Count()));
        Assert.Equal(["a activates", "a ends: Migrating", "a activates"], story.Lines);
    });

    [Fact]
    public Task StatelessWorker_ManyCalls_RunInParallelOnAtMostItsActivations() => Run(async story =>
    {
        Task<int>[] calls = [.. Enumerable.Range(0, 6).Select(_ => story.Inside<IWorkerGrain>().Work("gate"))];
        await story.Sees("a work gate begins", 2);
        story.Open("gate");

        Assert.All(await story.Ends(Task.WhenAll(calls)), running => Assert.Equal(1, running));
        Assert.Equal(2, story.Lines.Count(l => l == "a activates"));
    });

    [Fact]
    public Task StatelessWorker_Called_RunsOnTheSiloOfItsCaller() => Run(async story =>
    {
        Assert.Equal(story.Cluster.Silos[0], await story.Ends(story.Inside<IWorkerGrain>("a", 0).Silo()));
        Assert.Equal(story.Cluster.Silos[1], await story.Ends(story.Inside<IWorkerGrain>("a", 1).Silo()));
    });
}

public sealed class PlacementCasesOnOrleans(OrleansHost host) : PlacementCases(host), IClassFixture<OrleansHost>;

public sealed class PlacementCasesOnSimulator() : PlacementCases(new SimulatorHost());
