using System.Text;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>Which grains live together: a user's with its shard, an item's with its shard, every other by its own key. The key goes into <see cref="Rendezvous"/>.</summary>
/// <remarks>
/// Worked example, with P = 4: grain type "user", key "acme/ann", and grain type "user-shard", key "acme/2", have one key where ann's bucket belongs to
/// shard 2; so both are on the silo that has the highest hash of (acme, users, 2).
/// </remarks>
public static class GrainHome
{
    /// <summary>Grain type of a user.</summary>
    public const string User = "user";

    /// <summary>Grain type of a user shard.</summary>
    public const string UserShard = "user-shard";

    /// <summary>Grain type of an item.</summary>
    public const string Item = "item";

    /// <summary>Grain type of an item shard.</summary>
    public const string ItemShard = "item-shard";

    /// <summary>The hash by which a grain's silo is chosen.</summary>
    /// <param name="grainType">As the class declares it.</param>
    /// <param name="key">The grain's key, see <see cref="GrainKey"/>; a grain that is not this product's may have any.</param>
    /// <param name="shards">P and Q.</param>
    public static ulong KeyOf(string grainType, string key, ShardMap shards)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1)
            return Of(grainType, key);
        string tenant = key[..slash], name = key[(slash + 1)..];
        return grainType switch
        {
            User => Shard(tenant, "users", shards.OfUser(name)),
            Item => Shard(tenant, "items", shards.OfItem(name)),
            UserShard => Of("users", key),
            ItemShard => Of("items", key),
            _ => Of(grainType, key),
        };
    }

    /// <summary>Whether a grain of this type takes long to move, because it reads its log anew.</summary>
    public static bool IsShard(string grainType) => grainType is UserShard or ItemShard;

    private static ulong Shard(string tenant, string side, int shard) =>
        Of(side, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{tenant}/{shard}"));

    private static ulong Of(string side, string key) => IdHash.Of((ReadOnlySpan<byte>)Encoding.UTF8.GetBytes($"{side}/{key}"));
}
