using Microsoft.Extensions.Options;
using Orleans.Storage;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Registers the data folder and what grains reach through it.</summary>
public static class StorageRegistration
{
    /// <summary>The name by which grains ask for their state's storage.</summary>
    public const string GrainStorageName = "rec";

    /// <summary>Adds <see cref="DataFolder"/>, <see cref="ILogStore"/>, <see cref="ShardMap"/> and the keyed <see cref="IGrainStorage"/>. The folder is opened by whoever asks for one first.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">The root: settings are read from section <see cref="StorageOptions.Section"/>.</param>
    /// <param name="configure">Runs after the section was read, for settings that come from the command line.</param>
    public static IServiceCollection AddDataFolder(this IServiceCollection services, IConfiguration configuration, Action<StorageOptions>? configure = null)
    {
        var options = services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.Section));
        if (configure is not null)
            options.Configure(configure);
        options.ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => DataFolder.Open(provider.GetRequiredService<IOptions<StorageOptions>>().Value));
        services.AddSingleton<ILogStore>(provider => provider.GetRequiredService<DataFolder>().Log);
        services.AddSingleton(provider => provider.GetRequiredService<DataFolder>().Shards);
        services.AddKeyedSingleton<IGrainStorage>(GrainStorageName, (provider, _) => new SqliteGrainStorage(provider.GetRequiredService<DataFolder>()));
        return services;
    }
}
