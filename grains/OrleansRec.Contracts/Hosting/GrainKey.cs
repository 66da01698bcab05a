using System.Globalization;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>The key of every grain: its tenant, then its name within the tenant. Formatted and read here and nowhere else.</summary>
/// <remarks>Worked example: shard 3 of tenant acme is <c>acme/3</c>, its user "a/b" is <c>acme/a/b</c>: the first '/' ends the tenant.</remarks>
/// <param name="Tenant">Whose grain it is.</param>
/// <param name="Name">A user's or item's id, a shard's number, or one of the names below.</param>
public readonly record struct GrainKey(TenantId Tenant, string Name)
{
    /// <summary>Name of a tenant's training coordinator.</summary>
    public const string Coordinator = "training";

    /// <summary>Name of a tenant's model directory.</summary>
    public const string Models = "models";

    /// <summary>Name of a tenant's ring of API keys.</summary>
    public const string KeyRing = "keys";

    /// <summary>Name of a tenant's log of looks at personal data.</summary>
    public const string AccessLog = "access";

    /// <summary>Name of what a tenant has decided for all of its events and items.</summary>
    public const string ShopRules = "shop-rules";

    /// <summary>Name of a tenant's scoring workers.</summary>
    public const string Scoring = "0";

    /// <summary>Name of the grain that tells how many shards there are, which is the system's.</summary>
    public const string Shape = "shape";

    /// <summary>Name of the memory of the store's size, which is the system's.</summary>
    public const string Growth = "growth";

    /// <summary>Name of the directory of tenants, which is the system's.</summary>
    public const string Tenants = "tenants";

    /// <summary>The key of a shard.</summary>
    public static GrainKey Shard(TenantId tenant, int shard) => new(tenant, shard.ToString(CultureInfo.InvariantCulture));

    /// <summary>The shard that <see cref="Name"/> is the number of.</summary>
    public int ShardIndex => int.Parse(Name, CultureInfo.InvariantCulture);

    /// <summary>Reads a key.</summary>
    /// <exception cref="ArgumentException">It does not begin with a tenant.</exception>
    public static GrainKey Parse(string key)
    {
        int end = key.IndexOf('/', StringComparison.Ordinal);
        if (end < 1)
            throw new ArgumentException("A grain's key is its tenant, '/' and its name.", nameof(key));
        string tenant = key[..end];
        return new(tenant == TenantId.System.Name ? TenantId.System : TenantId.Of(tenant), key[(end + 1)..]);
    }

    /// <summary>The key as the engine has it.</summary>
    public override string ToString() => $"{Tenant.Name}/{Name}";
}
