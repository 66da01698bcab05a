using System.Globalization;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>The keys of the grains that are not named by a user or an item. Said here and nowhere else.</summary>
public static class ShardKeys
{
    /// <summary>Key of the training coordinator.</summary>
    public const string Coordinator = "training";

    /// <summary>Key of the model directory.</summary>
    public const string Models = "models";

    /// <summary>Key of the ring of API keys.</summary>
    public const string KeyRing = "keys";

    /// <summary>Key of the scoring workers.</summary>
    public const string Scoring = "0";

    /// <summary>The key of a shard.</summary>
    public static string Of(int shard) => shard.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shard of a key.</summary>
    public static int ShardOf(string key) => int.Parse(key, CultureInfo.InvariantCulture);
}

/// <summary>How many shards each side has. Fixed when a data folder is made.</summary>
/// <param name="UserShards">P, 1 … 1,024.</param>
/// <param name="ItemShards">Q, 1 … 1,024.</param>
public sealed record ShardMap(int UserShards, int ItemShards)
{
    /// <summary>The shard of a user.</summary>
    public int OfUser(string userId) => Buckets.ShardOf(userId, UserShards);

    /// <summary>The shard of an item.</summary>
    public int OfItem(string itemId) => Buckets.ShardOf(itemId, ItemShards);
}
