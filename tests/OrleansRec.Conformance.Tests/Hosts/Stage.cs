using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansRec.Conformance.Tests.Hosts;

/// <summary>What a test and the grains of all silos share.</summary>
public sealed class Stage
{
    /// <summary>The name of the storage that grains of this suite use.</summary>
    public const string StorageName = "planted";

    public Journal Journal { get; } = new();

    public Gates Gates { get; } = new();

    public Homes Homes { get; } = new();

    public PlantedStates States { get; } = new();

    /// <summary>The newest activation of each grain that adds itself.</summary>
    public ConcurrentDictionary<GrainId, IGrainContext> Activations { get; } = new();

    /// <summary>Gives it to the grains of a silo.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(this).AddSingleton(Homes);
        services.AddKeyedSingleton<IGrainStorage>(StorageName, States);
    }
}
