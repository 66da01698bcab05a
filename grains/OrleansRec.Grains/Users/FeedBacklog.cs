using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>What one record of the log changes for one item; texts are numbers in the tables of the user shard.</summary>
public readonly record struct FeedChange(
    long Sequence, string UserId, int Item, int Type, float Value, long TimeMs, sbyte UserDelta, sbyte EventDelta);

/// <summary>
/// Changes that one item shard may still need: those after its last durable watermark. They are kept when it has seen them, because
/// its counters are durable only by its snapshots and a restarted shard asks again.
/// </summary>
public sealed class FeedBacklog
{
    private readonly List<FeedChange> changes = [];

    public int Count => changes.Count;

    public void Add(in FeedChange change) => changes.Add(change);

    /// <summary>Forgets changes up to a durable watermark.</summary>
    public void Trim(long watermark) => changes.RemoveRange(0, FirstAfter(watermark));

    public bool HasAfter(long watermark, long through)
    {
        int first = FirstAfter(watermark);
        return first < changes.Count && changes[first].Sequence <= through;
    }

    /// <summary>The next feed after a watermark. A record's changes stay together, so a watermark always falls between records.</summary>
    /// <param name="userShard">The shard that sends.</param>
    /// <param name="after">The item shard's watermark.</param>
    /// <param name="through">The last durable record: nothing after it is sent.</param>
    /// <param name="countMax">Changes in a feed, but at least one record.</param>
    /// <param name="items">Texts of items.</param>
    /// <param name="types">Texts of event types.</param>
    public ItemFeed Next(int userShard, long after, long through, int countMax, IdTable items, IdTable types)
    {
        int first = FirstAfter(after), end = first;
        while (end < changes.Count && changes[end].Sequence <= through
            && (end - first < countMax || changes[end].Sequence == changes[end - 1].Sequence))
            end++;
        bool isAll = end == changes.Count || changes[end].Sequence > through;
        var events = new ItemFeedEvent[end - first];
        for (int i = 0; i < events.Length; i++)
        {
            FeedChange c = changes[first + i];
            events[i] = new(items[c.Item], c.UserId, types[c.Type], c.Value, c.TimeMs, c.UserDelta, c.EventDelta);
        }
        return new(userShard, after, isAll ? through : changes[end - 1].Sequence, events);
    }

    private int FirstAfter(long sequence)
    {
        int low = 0, high = changes.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (changes[middle].Sequence <= sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
