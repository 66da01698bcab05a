using Orleans;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>The grains of one tenant. Who holds this can reach no other tenant's.</summary>
/// <param name="factory">The engine's.</param>
/// <param name="tenant">Whose grains.</param>
public readonly struct TenantGrains(IGrainFactory factory, TenantId tenant)
{
    /// <summary>Whose grains these are.</summary>
    public TenantId Tenant => tenant;

    /// <summary>The engine's factory, for what keeps copies of this tenant.</summary>
    public IGrainFactory Factory => factory;

    /// <summary>The training coordinator.</summary>
    public ITrainingCoordinatorGrain Coordinator => Get<ITrainingCoordinatorGrain>(GrainKey.Coordinator);

    /// <summary>The model directory.</summary>
    public IModelDirectoryGrain Models => Get<IModelDirectoryGrain>(GrainKey.Models);

    /// <summary>The ring of API keys.</summary>
    public IKeyRingGrain KeyRing => Get<IKeyRingGrain>(GrainKey.KeyRing);

    /// <summary>The log of looks at personal data.</summary>
    public IAccessLogGrain AccessLog => Get<IAccessLogGrain>(GrainKey.AccessLog);

    /// <summary>What the tenant has decided for all of its events and items.</summary>
    public IShopRulesGrain ShopRules => Get<IShopRulesGrain>(GrainKey.ShopRules);

    /// <summary>The scoring workers.</summary>
    public IScoringGrain Scoring => Get<IScoringGrain>(GrainKey.Scoring);

    /// <summary>A user.</summary>
    public IUserGrain User(string userId) => Get<IUserGrain>(userId);

    /// <summary>An item.</summary>
    public IItemGrain Item(string itemId) => Get<IItemGrain>(itemId);

    /// <summary>A user shard.</summary>
    public IUserShardGrain UserShard(int shard) => GetShard<IUserShardGrain>(shard);

    /// <summary>An item shard.</summary>
    public IItemShardGrain ItemShard(int shard) => GetShard<IItemShardGrain>(shard);

    /// <summary>The part of a user shard that trains.</summary>
    public IUserShardTraining UserTraining(int shard) => GetShard<IUserShardTraining>(shard);

    /// <summary>The part of an item shard that trains.</summary>
    public IItemShardTraining ItemTraining(int shard) => GetShard<IItemShardTraining>(shard);

    private T Get<T>(string name) where T : IGrainWithStringKey => factory.GetGrain<T>(new GrainKey(tenant, name).ToString());

    private T GetShard<T>(int shard) where T : IGrainWithStringKey => factory.GetGrain<T>(GrainKey.Shard(tenant, shard).ToString());
}
