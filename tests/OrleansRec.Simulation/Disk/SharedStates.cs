using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace OrleansRec.Simulation;

/// <summary>Grain state that all silos share, with the version before the last, which a stale read brings.</summary>
internal sealed class SharedStates(Serializer serializer)
{
    private readonly StatesInMemory _states = new(serializer);
    private readonly Dictionary<(string Name, GrainId Grain), object> _earlier = [];

    /// <summary>Called with every state that has been written, and the one before it.</summary>
    public Action<object?, object?> Written { get; set; } = (_, _) => { };

    public async Task Read<T>(string name, GrainId grain, IGrainState<T> into, bool missesLast)
    {
        if (missesLast && _earlier.TryGetValue((name, grain), out var earlier))
            Copy((GrainState<T>)earlier, into);
        else
            await _states.ReadStateAsync(name, grain, into);
    }

    public async Task Write<T>(string name, GrainId grain, IGrainState<T> state)
    {
        var before = new GrainState<T>();
        await _states.ReadStateAsync(name, grain, before);
        await _states.WriteStateAsync(name, grain, state);
        _earlier[(name, grain)] = before;
        Written(before.State, state.State);
    }

    public Task Clear<T>(string name, GrainId grain, IGrainState<T> state) => _states.ClearStateAsync(name, grain, state);

    private static void Copy<T>(GrainState<T> from, IGrainState<T> to) => (to.State, to.ETag, to.RecordExists) = (from.State, from.ETag, from.RecordExists);
}

/// <summary>The shared states as one silo sees them.</summary>
internal sealed class SiloStates(SharedStates states, StorageAccess access) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        await await access.Read($"reads state {stateName} of {grainId}", isStale => states.Read(stateName, grainId, grainState, isStale));

    /// <summary>A write that seems to have failed leaves the writer with the version that it had read.</summary>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var written = new GrainState<T>(grainState.State, grainState.ETag) { RecordExists = grainState.RecordExists };
        await access.Write($"writes state {stateName} of {grainId}", async () =>
        {
            await states.Write(stateName, grainId, written);
            return true;
        });
        (grainState.ETag, grainState.RecordExists) = (written.ETag, written.RecordExists);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        access.Write($"clears state {stateName} of {grainId}", async () =>
        {
            await states.Clear(stateName, grainId, grainState);
            return true;
        });
}
