using Orleans;
using Orleans.Concurrency;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>Which tenants there are. One for the system; name: <see cref="GrainKey.Tenants"/>.</summary>
[Alias("rec.tenant-directory-grain")]
public interface ITenantDirectoryGrain : IGrainWithStringKey
{
    /// <summary>All tenants, the default one first.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<TenantDirectory> Get(CancellationToken cancellation = default);

    /// <summary>Adds a tenant, durably; false, and no change, where there is one of this name.</summary>
    /// <exception cref="OverloadedException">There are <see cref="TenantDirectory.TenantsMax"/> already.</exception>
    [Alias("add")]
    Task<bool> Add(TenantRecord tenant, CancellationToken cancellation = default);

    /// <summary>Sets what a tenant may use, durably; false where there is none of this name.</summary>
    [Alias("set-quota")]
    Task<bool> SetQuota(string name, TenantQuota quota, CancellationToken cancellation = default);
}

/// <summary>One tenant.</summary>
/// <param name="Name">See <see cref="TenantId"/>.</param>
/// <param name="CreatedMs">When it was made; 0 for the default tenant, which is there from the beginning.</param>
/// <param name="Quota">What it may use; null for as much as there is.</param>
[GenerateSerializer, Immutable, Alias("rec.tenant")]
public sealed record TenantRecord(string Name, long CreatedMs, TenantQuota? Quota = null);

/// <summary>What a tenant may use; null for as much as there is.</summary>
/// <param name="RequestsPerSecond">Requests a second, over all its keys; short bursts may be larger.</param>
/// <param name="ConcurrentRequests">Requests served at once.</param>
/// <param name="EventsMax">Events held.</param>
/// <param name="UsersMax">Users held.</param>
/// <param name="ItemsMax">Items of the catalogue.</param>
[GenerateSerializer, Immutable, Alias("rec.tenant-quota")]
public sealed record TenantQuota(double? RequestsPerSecond, int? ConcurrentRequests, long? EventsMax, long? UsersMax, long? ItemsMax)
{
    /// <summary>As much as there is.</summary>
    public static readonly TenantQuota None = new(null, null, null, null, null);
}

/// <summary>All tenants.</summary>
/// <param name="Tenants">The default one first, then in the order of their making.</param>
[GenerateSerializer, Immutable, Alias("rec.tenant-directory")]
public sealed record TenantDirectory(TenantRecord[] Tenants)
{
    /// <summary>How many tenants there can be, the default one included.</summary>
    public const int TenantsMax = 1000;

    /// <summary>What a tenant may use.</summary>
    public TenantQuota QuotaOf(TenantId tenant)
    {
        // Asked for each request that writes: a loop, because a predicate would be an object each time.
        foreach (TenantRecord each in Tenants)
            if (each.Name == tenant.Name)
                return each.Quota ?? TenantQuota.None;
        return TenantQuota.None;
    }

    /// <summary>Whether there is such a tenant.</summary>
    public bool Has(TenantId tenant) => Array.Exists(Tenants, t => t.Name == tenant.Name);
}
