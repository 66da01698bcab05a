using OrleansRec.Embedded;
using OrleansRec.Grains.Users;

namespace OrleansRec.Silo.Hosting;

/// <summary>The engine that this build was made for: Embedded.</summary>
internal static class Engine
{
    public const string Name = "Embedded";

    /// <summary>Whether a cluster can span processes.</summary>
    public static bool SpansProcesses => false;

    public static void AddTo(IHostApplicationBuilder builder, ClusterOptions cluster)
    {
        if (cluster.Kind != ClusterKind.Single)
            throw ClusterOptions.Broken($"{ClusterOptions.Section}:{nameof(ClusterOptions.Kind)} '{cluster.Kind}' must be Single: this build has the engine Embedded, which is one process.");
        builder.Services.AddEmbeddedEngine(o => o.GrainAssemblies.Add(typeof(UserGrain).Assembly));
    }

    /// <summary>A process without grains of its own: there is none here.</summary>
    public static void AddClient(IHostApplicationBuilder builder, ClusterOptions cluster) => throw new NotSupportedException(Name);

    /// <summary>Grain state that ends with the process.</summary>
    public static void AddMemoryState(IServiceCollection services, string name) => services.AddMemoryGrainStorage(name);
}
