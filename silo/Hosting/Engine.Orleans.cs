using Orleans.Hosting;
using Orleans.Storage;

namespace OrleansRec.Silo.Hosting;

/// <summary>The engine that this build was made for: Orleans, one silo in this process.</summary>
internal static class Engine
{
    public const string Name = "Orleans";

    public static void AddTo(IHostApplicationBuilder builder) => builder.UseOrleans(silo => silo.UseLocalhostClustering());

    /// <summary>Grain state that ends with the process.</summary>
    public static void AddMemoryState(IServiceCollection services, string name) =>
        services.AddKeyedSingleton<IGrainStorage>(name, (provider, _) => MemoryGrainStorageFactory.Create(provider, name));
}
