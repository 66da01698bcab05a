using System.Buffers;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Items;

/// <summary>Everything an item shard holds in memory besides factors: its items, and how far it has seen each user shard. Plain data.</summary>
public sealed class ItemShardState
{
    private readonly Dictionary<string, ItemEntry> items = new(StringComparer.Ordinal);
    private readonly List<ItemEntry> sorted = [];
    private bool isSorted = true;

    public ItemShardState(int userShardCount) => Watermarks = new long[userShardCount];

    /// <summary>Up to which record of each user shard events are counted, shape (P).</summary>
    public long[] Watermarks { get; }

    /// <summary>Number of the last catalogue record, which is also the catalogue's version.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Grows with every change of an item, also of its counters.</summary>
    public long Changes { get; private set; }

    public ItemEntry? Find(string itemId) => items.GetValueOrDefault(itemId);

    /// <summary>All items in the order of (hash, id), those deleted included; valid until the next change.</summary>
    public IReadOnlyList<ItemEntry> Sorted()
    {
        if (!isSorted)
            sorted.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        isSorted = true;
        return sorted;
    }

    public ItemEntry Put(ItemRecord record)
    {
        ItemEntry item = GetOrAdd(record.ItemId);
        item.Put(record);
        item.Change = ++Changes;
        item.LastSequence = ++LastSequence;
        return item;
    }

    public ItemEntry Delete(string itemId)
    {
        ItemEntry item = GetOrAdd(itemId);
        item.Delete();
        item.Change = ++Changes;
        item.LastSequence = ++LastSequence;
        return item;
    }

    /// <summary>Counts a feed where it continues what was seen of its shard; one that does not changes nothing.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="counted">Takes the items whose popularity changed, and those that are new.</param>
    public void Observe(ItemFeed feed, HashSet<ItemEntry> counted)
    {
        if (feed.AfterSequence != Watermarks[feed.UserShard])
            return;
        foreach (ItemFeedEvent e in feed.Events)
        {
            ItemEntry item = GetOrAdd(e.ItemId);
            item.Observe(e);
            item.Change = ++Changes;
            if (e.UserDelta != 0 || e.LikeCorrection != 0)
                counted.Add(item);
        }
        Watermarks[feed.UserShard] = feed.ThroughSequence;
    }

    /// <summary>Does again what a batch did; its records that the state has already are passed over.</summary>
    public void Replay(LogBatch batch)
    {
        if (batch.FirstSequence > LastSequence + 1)
            throw new InvalidOperationException($"Stream {batch.Stream} goes on with record {batch.FirstSequence}; {LastSequence + 1} was expected.");
        var reader = new ItemLogReader(batch.Content.Span);
        for (long sequence = batch.FirstSequence; reader.TryRead(out ItemLogRecord record); sequence++)
        {
            if (sequence <= LastSequence)
                continue;
            if (record.Deleted)
                Delete(record.Item.ItemId);
            else
                Put(ItemEntry.FromLogged(record.Item));
        }
    }

    /// <summary>
    /// Of an item that was deleted the mark stays, without events too: a model that was trained when it had some still has its factors, and would list it again.
    /// </summary>
    public void Write(IBufferWriter<byte> into) => ItemShardSnapshot.Write(
        new(LastSequence, LastSequence, Watermarks, [.. Sorted().Where(i => i.Record is not null || i.Deleted || i.Events > 0).Select(i => i.ToContent())]), into);

    /// <exception cref="InvalidOperationException">The snapshot was written with another number of user shards.</exception>
    public static ItemShardState Read(ReadOnlySpan<byte> snapshot, int userShardCount)
    {
        ItemShardContent content = ItemShardSnapshot.Read(snapshot);
        if (content.Watermarks.Length != userShardCount)
            throw new InvalidOperationException($"The snapshot was written with {content.Watermarks.Length} user shards; there are {userShardCount}.");
        var state = new ItemShardState(userShardCount) { LastSequence = content.LastSequence, isSorted = false };
        content.Watermarks.CopyTo(state.Watermarks, 0);
        foreach (ItemContent item in content.Items)
        {
            var entry = ItemEntry.From(item);
            state.items.Add(entry.Key.Id, entry);
            state.sorted.Add(entry);
        }
        return state;
    }

    private ItemEntry GetOrAdd(string itemId)
    {
        if (!items.TryGetValue(itemId, out ItemEntry? item))
        {
            items.Add(itemId, item = new(RowKey.Of(itemId)));
            sorted.Add(item);
            isSorted = false;
        }
        return item;
    }
}
