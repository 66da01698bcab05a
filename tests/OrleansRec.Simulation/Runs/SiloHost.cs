using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Training;
using OrleansRec.Grains.Users;

namespace OrleansRec.Simulation;

/// <summary>Puts a silo together as a server does, on the simulated storage, with small bounds so that everything that happens now and then happens often.</summary>
internal sealed class SiloHost(ulong seed, SimulatedClock clock, Wiring wiring)
{
    private const string StateStorage = "rec";
    private readonly SimulatedDisk _disk = wiring.Disk;
    private SimulatedCluster _cluster = null!;
    private Weather _weather = null!;

    /// <summary>The product's grains, placed by the product's rule.</summary>
    public static ClusterOptions Product()
    {
        var options = new ClusterOptions
        {
            ResponseTimeout = World.ResponseTimeout,
            StopTimeout = TimeSpan.FromSeconds(10),
            DeactivationTimeout = TimeSpan.FromSeconds(5),
            PurposeOf = PurposeOf,
            HomeKeyOf = grain => GrainHome.KeyOf(grain.Type.ToString()!, grain.Key.ToString(), World.Map),
            MovesSlowly = type => GrainHome.IsShard(type.ToString()!),
            MovePeriod = TimeSpan.FromMilliseconds(500),
            SlowMovesMax = 1,
            OtherMovesMax = 4,
        };
        options.GrainAssemblies.Add(typeof(UserGrain).Assembly);
        return options;
    }

    public void Connect(SimulatedCluster cluster, Weather weather) => (_cluster, _weather) = (cluster, weather);

    public void Configure(ClusterOptions options)
    {
        options.ConfigureServices = AddServices;
        foreach (var (replaced, standIn) in wiring.StandIns)
            options.StandIns.Add(replaced, standIn);
    }

    /// <summary>Publishing is a call of its own, whoever causes it.</summary>
    private static string? PurposeOf(string method) => method switch
    {
        "IModelDirectoryGrain.Publish" or "IModelDirectoryGrain.Claim" or "IItemShardTraining.Prepare" => "publish",
        _ => null,
    };

    private void AddServices(SimulatedSilo silo, IServiceCollection services)
    {
        var access = new StorageAccess(silo, _cluster, clock, SimulatedRandom.For(seed, $"storage of {silo}"), _weather, _disk);
        services.AddSingleton<TimeProvider>(silo.Clock);
        services.AddSingleton<IRandomSource>(new SeededRandomSource(seed * 31 + (ulong)silo.Number));
        services.AddSingleton(wiring.Store(new SiloStore(_disk, access), clock));
        services.AddKeyedSingleton(StateStorage, wiring.GrainStorage(new SiloStates(wiring.States, access)));
        services.AddSingleton(wiring.EventTypes);
        services.AddOrleansRecGrains(World.Map);
        services.PostConfigure<UserShardOptions>(o =>
        {
            (o.SnapshotRecords, o.IdleSnapshotRecords, o.FeedBatchMax) = (15, 6, 5);
            (o.MergeBatchMax, o.MergeSilencePeriod, o.RetentionPeriod) = (2, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3));
            (o.FenceCheckPeriod, o.UncheckedPeriodMax) = (World.OldReadsOfOwner, World.OldReadsMax);
            (o.RetryPeriod, o.ErasurePeriod, o.FeedCheckPeriod) = (TimeSpan.FromMilliseconds(700), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
        });
        // Most seeds scan in the workers, some in the users' grains.
        services.PostConfigure<ServingOptions>(o => o.InlineScanBytesMax = seed % 4 != 0 ? 0 : o.InlineScanBytesMax);
        services.PostConfigure<ItemShardOptions>(o => (o.SnapshotRecords, o.ChangesMax, o.RetryPeriod) = (5, 4, TimeSpan.FromMilliseconds(700)));
        services.PostConfigure<ModelDirectoryOptions>(o => o.VersionsKept = 3);
        services.PostConfigure<TrainingOptions>(o => (o.SilencePeriod, o.PublishTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(250)));
        services.PostConfigure<QualityGateOptions>(o => (o.ShareMax, o.UsersMin) = (0.5, 1));
    }
}
