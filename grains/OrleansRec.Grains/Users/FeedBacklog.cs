using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>What one record of the log changes for one item; texts are numbers in the tables of the user shard.</summary>
public readonly record struct FeedChange(
    long Sequence, string UserId, int Item, int Type, float Value, long TimeMs, sbyte UserDelta, sbyte EventDelta, sbyte LikeDelta);

/// <summary>
/// Changes that one item shard may still need: those after its last durable watermark. They are kept when it has seen them, because
/// its counters are durable only by its snapshots and a restarted shard asks again.
/// </summary>
public sealed class FeedBacklog
{
    private readonly List<FeedSegment> segments = [];

    /// <summary>Changes kept; up to <see cref="FeedSegment.CountMax"/> of them may be below the watermark already.</summary>
    public int Count { get; private set; }

    /// <summary>The last record that the item shard has said to hold durably: what came before is gone.</summary>
    public long TrimmedThrough { get; private set; }

    public void Add(in FeedChange change)
    {
        if (segments.Count == 0 || segments[^1].IsFull)
            segments.Add(new());
        segments[^1].Add(change);
        Count++;
    }

    /// <summary>Forgets changes up to a durable watermark.</summary>
    public void Trim(long watermark)
    {
        int gone = FirstAfter(watermark);
        for (int i = 0; i < gone; i++)
            Count -= segments[i].Count;
        segments.RemoveRange(0, gone);
        TrimmedThrough = Math.Max(TrimmedThrough, watermark);
    }

    public bool HasAfter(long watermark, long through)
    {
        int first = FirstAfter(watermark);
        if (first == segments.Count)
            return false;
        // Most often all of a segment is durable, and its events need not be read.
        if (segments[first].LastSequence <= through)
            return true;
        foreach (FeedChange change in segments[first])
            if (change.Sequence > watermark)
                return change.Sequence <= through;
        return false;
    }

    /// <summary>The next feed after a watermark. A record's changes stay together, so a watermark always falls between records.</summary>
    /// <param name="userShard">The shard that sends.</param>
    /// <param name="after">The item shard's watermark.</param>
    /// <param name="through">The last durable record: nothing after it is sent.</param>
    /// <param name="countMax">Changes in a feed, but at least one record.</param>
    /// <param name="texts">Texts of items and event types.</param>
    public ItemFeed Next(int userShard, long after, long through, int countMax, EventTexts texts)
    {
        var events = new List<ItemFeedEvent>();
        long last = after;
        for (int i = FirstAfter(after); i < segments.Count; i++)
            foreach (FeedChange c in segments[i])
            {
                if (c.Sequence <= after)
                    continue;
                if (c.Sequence > through)
                    return new(userShard, after, through, [.. events]);
                if (events.Count >= countMax && c.Sequence != last)
                    return new(userShard, after, last, [.. events]);
                events.Add(new(texts.Items[c.Item], c.UserId, texts.Types[c.Type], c.Value, c.TimeMs, c.UserDelta, c.EventDelta, (sbyte)(c.LikeDelta - c.UserDelta)));
                last = c.Sequence;
            }
        return new(userShard, after, through, [.. events]);
    }

    /// <summary>Index of the first segment with a change after a record.</summary>
    private int FirstAfter(long sequence)
    {
        int low = 0, high = segments.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (segments[middle].LastSequence <= sequence)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
