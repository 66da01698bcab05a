using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>What every storage of grain state promises, tried on each through a class of its own: who has not read the latest version cannot write.</summary>
public abstract class GrainStorageContract
{
    private const string Name = "pointer";

    private static readonly GrainId grain = GrainId.Create("directory", "default/models");

    protected abstract IGrainStorage Storage { get; }

    [Fact]
    public async Task Read_WhereThereIsNoRecord_GivesANewState()
    {
        var read = await Read();
        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.Empty(read.State!.Versions);
    }

    [Fact]
    public async Task Write_ThenRead_GivesTheSame()
    {
        var state = new GrainState<Pointer>(new() { Current = 7, Loss = double.NaN, Phase = DayOfWeek.Friday, Versions = { ["7"] = [1, 2] } });
        await Storage.WriteStateAsync(Name, grain, state);
        Assert.True(state.RecordExists);
        var read = await Read();
        Assert.Equal((true, state.ETag), (read.RecordExists, read.ETag));
        Assert.Equal((7, double.NaN, DayOfWeek.Friday), (read.State!.Current, read.State.Loss, read.State.Phase));
        Assert.Equal([1, 2], read.State.Versions["7"]);
        state.State!.Current = 8;
        await Storage.WriteStateAsync(Name, grain, state);
        Assert.Equal(8, (await Read()).State!.Current);
    }

    [Fact]
    public async Task Write_OfAStaleVersion_IsInconsistentAndChangesNothing()
    {
        await Storage.WriteStateAsync(Name, grain, new GrainState<Pointer>(new()));
        var (first, second) = (await Read(), await Read());
        first.State!.Current = 1;
        await Storage.WriteStateAsync(Name, grain, first);
        second.State!.Current = 2;
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, second));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync(Name, grain, second));
        Assert.Equal(1, (await Read()).State!.Current);
    }

    /// <summary>Two activations that both found nothing: of any number that write at once, one comes through.</summary>
    [Fact]
    public async Task Write_ManyThatFoundNothing_OneComesThrough()
    {
        var states = Enumerable.Range(1, 16).Select(n => new GrainState<Pointer>(new() { Current = n })).ToArray();
        var writes = states.Select(state => Task.Run(() => Storage.WriteStateAsync(Name, grain, state))).ToArray();
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));
        _ = Assert.Single(writes, write => write.IsCompletedSuccessfully);
        Assert.All(writes.Where(write => write.IsFaulted), write => Assert.IsAssignableFrom<InconsistentStateException>(write.Exception!.InnerException));
        int winner = Array.FindIndex(writes, write => write.IsCompletedSuccessfully);
        Assert.Equal(states[winner].State!.Current, (await Read()).State!.Current);
    }

    [Fact]
    public async Task Write_ManyThatReadTheSame_OneComesThrough()
    {
        await Storage.WriteStateAsync(Name, grain, new GrainState<Pointer>(new()));
        var states = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Read()));
        var writes = states.Select(state => Task.Run(() => Storage.WriteStateAsync(Name, grain, state))).ToArray();
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));
        _ = Assert.Single(writes, write => write.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Clear_ThenWrite_LeavesTheOldVersionStale()
    {
        var old = new GrainState<Pointer>(new() { Current = 1 });
        await Storage.WriteStateAsync(Name, grain, old);
        var other = await Read();
        await Storage.ClearStateAsync(Name, grain, other);
        Assert.False(other.RecordExists);
        Assert.False((await Read()).RecordExists);
        Assert.Equal(0, (await Read()).State!.Current);
        other.State!.Current = 3;
        await Storage.WriteStateAsync(Name, grain, other);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, old));
        Assert.Equal(3, (await Read()).State!.Current);
    }

    [Fact]
    public async Task Write_OfOtherNamesAndKeys_AreApart()
    {
        string[] keys = ["default/models", "default/Models", "acme/models", "default/models ", "7", "default/" + new string('x', 200)];
        foreach (string name in new[] { "pointer", "keys" })
            foreach (string key in keys)
                await Storage.WriteStateAsync(name, GrainId.Create("directory", key), new GrainState<Pointer>(new() { Current = (name + key).Length, Versions = { [name + key] = [1] } }));
        foreach (string name in new[] { "pointer", "keys" })
        {
            foreach (string key in keys)
            {
                var read = new GrainState<Pointer>();
                await Storage.ReadStateAsync(name, GrainId.Create("directory", key), read);
                Assert.Equal(name + key, Assert.Single(read.State!.Versions.Keys));
            }
        }
    }

    [Fact]
    public async Task Write_OfALargeState_ReadsBackTheSame()
    {
        var versions = Enumerable.Range(0, 200).ToDictionary(n => $"{n}", n => Enumerable.Range(n, 1_000).ToArray());
        await Storage.WriteStateAsync(Name, grain, new GrainState<Pointer>(new() { Versions = versions }));
        Assert.Equal(versions["199"], (await Read()).State!.Versions["199"]);
    }

    private async Task<GrainState<Pointer>> Read()
    {
        var read = new GrainState<Pointer>();
        await Storage.ReadStateAsync(Name, grain, read);
        return read;
    }
}

/// <summary>Grain state with members of several kinds.</summary>
internal sealed class Pointer
{
    public int Current { get; set; }

    public double Loss { get; set; }

    public DayOfWeek Phase { get; set; }

    public Dictionary<string, int[]> Versions { get; set; } = [];
}
