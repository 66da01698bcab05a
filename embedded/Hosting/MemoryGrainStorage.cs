using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Embedded;

/// <summary>Grain state in memory, as bytes, with versions: what a grain keeps of a state it has written never changes what is stored.</summary>
public sealed class MemoryGrainStorage : IGrainStorage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, GrainId Grain), (byte[] Content, long Version)> _records = [];
    private readonly WireTypes _types = new(null);
    private long _version;

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            grainState.RecordExists = _records.TryGetValue((stateName, grainId), out var record);
            grainState.State = grainState.RecordExists ? _types.Of<T>().FromBytes(record.Content) : default;
            grainState.ETag = grainState.RecordExists ? Text(record.Version) : null;
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var content = _types.Of<T>().ToBytes(grainState.State!);
        lock (_lock)
        {
            if (Conflict(stateName, grainId, grainState.ETag) is { } conflict)
                return Task.FromException(conflict);
            _records[(stateName, grainId)] = (content, ++_version);
            grainState.ETag = Text(_version);
            grainState.RecordExists = true;
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            if (Conflict(stateName, grainId, grainState.ETag) is { } conflict)
                return Task.FromException(conflict);
            _records.Remove((stateName, grainId));
            grainState.ETag = null;
            grainState.RecordExists = false;
        }
        return Task.CompletedTask;
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
