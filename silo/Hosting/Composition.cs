using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Gateway;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;
using OrleansRec.Silo.Compute;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.PostgreSql;

namespace OrleansRec.Silo.Hosting;

/// <summary>The composition root: which parts make a cluster, whatever it is used by.</summary>
public static class Composition
{
    /// <summary>The environment variable that names a folder of settings, one a file: <c>Storage__ConnectionString</c> holds that setting and nothing else.</summary>
    /// <remarks>For what should not show in an environment: containers have their secrets as files.</remarks>
    public const string SecretsVariable = "ORLEANSREC_SECRETS";

    /// <summary>The settings: appsettings.json beside the program, then <see cref="SecretsVariable"/>, then environment variables such as <c>Server__Port</c>.</summary>
    public static IConfigurationRoot Configuration() => AddSettings(new ConfigurationBuilder()).Build();

    /// <summary>Adds the sources of <see cref="Configuration"/>.</summary>
    public static IConfigurationBuilder AddSettings(this IConfigurationBuilder builder)
    {
        // Read once: a watcher on the file costs start-up, and no option here is read again.
        builder.Add(new JsonConfigurationSource
        {
            Path = "appsettings.json", Optional = true, ReloadOnChange = false,
            FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(AppContext.BaseDirectory),
        });
        if (Environment.GetEnvironmentVariable(SecretsVariable) is { Length: > 0 } secrets)
            builder.AddKeyPerFile(Path.GetFullPath(secrets), optional: true);
        return builder.AddEnvironmentVariables();
    }

    /// <summary>The configured event types.</summary>
    /// <exception cref="OptionsValidationException">One breaks a rule.</exception>
    public static EventTypeRules EventTypes(IConfiguration configuration)
    {
        try
        {
            return (configuration.GetSection(EventTypeOptions.Section).Get<EventTypeOptions>() ?? new()).ToRules();
        }
        catch (ArgumentException e)
        {
            throw new OptionsValidationException(EventTypeOptions.Section, typeof(EventTypeOptions), [$"Events:Types: {e.Message}"]);
        }
    }

    /// <summary>A cluster on the configured store, which is opened here, so that one that cannot be used is told before anything starts.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="configure">Runs after the storage's section was read.</param>
    /// <param name="cluster">Which cluster this process joins.</param>
    public static void AddCluster(this IHostApplicationBuilder builder, Action<StorageOptions> configure, ClusterOptions cluster)
    {
        var storage = builder.Configuration.ReadStorage(configure);
        if (storage.Kind == StorageKind.Folder && cluster.Kind != ClusterKind.Single)
            throw ClusterOptions.Broken($"{ClusterOptions.Section}:{nameof(ClusterOptions.Kind)} {cluster.Kind} needs a storage that all silos share; {StorageOptions.Section}:{nameof(StorageOptions.Kind)} is {storage.Kind}.");
        AddShared(builder, storage.Kind == StorageKind.Folder ? AddFolder(builder, storage, configure) : AddPostgres(builder, storage, cluster), cluster);
        if (storage.Kind == StorageKind.Folder)
            AddDiskWatch(builder.Services);
    }

    private static ShardMap AddFolder(IHostApplicationBuilder builder, StorageOptions storage, Action<StorageOptions> configure)
    {
        builder.Services.AddDataFolder(builder.Configuration, configure);
        var folder = DataFolder.Open(storage);
        foreach (string note in folder.Notes)
            Console.Error.WriteLine($"data folder {folder.Path}: {note}");
        // By a factory, so that the container disposes it, after the engine has ended.
        builder.Services.AddSingleton(_ => folder);
        builder.Services.AddSingleton<IReadinessProbe, StoreProbe>();
        return folder.Shards;
    }

    /// <summary>After the engine: hosted parts start in the order in which they were added and stop in the other, and this one calls a grain.</summary>
    private static void AddDiskWatch(IServiceCollection services)
    {
        services.AddSingleton<DiskWatch>();
        services.AddSingleton<IDiskReport>(provider => provider.GetRequiredService<DiskWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<DiskWatch>());
    }

    private static ShardMap AddPostgres(IHostApplicationBuilder builder, StorageOptions storage, ClusterOptions cluster)
    {
        PostgresState.Add(builder.Services, StorageRegistration.GrainStorageName, storage, cluster.ServiceId);
        var store = PostgresStore.Open(storage);
        foreach (string note in store.Notes)
            Console.Error.WriteLine($"database: {note}");
        builder.Services.AddSingleton(_ => store);
        builder.Services.AddSingleton<IReadinessProbe>(provider => provider.GetRequiredService<PostgresStore>());
        builder.Services.AddSingleton(provider => provider.GetRequiredService<PostgresStore>().Log);
        return store.Shards;
    }

    /// <summary>A cluster that keeps everything in memory and ends with the process.</summary>
    public static void AddMemoryCluster(this IHostApplicationBuilder builder, ShardMap shards)
    {
        builder.Services.AddSingleton<ILogStore, MemoryLogStore>();
        OrleansHosting.AddMemoryState(builder.Services, StorageRegistration.GrainStorageName);
        AddShared(builder, shards, new());
    }

    /// <summary>A process that calls a cluster's grains and has none itself.</summary>
    public static void AddClusterClient(this IHostApplicationBuilder builder, ClusterOptions cluster)
    {
        builder.AddEdge(cluster);
        builder.Services.AddSingleton<IRandomSource, CryptoRandomSource>();
        OrleansHosting.AddClient(builder, cluster);
    }

    private static void AddShared(IHostApplicationBuilder builder, ShardMap shards, ClusterOptions cluster)
    {
        var services = builder.Services;
        builder.AddEdge(cluster);
        services.AddSingleton<HeapWatch>();
        services.AddSingleton<IComputePool>(provider => new ThreadComputePool(
            provider.GetRequiredService<IOptions<ServerOptions>>().Value.ComputeWorkers is > 0 and var workers ? workers : Environment.ProcessorCount,
            provider.GetRequiredService<IServingGate>(), provider.GetRequiredService<HeapWatch>()));
        services.AddOrleansRecGrains(shards);
        OrleansHosting.AddSilo(builder, cluster);
    }

    /// <summary>What every process has, with grains of its own or without.</summary>
    private static void AddEdge(this IHostApplicationBuilder builder, ClusterOptions cluster)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(EventTypes(builder.Configuration));
        services.AddSingleton(cluster);
        services.AddOptions<ServerOptions>().BindConfiguration(ServerOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IServingGate, ServingGate>();
    }

    /// <summary>The settings of the store, checked.</summary>
    /// <exception cref="OptionsValidationException">One breaks a rule.</exception>
    internal static StorageOptions ReadStorage(this IConfiguration configuration, Action<StorageOptions> configure)
    {
        var options = new StorageOptions();
        configuration.GetSection(StorageOptions.Section).Bind(options);
        configure(options);
        var failures = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
        if (!System.ComponentModel.DataAnnotations.Validator.TryValidateObject(options, new(options), failures, validateAllProperties: true))
            throw new OptionsValidationException(StorageOptions.Section, typeof(StorageOptions), failures.Select(f => $"{StorageOptions.Section}: {f.ErrorMessage}"));
        return options;
    }
}
