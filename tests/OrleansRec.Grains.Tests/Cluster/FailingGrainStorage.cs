using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansRec.Contracts;

namespace OrleansRec.Grains.Tests.Cluster;

/// <summary>Grain storage whose writes can be made to fail.</summary>
public sealed class FailingGrainStorage(IGrainStorage inner) : IGrainStorage
{
    /// <summary>Decides, by the state, whether a write fails.</summary>
    public Func<object?, bool> FailsWrite { get; set; } = _ => false;

    public int Failures { get; private set; }

    /// <summary>The last state that was written.</summary>
    public object? Written { get; private set; }

    /// <summary>Puts itself around the storage of a cluster.</summary>
    public static FailingGrainStorage Around(IServiceCollection services)
    {
        var failing = new FailingGrainStorage((IGrainStorage)services.Last(s => s.ServiceType == typeof(IGrainStorage)).KeyedImplementationInstance!);
        services.AddKeyedSingleton<IGrainStorage>("rec", failing);
        return failing;
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (FailsWrite(grainState.State))
        {
            Failures++;
            throw new StoreUnavailableException("planted");
        }
        await inner.WriteStateAsync(stateName, grainId, grainState);
        Written = grainState.State;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
}
