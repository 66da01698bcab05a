using OrleansRec.Embedded;
using OrleansRec.Grains.Users;

namespace OrleansRec.Silo.Hosting;

/// <summary>The engine that this build was made for: Embedded.</summary>
internal static class Engine
{
    public const string Name = "Embedded";

    public static void AddTo(IHostApplicationBuilder builder) =>
        builder.Services.AddEmbeddedEngine(o => o.GrainAssemblies.Add(typeof(UserGrain).Assembly));

    /// <summary>Grain state that ends with the process.</summary>
    public static void AddMemoryState(IServiceCollection services, string name) => services.AddMemoryGrainStorage(name);
}
