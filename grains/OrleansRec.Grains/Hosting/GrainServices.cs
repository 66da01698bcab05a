using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Hosting;

/// <summary>Registers what grains are given besides the engine and the stores.</summary>
public static class GrainServices
{
    /// <summary>
    /// Adds the silo's copies, the options and defaults. The caller registers <see cref="TimeProvider"/>, <see cref="ILogStore"/>, the grain
    /// storage named "rec", logging, and <see cref="IComputePool"/> where threads are wanted; whatever is registered before is kept. Options
    /// come from the sections UserShard, ItemShard, Serving, Models, Training and AccessLog.
    /// </summary>
    public static IServiceCollection AddOrleansRecGrains(this IServiceCollection services, ShardMap map)
    {
        services.AddSingleton(map);
        services.TryAddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.TryAddSingleton(EventTypeRules.Default);
        services.TryAddSingleton<IRandomSource, CryptoRandomSource>();
        services.TryAddSingleton<IComputePool, InlineComputePool>();
        services.TryAddSingleton<IServingGate, ServingGate>();
        services.TryAddSingleton<UnaskedCalls>();
        services.TryAddSingleton<SideSolver>();
        services.TryAddSingleton<SiloCopies>();
        services.TryAddSingleton<IPublishedLists, PublishedLists>();
        services.AddOptions<UserShardOptions>().BindConfiguration("UserShard").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ItemShardOptions>().BindConfiguration("ItemShard").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ServingOptions>().BindConfiguration("Serving").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ModelDirectoryOptions>().BindConfiguration("Models").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<TrainingOptions>().BindConfiguration("Training").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<QualityGateOptions>().BindConfiguration(QualityGateOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AccessLogOptions>().BindConfiguration("AccessLog").ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
