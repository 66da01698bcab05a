using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Embedded.Tests;

/// <summary>Goal: persistent state is read at activation, written with versions, and never silently overwritten.</summary>
public sealed class StorageTests
{
    [Fact]
    public void State_WrittenThenActivatedAnew_IsThere()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<IStateGrain>();

        var items = engine.Run(async () =>
        {
            await grain.Put("apple");
            await grain.Put("pear");
            await grain.End();
            return await grain.Items();
        });

        Assert.Equal(["apple", "pear"], items);
    }

    [Fact]
    public void State_Cleared_IsEmptyAndCanBeWrittenAgain()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<IStateGrain>();

        var items = engine.Run(async () =>
        {
            await grain.Put("apple");
            await grain.Clear();
            await grain.Put("pear");
            return await grain.Items();
        });

        Assert.Equal(["pear"], items);
    }

    [Fact]
    public void Write_SomeoneElseWroteMeanwhile_ThrowsAndTheNextCallReadsAnew()
    {
        using var engine = new EngineUnderTest();
        var grain = engine.Grain<IStateGrain>();
        var storage = engine.Services.GetRequiredKeyedService<IGrainStorage>("rec");
        var id = grain.GetGrainId();

        engine.Run(() => grain.Put("apple"));
        engine.Run(async () =>
        {
            var other = new GrainState<Basket>();
            await storage.ReadStateAsync("basket", id, other);
            other.State!.Items.Add("foreign");
            await storage.WriteStateAsync("basket", id, other);
        });

        var conflict = Assert.Throws<InconsistentStateException>(() => engine.Run(() => grain.Put("pear")));
        Assert.Equal("2", conflict.StoredEtag);
        Assert.Equal("1", conflict.CurrentEtag);
        Assert.Equal(["apple", "foreign"], engine.Run(grain.Items));
    }

    [Fact]
    public async Task MemoryStorage_StaleETag_KeepsTheRecord()
    {
        var storage = new MemoryGrainStorage();
        var id = GrainId.Create("basket", "a");
        var first = new GrainState<Basket>(new Basket { Items = ["x"] });
        await storage.WriteStateAsync("s", id, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", id, new GrainState<Basket>(new Basket())));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("s", id, new GrainState<Basket>(new Basket(), "77")));

        var read = new GrainState<Basket>();
        await storage.ReadStateAsync("s", id, read);
        Assert.True(read.RecordExists);
        Assert.Equal(["x"], read.State!.Items);
    }

    [Fact]
    public void Work_MoreCallsThanWorkers_UsesAtMostSoManyActivations()
    {
        using var engine = new EngineUnderTest();

        var running = engine.Run(() => Task.WhenAll(Enumerable.Range(0, 9).Select(_ => engine.Grain<IWorkerGrain>().Work())));

        Assert.All(running, r => Assert.Equal(1, r));
        Assert.Equal(3, engine.Journal.Lines.Length);
    }
}
