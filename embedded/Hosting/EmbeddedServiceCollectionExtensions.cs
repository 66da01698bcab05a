using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Storage;

namespace OrleansRec.Embedded;

/// <summary>Puts the engine into a container.</summary>
public static class EmbeddedServiceCollectionExtensions
{
    /// <summary>Registers the engine: <see cref="IGrainFactory"/>, <see cref="IClusterClient"/> and <see cref="EmbeddedEngine"/>, all the same object.</summary>
    /// <remarks>
    /// <para>
    /// In a host it starts and stops with it. Stopping ends every activation, calling its OnDeactivateAsync, within
    /// <see cref="EmbeddedOptions.StopTimeout"/>; hosted services stop in reverse order of registration, so register the engine after what
    /// its grains need and before what calls them.
    /// </para>
    /// <para>
    /// Without a host (tests), build the container, take <see cref="IGrainFactory"/> from it and call grains at once; disposing the
    /// container asynchronously, or <see cref="EmbeddedEngine.Stop"/>, ends it.
    /// </para>
    /// <para>
    /// Taken from the container where they are registered: <see cref="TimeProvider"/> (else the system's), <see cref="IEngineScheduler"/>
    /// (else <see cref="ThreadPoolScheduler"/>), and, for each name that a [PersistentState] gives, the <see cref="IGrainStorage"/>
    /// registered under that key.
    /// </para>
    /// <code>
    /// services.AddEmbeddedEngine(o => o.GrainAssemblies.Add(typeof(UserGrain).Assembly));
    /// services.AddMemoryGrainStorage("rec");
    /// // a deterministic run:
    /// var clock = new SimulatedClock();
    /// var scheduler = new DeterministicScheduler(seed, clock);
    /// services.AddSingleton&lt;TimeProvider>(clock).AddSingleton&lt;IEngineScheduler>(scheduler);
    /// var answer = scheduler.Run(() => grains.GetGrain&lt;IUserGrain>("ann").Recommend(request));
    /// </code>
    /// </remarks>
    public static IServiceCollection AddEmbeddedEngine(this IServiceCollection services, Action<EmbeddedOptions> configure)
    {
        services.Configure(configure);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IEngineScheduler, ThreadPoolScheduler>();
        services.TryAddSingleton(provider => new EmbeddedEngine(
            provider,
            provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<EmbeddedOptions>>().Value,
            provider.GetRequiredService<IEngineScheduler>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EmbeddedEngine>>()));
        services.TryAddSingleton<IClusterClient>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.TryAddSingleton<IGrainFactory>(provider => provider.GetRequiredService<EmbeddedEngine>());
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedEngine>());
        return services;
    }

    /// <summary>Registers a storage that lives as long as the container, as the keyed <see cref="IGrainStorage"/> of this name.</summary>
    public static IServiceCollection AddMemoryGrainStorage(this IServiceCollection services, string name) =>
        services.AddKeyedSingleton<IGrainStorage>(name, (_, _) => new MemoryGrainStorage());
}
