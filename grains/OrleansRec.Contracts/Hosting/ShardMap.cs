using Orleans;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>How many shards each side of each tenant has. Fixed when a data folder is made.</summary>
/// <param name="UserShards">P, 1 … 1,024.</param>
/// <param name="ItemShards">Q, 1 … 1,024.</param>
[GenerateSerializer, Immutable, Alias("rec.shard-map")]
public sealed record ShardMap(int UserShards, int ItemShards)
{
    /// <summary>The shard of a user.</summary>
    public int OfUser(string userId) => Buckets.ShardOf(userId, UserShards);

    /// <summary>The shard of an item.</summary>
    public int OfItem(string itemId) => Buckets.ShardOf(itemId, ItemShards);
}
