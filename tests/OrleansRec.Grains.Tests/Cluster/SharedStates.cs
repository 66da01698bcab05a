using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>
/// Grain state that outlives silos, as bytes and with versions, under the rule of every durable provider: who has not read the latest version cannot
/// write. Orleans' own memory storage keeps its records in grains of the silos, and would lose them with a killed one.
/// </summary>
public sealed class SharedStates : IGrainStorage
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Name, GrainId Grain), (byte[] Content, long Version)> records = [];
    private readonly Serializer serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();
    private long lastVersion;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (gate)
        {
            grainState.RecordExists = records.TryGetValue((stateName, grainId), out var record);
            grainState.State = grainState.RecordExists ? serializer.Deserialize<T>(record.Content) : Activator.CreateInstance<T>();
            grainState.ETag = grainState.RecordExists ? Text(record.Version) : null;
        }
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        byte[] content = serializer.SerializeToArray(grainState.State);
        lock (gate)
        {
            Check(stateName, grainId, grainState.ETag);
            records[(stateName, grainId)] = (content, ++lastVersion);
            grainState.ETag = Text(lastVersion);
            grainState.RecordExists = true;
        }
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (gate)
        {
            Check(stateName, grainId, grainState.ETag);
            records.Remove((stateName, grainId));
            grainState.State = Activator.CreateInstance<T>();
            grainState.ETag = null;
            grainState.RecordExists = false;
        }
        return Task.CompletedTask;
    }

    private void Check(string stateName, GrainId grainId, string? eTag)
    {
        string? stored = records.TryGetValue((stateName, grainId), out var record) ? Text(record.Version) : null;
        if (stored != eTag)
            throw new InconsistentStateException($"State {stateName} of {grainId} has version {stored ?? "none"}; the writer had read {eTag ?? "none"}.", stored, eTag);
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
