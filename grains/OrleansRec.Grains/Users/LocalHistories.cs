using OrleansRec.Contracts;

namespace OrleansRec.Grains.Users;

/// <summary>Which user shards of one tenant publish histories on this silo. One per silo and tenant.</summary>
/// <param name="map">P.</param>
public sealed class LocalHistories(ShardMap map)
{
    private readonly PublishedHistories?[] _shards = new PublishedHistories?[map.UserShards];

    /// <summary>What a shard publishes here; null where it is on another silo.</summary>
    public PublishedHistories? Of(int shard) => Volatile.Read(ref _shards[shard]);

    /// <summary>The mark of a user, or null.</summary>
    public HistoryMark? Find(string userId) => Of(map.OfUser(userId))?.Find(userId);

    /// <summary>An activation of a shard begins to publish, in place of an earlier one.</summary>
    public void Open(int shard, PublishedHistories histories) => Volatile.Write(ref _shards[shard], histories);

    /// <summary>An activation of a shard has ended.</summary>
    public void Close(int shard, PublishedHistories histories)
    {
        histories.Close();
        Interlocked.CompareExchange(ref _shards[shard], null, histories);
    }
}
