using Orleans.Runtime;
using Orleans.Storage;
using OrleansRec.Conformance.Tests.Grains;
using OrleansRec.Conformance.Tests.Hosts;

namespace OrleansRec.Conformance.Tests.Cases;

/// <summary>
/// Goal: stored state is read at activation, written under its ETag, and a failure of the storage reaches whoever asked for the step. Method: one fault at a
/// time, planted in a storage in memory.
/// </summary>
public abstract class StorageCases(IConformanceHost host) : ConformanceCases(host)
{
    [Fact]
    public Task State_NothingStored_IsNewAndDoesNotExist() => Run(async story =>
    {
        IBasketGrain grain = story.Outside<IBasketGrain>();

        Assert.Empty(await grain.Items());
        Assert.False(await grain.Exists());
        Assert.Null(await grain.ETag());
    });

    [Fact]
    public Task State_WrittenThenActivatedAnew_IsThereBeforeOnActivate() => Run(async story =>
    {
        IBasketGrain grain = story.Outside<IBasketGrain>();
        await grain.Put("apple");
        Assert.Equal("2", await grain.Put("pear"));
        await grain.End();

        Assert.Equal(["apple", "pear"], await story.Ends(grain.Items()));
        Assert.Equal("2", await grain.ETag());
        Assert.True(await grain.Exists());
        Assert.Equal("a activates with apple pear", story.Lines[^1]);
    });

    [Fact]
    public Task State_ChangedButNotWritten_IsLostWithTheActivation() => Run(async story =>
    {
        IBasketGrain grain = story.Outside<IBasketGrain>();
        await grain.Put("apple");
        await grain.PutOnlyHere("pear");
        Assert.Equal(["apple", "pear"], await grain.Items());
        await grain.End();

        Assert.Equal(["apple"], await story.Ends(grain.Items()));
    });

    [Fact]
    public Task Read_ChangedButNotWritten_BringsBackWhatIsStored() => Run(async story =>
    {
        IBasketGrain grain = story.Outside<IBasketGrain>();
        await grain.Put("apple");
        await grain.PutOnlyHere("pear");
        await grain.Read();

        Assert.Equal(["apple"], await grain.Items());
    });

    [Fact]
    public Task Clear_ThenPut_BeginsAnew() => Run(async story =>
    {
        IBasketGrain grain = story.Outside<IBasketGrain>();
        await grain.Put("apple");
        await grain.Clear();
        Assert.Empty(await grain.Items());
        Assert.False(await grain.Exists());

        Assert.Equal("1", await grain.Put("pear"));
        Assert.Equal(["pear"], await grain.Items());
    });

    [Fact]
    public Task Write_SomeoneElseWroteMeanwhile_ThrowsWithBothETagsAndTheNextActivationReadsAnew() => Run(async story =>
    {
        IBasketGrain grain = story.Inside<IBasketGrain>();
        await grain.Put("apple");
        await grain.WriteBehind("foreign");

        InconsistentStateException conflict = await story.Fails<InconsistentStateException>(grain.Put("pear"));

        Assert.Equal(("2", "1"), (conflict.StoredEtag, conflict.CurrentEtag));
        // Orleans ends an activation that lets this exception out.
        Assert.Equal(["apple", "foreign"], await story.Ends(grain.Items()));
        Assert.Equal(["a activates with ", "a ends: ApplicationError", "a activates with apple foreign"], story.Lines);
    });

    [Fact]
    public Task Write_SomeoneElseWroteMeanwhileAndTheGrainCatchesIt_TheActivationLivesOn() => Run(async story =>
    {
        IBasketGrain grain = story.Inside<IBasketGrain>();
        await grain.Put("apple");
        await grain.WriteBehind("foreign");

        Assert.Equal(nameof(InconsistentStateException), await grain.PutOrSay("pear"));

        Assert.Equal(["apple", "pear"], await story.Ends(grain.Items()));
        Assert.Equal(["a activates with "], story.Lines);
    });

    [Fact]
    public Task Write_TheStorageFails_TheCallerSeesItAndTheActivationLivesOn() => Run(async story =>
    {
        IBasketGrain grain = story.Inside<IBasketGrain>();
        await grain.Put("apple");
        story.FailNext(StateVerb.Write, grain);

        await FailsAtStorage(story, grain.Put("pear"), "planted: Write");

        // What was not stored is still in memory, and under the ETag of before; the next write takes it along.
        Assert.Equal(["apple", "pear"], await grain.Items());
        Assert.Equal("2", await grain.Put("plum"));
        await grain.End();
        Assert.Equal(["apple", "pear", "plum"], await story.Ends(grain.Items()));
    });

    [Fact]
    public Task Write_ItsAnswerIsLost_TheNextWriteIsAConflict() => Run(async story =>
    {
        IBasketGrain grain = story.Inside<IBasketGrain>();
        await grain.Put("apple");
        story.FailNext(StateVerb.Write, grain, takesEffect: true);
        await FailsAtStorage(story, grain.Put("pear"), "planted: Write");

        await story.Fails<InconsistentStateException>(grain.Put("plum"));

        Assert.Equal(["apple", "pear"], await story.Ends(grain.Items()));
    });

    [Fact]
    public Task Read_TheStorageFailsAtActivation_TheCallFailsAndTheNextActivates() => Run(async story =>
    {
        IBasketGrain grain = story.Inside<IBasketGrain>();
        await grain.Put("apple");
        await grain.End();
        await story.Sees("a ends: ApplicationRequested");
        story.FailNext(StateVerb.Read, grain);

        await FailsAtStorage(story, grain.Items(), "planted: Read");

        Assert.Equal(["apple"], await story.Ends(grain.Items()));
        Assert.Equal(["a activates with ", "a ends: ApplicationRequested", "a activates with apple"], story.Lines);
    });

    [Fact]
    public Task Read_TheStorageFailsLater_TheStateStaysAsItWas() => Run(async story =>
    {
        IBasketGrain grain = story.Inside<IBasketGrain>();
        await grain.Put("apple");
        await grain.PutOnlyHere("pear");
        story.FailNext(StateVerb.Read, grain);

        await FailsAtStorage(story, grain.Read(), "planted: Read");

        Assert.Equal(["apple", "pear"], await grain.Items());
        Assert.Equal(["a activates with "], story.Lines);
    });

    [Fact]
    public Task Clear_TheStorageFails_TheStateStaysAsItWas() => Run(async story =>
    {
        IBasketGrain grain = story.Inside<IBasketGrain>();
        await grain.Put("apple");
        story.FailNext(StateVerb.Clear, grain);

        await FailsAtStorage(story, grain.Clear(), "planted: Clear");

        Assert.Equal(["apple"], await grain.Items());
        Assert.True(await grain.Exists());
    });

    [Fact]
    public Task Clear_SomeoneElseWroteMeanwhile_IsAConflict() => Run(async story =>
    {
        IBasketGrain grain = story.Inside<IBasketGrain>();
        await grain.Put("apple");
        await grain.WriteBehind("foreign");

        await story.Fails<InconsistentStateException>(grain.Clear());

        Assert.Equal(["apple", "foreign"], await story.Ends(grain.Items()));
    });

    [Fact]
    public Task Fails_OutsideTheSilo_TheExceptionKeepsItsType() => Run(async story =>
    {
        IBasketGrain grain = story.Outside<IBasketGrain>();
        await grain.Put("apple");
        story.FailNext(StateVerb.Write, grain);
        await FailsAtStorage(story, grain.Put("pear"), "planted: Write");
        await grain.WriteBehind("foreign");

        InconsistentStateException conflict = await story.Fails<InconsistentStateException>(grain.Put("plum"));

        Assert.Equal(("2", "1"), (conflict.StoredEtag, conflict.CurrentEtag));
    });

    /// <summary>Orleans wraps what is not its own, so that the message says which state of which grain it was.</summary>
    private static async Task FailsAtStorage(Story story, Task call, string why)
    {
        OrleansException failure = await story.Fails<OrleansException>(call);
        Assert.Equal(why, Assert.IsType<IOException>(failure.InnerException).Message);
        Assert.Contains("basket", failure.Message, StringComparison.Ordinal);
    }
}

public sealed class StorageCasesOnOrleans(OrleansHost host) : StorageCases(host), IClassFixture<OrleansHost>;

public sealed class StorageCasesOnSimulator() : StorageCases(new SimulatorHost());
