using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>Grain storage whose writes wait while it is told to hold them.</summary>
public sealed class HeldGrainStorage(IGrainStorage inner) : IGrainStorage
{
    private TaskCompletionSource? gate;

    /// <summary>A write waits.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>Puts itself around the storage of a cluster.</summary>
    public static HeldGrainStorage Around(IServiceCollection services)
    {
        var held = new HeldGrainStorage((IGrainStorage)services.Last(s => s.ServiceType == typeof(IGrainStorage)).KeyedImplementationInstance!);
        services.AddKeyedSingleton<IGrainStorage>("rec", held);
        return held;
    }

    public void Hold() => gate = new();

    public void LetGo()
    {
        IsHolding = false;
        gate!.SetResult();
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (gate is { Task.IsCompleted: false } closed)
        {
            IsHolding = true;
            await closed.Task;
        }
        await inner.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
