using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Cluster.Tests.Cluster;

/// <summary>What one silo sees of the shared grain state, while it lives.</summary>
public sealed class SiloStates(IGrainStorage inner, SiloLife life) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        life.While(() => inner.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        life.While(() => inner.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        life.While(() => inner.ClearStateAsync(stateName, grainId, grainState));
}
