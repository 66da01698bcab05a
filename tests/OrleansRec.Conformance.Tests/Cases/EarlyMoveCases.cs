using Orleans.Runtime;
using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>
/// Goal: what becomes of a grain's state when the grain is to move before it has begun. A call of its management extension waits until it has begun, and fails with it.
/// <see cref="IGrainContext.Migrate"/> does not wait: it takes along a state that was never read, which counts as read on the other silo. So the product asks by a call.
/// Method: a step of the storage is held back while the grain is told to move, then taken or failed.
/// </summary>
public abstract class EarlyMoveCases(IConformanceHost host) : ConformanceCases(host)
{
    private const string Counting = "counting";

    protected override ClusterShape Shape => ClusterShape.TwoSilos;

    [Fact]
    public Task MigrateOnIdle_ByCallWhileTheFirstReadRuns_MovesWithWhatWasRead() => Run(async story =>
    {
        IEarlyMoverGrain grain = await Stored(story);
        (HeldStep read, Task<List<string>> call) = await Begin(story, grain, StateVerb.Read);
        Task move = AskToMove(story, grain);
        read.LetGo();
        await story.Ends(move);
        Assert.Equal(["apple"], await story.Ends(call));

        // Nothing is read on the other side: a fault of the storage does no harm.
        story.FailNext(StateVerb.Read, grain);
        await IsOnTheOtherSilo(story, grain, ["apple"]);
    });

    [Fact]
    public Task MigrateOnIdle_ByCallWhileTheFirstReadRunsAndFails_FailsAndTheStateIsReadAnew() => Run(async story =>
    {
        IEarlyMoverGrain grain = await Stored(story);
        (HeldStep read, Task<List<string>> call) = await Begin(story, grain, StateVerb.Read);
        Task move = AskToMove(story, grain);
        story.FailNext(StateVerb.Read, grain);
        read.LetGo();
        await story.Fails<OrleansException>(call);
        await story.Fails<OrleansException>(move);

        await IsOnTheOtherSilo(story, grain, ["apple"]);
    });

    [Fact]
    public Task MigrateOnIdle_ByCallAfterTheFirstReadHasFailed_TheStateIsReadAnew() => Run(async story =>
    {
        IEarlyMoverGrain grain = await Stored(story);
        story.FailNext(StateVerb.Read, grain);
        await story.Fails<OrleansException>(grain.Items());
        await story.Ends(AskToMove(story, grain));

        await IsOnTheOtherSilo(story, grain, ["apple"]);
    });

    [Fact]
    public Task MigrateOnIdle_ByCallWhileOnActivateRunsAndFails_FailsAndTheStateIsReadAnew() => Run(async story =>
    {
        IEarlyMoverGrain grain = await Stored(story, Counting);
        (HeldStep write, Task<List<string>> call) = await Begin(story, grain, StateVerb.Write);
        Task move = AskToMove(story, grain);
        story.FailNext(StateVerb.Write, grain);
        write.LetGo();
        await story.Fails<OrleansException>(call);
        await story.Fails<OrleansException>(move);

        await IsOnTheOtherSilo(story, grain, ["begun", "apple", "begun"]);
    });

    [Fact]
    public Task Migrate_WhileTheFirstReadRuns_TakesAlongWhatWasNeverRead() => Run(async story =>
    {
        IEarlyMoverGrain grain = await Stored(story);
        (_, Task<List<string>> call) = await Begin(story, grain, StateVerb.Read);
        story.Place(grain, story.Cluster.Silos[1]);
        story.ActivationOf(grain).Migrate(null);

        Assert.Empty(await story.Ends(call));
        await IsOnTheOtherSilo(story, grain, []);
    });

    [Fact]
    public Task Migrate_WhileOnActivateRuns_TakesAlongWhatWasNotWritten() => Run(async story =>
    {
        IEarlyMoverGrain grain = await Stored(story, Counting);
        (_, Task<List<string>> call) = await Begin(story, grain, StateVerb.Write);
        story.Place(grain, story.Cluster.Silos[1]);
        story.ActivationOf(grain).Migrate(null);

        Assert.Equal(["begun", "apple", "begun", "begun"], await story.Ends(call));
        await IsOnTheOtherSilo(story, grain, ["begun", "apple", "begun", "begun"]);
    });

    /// <summary>A grain that has stored an apple and has ended on the first silo.</summary>
    private static async Task<IEarlyMoverGrain> Stored(Story story, string name = "a")
    {
        IEarlyMoverGrain grain = story.Inside<IEarlyMoverGrain>(name);
        story.Place(grain, story.Cluster.Silos[0]);
        await grain.Put("apple");
        Task ended = story.ActivationOf(grain).Deactivated;
        await grain.End();
        await story.Ends(ended);
        return grain;
    }

    /// <summary>Calls the grain and waits until its activation stands in a step of the storage.</summary>
    private static async Task<(HeldStep Step, Task<List<string>> Call)> Begin(Story story, IEarlyMoverGrain grain, StateVerb verb)
    {
        HeldStep step = story.HoldNext(verb, grain);
        Task<List<string>> call = grain.Items();
        await story.Cluster.Within(step.Begun, $"the {verb} of a grain that begins");
        return (step, call);
    }

    /// <summary>The other silo is the grain's home from now on, and the grain is asked to move there.</summary>
    private static Task AskToMove(Story story, IEarlyMoverGrain grain)
    {
        story.Place(grain, story.Cluster.Silos[1]);
        return story.AskToMove(grain);
    }

    private static async Task IsOnTheOtherSilo(Story story, IEarlyMoverGrain grain, string[] items)
    {
        Assert.Equal(items, await story.Ends(grain.Items()));
        Assert.Equal(story.Cluster.Silos[1], await story.Ends(grain.Silo()));
    }
}

public sealed class EarlyMoveCasesOnOrleans(OrleansHost host) : EarlyMoveCases(host), IClassFixture<OrleansHost>;

public sealed class EarlyMoveCasesOnSimulator() : EarlyMoveCases(new SimulatorHost());
