using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Simulation;

/// <summary>Writes the model directory over whatever is there: a set without a compare.</summary>
internal sealed class OverwritingStates(IGrainStorage inner) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (stateName == "models")
        {
            var stored = new GrainState<T>();
            await inner.ReadStateAsync(stateName, grainId, stored);
            grainState.ETag = stored.ETag;
        }
        await inner.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
