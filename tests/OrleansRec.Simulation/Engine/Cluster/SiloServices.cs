using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Timers;
using OrleansRec.Simulation.Engine.Activations;
using OrleansRec.Simulation.Engine.Types;

namespace OrleansRec.Simulation.Engine.Cluster;

/// <summary>The container of one virtual silo: what Orleans would put there, then what the user of the cluster adds.</summary>
internal static class SiloServices
{
    public static IServiceProvider Build(SimulatedSilo silo, GrainTypes types, GrainReferences references, ClusterOptions options)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<ITimerRegistry>(silo.Timers).AddSingleton<IGrainRuntime>(provider => new SiloGrainRuntime(silo, provider, references));
        services.AddSingleton<IGrainFactory>(references).AddSingleton<IClusterClient>(references);
        services.AddSingleton<IGrainContextAccessor, CurrentContext>();
        services.AddScoped(_ => RuntimeContexts.Current ?? throw new InvalidOperationException("No grain context is current."));
        services.AddSingleton<IPersistentStateFactory, PersistentStates>();
        services.AddSingleton(types.Services.GetRequiredService<Serializer>()).AddSingleton(types.Services.GetRequiredService<DeepCopier>());
        options.ConfigureServices(silo, services);
        services.TryAddSingleton<TimeProvider>(silo.Clock);
        return services.BuildServiceProvider();
    }

    private sealed class CurrentContext : IGrainContextAccessor
    {
        public IGrainContext GrainContext => RuntimeContexts.Current!;
    }
}
