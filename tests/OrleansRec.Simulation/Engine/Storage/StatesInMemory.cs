using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace OrleansRec.Simulation.Engine.Storage;

/// <summary>Grain state in memory, as bytes, with versions: what a grain keeps of a state it has written never changes what is stored.</summary>
public sealed class StatesInMemory(Serializer serializer) : IGrainStorage
{
    private readonly Dictionary<(string Name, GrainId Grain), (byte[] Content, long Version)> _records = [];
    private long _version;

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_records.TryGetValue((stateName, grainId), out var record))
            (grainState.State, grainState.ETag, grainState.RecordExists) = (serializer.Deserialize<T>((ReadOnlySpan<byte>)record.Content), Text(record.Version), true);
        else
            Reset(grainState);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (Conflict(stateName, grainId, grainState.ETag) is { } conflict)
            return Task.FromException(conflict);
        _records[(stateName, grainId)] = (serializer.SerializeToArray(grainState.State), ++_version);
        (grainState.ETag, grainState.RecordExists) = (Text(_version), true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (Conflict(stateName, grainId, grainState.ETag) is { } conflict)
            return Task.FromException(conflict);
        _records.Remove((stateName, grainId));
        Reset(grainState);
        return Task.CompletedTask;
    }

    // A grain without a record starts from a new state where its type has one, as with Orleans' own providers.
    private static void Reset<T>(IGrainState<T> grainState)
    {
        var hasDefault = typeof(T).IsValueType || typeof(T).GetConstructor(Type.EmptyTypes) is not null;
        (grainState.State, grainState.ETag, grainState.RecordExists) = (hasDefault ? Activator.CreateInstance<T>() : default!, null, false);
    }

    private InconsistentStateException? Conflict(string stateName, GrainId grainId, string? eTag)
    {
        var stored = _records.TryGetValue((stateName, grainId), out var record) ? Text(record.Version) : null;
        return stored == eTag
            ? null
            : new InconsistentStateException($"State {stateName} of {grainId} has version {stored ?? "none"}; the writer had read {eTag ?? "none"}.", stored, eTag);
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
