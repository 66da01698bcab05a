namespace OrleansRec.Model;

/// <summary>The fixed division of all ids into 1,024 buckets, and of buckets into shards.</summary>
/// <remarks>
/// A bucket is the top ten bits of <see cref="IdHash"/>, so the order of (hash, id) is also the order of buckets. A shard owns a range of
/// buckets. Worked example: with 3 shards, shard 0 owns buckets 0–341, shard 1 342–682, shard 2 683–1023.
/// </remarks>
public static class Buckets
{
    /// <summary>How many buckets there are, for ever.</summary>
    public const int Count = 1024;

    /// <summary>The bucket of a hash: 0 to <see cref="Count"/> − 1.</summary>
    public static int Of(ulong hash) => (int)(hash >> 54);

    /// <summary>The shard of a hash among <paramref name="shardCount"/> shards.</summary>
    public static int ShardOf(ulong hash, int shardCount) => Of(hash) * shardCount / Count;

    /// <summary>The shard of an id among <paramref name="shardCount"/> shards.</summary>
    public static int ShardOf(string id, int shardCount) => ShardOf(IdHash.Of(id), shardCount);

    /// <summary>The buckets that a shard owns.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shardCount"/> is not in 1 … 1,024, or <paramref name="shard"/> not in 0 … shardCount − 1.</exception>
    public static BucketRange OfShard(int shard, int shardCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shardCount, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, shardCount);
        return new(FirstBucket(shard, shardCount), FirstBucket(shard + 1, shardCount));
    }

    private static int FirstBucket(int shard, int shardCount) => (shard * Count + shardCount - 1) / shardCount;
}

/// <summary>Buckets <paramref name="First"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct BucketRange(int First, int End)
{
    /// <summary>How many buckets the range holds.</summary>
    public int Length => End - First;
}
