using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Core;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Timers;
using OrleansRec.Simulation.Engine.Activations;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>What grains of one silo know of it.</summary>
internal sealed class SiloGrainRuntime(SimulatedSilo silo, IServiceProvider services, IGrainFactory grains) : IGrainRuntime
{
    public string SiloIdentity { get; } = silo.Address.ToString();

    public SiloAddress SiloAddress => silo.Address;

    public IGrainFactory GrainFactory => grains;

    public ITimerRegistry TimerRegistry => silo.Timers;

    public IServiceProvider ServiceProvider => services;

    public TimeProvider TimeProvider => silo.Clock;

    public void DeactivateOnIdle(IGrainContext grainContext) =>
        grainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));

    public void DelayDeactivation(IGrainContext grainContext, TimeSpan timeSpan) => ((Activation)grainContext).DelayDeactivation(timeSpan);

    public IStorage<TGrainState> GetStorage<TGrainState>(IGrainContext grainContext)
    {
        var provider = grainContext.GrainInstance!.GetType().GetCustomAttribute<StorageProviderAttribute>()?.ProviderName;
        var storage = string.IsNullOrEmpty(provider) ? services.GetService<IGrainStorage>() : services.GetKeyedService<IGrainStorage>(provider);
        return new StoredState<TGrainState>(
            "state", (Activation)grainContext, storage ?? throw new BadProviderConfigException($"No storage provider named \"{provider}\" found for {grainContext.GrainId}."));
    }
}
