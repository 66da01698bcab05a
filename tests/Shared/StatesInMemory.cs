using System.Globalization;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace OrleansRec.Tests.Shared;

/// <summary>
/// Grain state in memory, as bytes and with versions, under the rule of every durable provider: who has not read the latest version cannot write. What a grain keeps of a
/// state it has written never changes what is stored.
/// </summary>
/// <remarks>It outlives silos. Orleans' own memory storage keeps its records in grains of the silos, and would lose them with a killed one.</remarks>
public sealed class StatesInMemory(Serializer serializer) : IGrainStorage
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, GrainId Grain), Record> _records = [];
    private long _version;

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (Find(stateName, grainId) is { } record)
            (grainState.State, grainState.ETag, grainState.RecordExists) = (serializer.Deserialize<T>((ReadOnlySpan<byte>)record.Content), record.ETag, true);
        else
            Reset(grainState);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] content = serializer.SerializeToArray(grainState.State);
        lock (_gate)
        {
            if (Conflict(stateName, grainId, grainState.ETag) is { } conflict)
                return Task.FromException(conflict);
            string eTag = (++_version).ToString(CultureInfo.InvariantCulture);
            _records[(stateName, grainId)] = new(content, eTag);
            (grainState.ETag, grainState.RecordExists) = (eTag, true);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_gate)
        {
            if (Conflict(stateName, grainId, grainState.ETag) is { } conflict)
                return Task.FromException(conflict);
            _records.Remove((stateName, grainId));
        }
        Reset(grainState);
        return Task.CompletedTask;
    }

    // A grain without a record starts from a new state where its type has one, as with Orleans' own providers.
    private static void Reset<T>(IGrainState<T> grainState)
    {
        bool hasDefault = typeof(T).IsValueType || typeof(T).GetConstructor(Type.EmptyTypes) is not null;
        (grainState.State, grainState.ETag, grainState.RecordExists) = (hasDefault ? Activator.CreateInstance<T>() : default!, null, false);
    }

    private Record? Find(string stateName, GrainId grainId)
    {
        lock (_gate)
            return _records.GetValueOrDefault((stateName, grainId));
    }

    private InconsistentStateException? Conflict(string stateName, GrainId grainId, string? eTag)
    {
        string? stored = Find(stateName, grainId)?.ETag;
        return stored == eTag
            ? null
            : new InconsistentStateException($"State {stateName} of {grainId} has version {stored ?? "none"}; the writer had read {eTag ?? "none"}.", stored, eTag);
    }

    private sealed record Record(byte[] Content, string ETag);
}
