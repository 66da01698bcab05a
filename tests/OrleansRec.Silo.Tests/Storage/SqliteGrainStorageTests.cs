using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>Grain state survives a restart, and a writer with a stale version is told so.</summary>
public sealed class SqliteGrainStorageTests : IDisposable
{
    private static readonly GrainId grain = GrainId.Create("directory", "models");

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Read_WhereThereIsNoRecord_GivesANewState()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var read = await Read(folder);
        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.Empty(read.State!.Versions);
    }

    [Fact]
    public async Task Write_ThenRestart_ReadsTheSame()
    {
        using (var folder = DataFolder.Open(scratch.Options()))
        {
            var state = new GrainState<Pointer>(new() { Current = 7, Loss = double.NaN, Phase = DayOfWeek.Friday, Versions = { ["7"] = [1, 2] } });
            await new SqliteGrainStorage(folder).WriteStateAsync("pointer", grain, state);
            Assert.True(state.RecordExists);
        }
        using var again = DataFolder.Open(scratch.Options());
        var read = await Read(again);
        Assert.True(read.RecordExists);
        Assert.Equal((7, double.NaN, DayOfWeek.Friday), (read.State!.Current, read.State.Loss, read.State.Phase));
        Assert.Equal([1, 2], read.State.Versions["7"]);
    }

    [Fact]
    public async Task Write_OfAStaleVersion_IsInconsistentAndChangesNothing()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var storage = new SqliteGrainStorage(folder);
        var first = await Read(folder);
        var second = await Read(folder);
        first.State!.Current = 1;
        await storage.WriteStateAsync("pointer", grain, first);
        second.State!.Current = 2;
        var e = await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("pointer", grain, second));
        Assert.Equal((first.ETag, null), (e.StoredEtag, e.CurrentEtag));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("pointer", grain, second));
        Assert.Equal(1, (await Read(folder)).State!.Current);
    }

    [Fact]
    public async Task Write_AfterClearAndRecreate_OldVersionStaysStale()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var storage = new SqliteGrainStorage(folder);
        var old = new GrainState<Pointer>(new() { Current = 1 });
        await storage.WriteStateAsync("pointer", grain, old);
        var other = await Read(folder);
        await storage.ClearStateAsync("pointer", grain, other);
        Assert.False(other.RecordExists);
        await storage.WriteStateAsync("pointer", grain, other);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("pointer", grain, old));
    }

    [Fact]
    public async Task Write_StaleBesideOthersInOneCommit_FailsAlone()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var storage = new SqliteGrainStorage(folder);
        var opening = folder.Log.Open("users/0");
        var good = storage.WriteStateAsync("pointer", grain, new GrainState<Pointer>(new() { Current = 1 }));
        var stale = storage.WriteStateAsync("pointer", grain, new GrainState<Pointer>(new() { Current = 2 }));
        await good;
        await opening;
        await Assert.ThrowsAsync<InconsistentStateException>(() => stale);
        Assert.Equal(1, (await Read(folder)).State!.Current);
    }

    private static async Task<GrainState<Pointer>> Read(DataFolder folder)
    {
        var read = new GrainState<Pointer>();
        await new SqliteGrainStorage(folder).ReadStateAsync("pointer", grain, read);
        return read;
    }
}
