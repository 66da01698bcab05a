using Orleans;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>The grains that belong to no tenant.</summary>
public static class SystemGrains
{
    /// <summary>Which tenants there are.</summary>
    public static ITenantDirectoryGrain Tenants(this IGrainFactory factory) =>
        factory.GetGrain<ITenantDirectoryGrain>(new GrainKey(TenantId.System, GrainKey.Tenants).ToString());

    /// <summary>How many shards there are.</summary>
    public static IClusterShapeGrain Shape(this IGrainFactory factory) =>
        factory.GetGrain<IClusterShapeGrain>(new GrainKey(TenantId.System, GrainKey.Shape).ToString());

    /// <summary>How large the store was.</summary>
    public static IStoreGrowthGrain Growth(this IGrainFactory factory) =>
        factory.GetGrain<IStoreGrowthGrain>(new GrainKey(TenantId.System, GrainKey.Growth).ToString());

    /// <summary>The grains of one tenant.</summary>
    public static TenantGrains Of(this IGrainFactory factory, TenantId tenant) => new(factory, tenant);
}
