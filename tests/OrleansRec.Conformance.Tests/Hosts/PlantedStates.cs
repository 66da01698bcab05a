using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>What is done with a stored state.</summary>
public enum StateVerb
{
    Read,
    Write,
    Clear,
}

/// <summary>Grain states of all silos, with ETags, and faults that a test plants. A record outlives its activation and its silo.</summary>
public sealed class PlantedStates : IGrainStorage
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), Record> _records = new();
    private readonly ConcurrentDictionary<(StateVerb Verb, GrainId Grain), bool> _faults = new();
    private readonly ConcurrentDictionary<(StateVerb Verb, GrainId Grain), HeldStep> _held = new();

    /// <summary>The next such step for this grain fails with an <see cref="IOException"/>.</summary>
    /// <param name="verb">Which step.</param>
    /// <param name="grain">The grain.</param>
    /// <param name="takesEffect">Whether it is done all the same, as when only the answer of a database is lost.</param>
    public void FailNext(StateVerb verb, GrainId grain, bool takesEffect = false) => _faults[(verb, grain)] = takesEffect;

    /// <summary>The next such step for this grain waits until it is let go.</summary>
    public HeldStep HoldNext(StateVerb verb, GrainId grain) => _held[(verb, grain)] = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Do(StateVerb.Read, grainId, grainState, () =>
    {
        bool isThere = _records.TryGetValue((stateName, grainId), out Record? record);
        grainState.RecordExists = isThere;
        grainState.ETag = record?.ETag;
        grainState.State = isThere ? JsonSerializer.Deserialize<T>(record!.Json)! : Activator.CreateInstance<T>();
    });

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Do(StateVerb.Write, grainId, grainState, () =>
    {
        Check(stateName, grainId, grainState.ETag);
        string etag = (int.Parse(grainState.ETag ?? "0", CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        _records[(stateName, grainId)] = new(JsonSerializer.Serialize(grainState.State), etag);
        grainState.ETag = etag;
        grainState.RecordExists = true;
    });

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Do(StateVerb.Clear, grainId, grainState, () =>
    {
        Check(stateName, grainId, grainState.ETag);
        _records.TryRemove((stateName, grainId), out _);
        grainState.ETag = null;
        grainState.RecordExists = false;
        grainState.State = Activator.CreateInstance<T>();
    });

    private async Task Do<T>(StateVerb verb, GrainId grain, IGrainState<T> state, Action step)
    {
        if (_held.TryRemove((verb, grain), out HeldStep? held))
            await held.Pass();
        if (!_faults.TryRemove((verb, grain), out bool takesEffect))
        {
            step();
            return;
        }
        // Whoever gets no answer knows no new ETag.
        (T? before, string? etag, bool exists) = (state.State, state.ETag, state.RecordExists);
        if (takesEffect)
            step();
        (state.State, state.ETag, state.RecordExists) = (before!, etag, exists);
        throw new IOException($"planted: {verb}");
    }

    private void Check(string name, GrainId grain, string? etag)
    {
        string? stored = _records.GetValueOrDefault((name, grain))?.ETag;
        if (stored != etag)
            throw new InconsistentStateException("planted states hold another version", stored, etag);
    }

    private sealed record Record(string Json, string ETag);
}

/// <summary>A step that a storage does not take before the test lets it.</summary>
public sealed class HeldStep
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously), _free = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a grain has asked for the step.</summary>
    public Task Begun => _begun.Task;

    public void LetGo() => _free.SetResult();

    internal Task Pass()
    {
        _begun.SetResult();
        return _free.Task;
    }
}
