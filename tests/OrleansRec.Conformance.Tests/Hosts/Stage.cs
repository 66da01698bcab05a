using Microsoft.Extensions.DependencyInjection;
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

    /// <summary>Gives it to the grains of a silo.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(this).AddSingleton(Homes);
        services.AddKeyedSingleton<IGrainStorage>(StorageName, States);
    }
}
