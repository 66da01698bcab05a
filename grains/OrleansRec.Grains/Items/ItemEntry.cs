using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Items;

/// <summary>One item of a shard: its catalogue record and what the log says of it.</summary>
/// <param name="key">The item.</param>
public sealed class ItemEntry(RowKey key)
{
    /// <summary>How many of the latest events are kept.</summary>
    public const int RecentMax = 20;

    private RecentEvents recent; // oldest first

    public RowKey Key { get; } = key;

    public ItemRecord? Record { get; private set; }

    public bool Deleted { get; private set; }

    public long Users { get; private set; }

    public long Events { get; private set; }

    public long LastTimeMs { get; private set; }

    /// <summary>Number of the last catalogue record of the item.</summary>
    public long LastSequence { get; set; }

    /// <summary>Whether the item is there for readers of the catalogue.</summary>
    public bool IsKnown => !Deleted && (Record is not null || Events > 0);

    public void Put(ItemRecord record) => (Record, Deleted) = (record, false);

    public void Delete() => (Record, Deleted) = (null, true);

    public void Observe(in ItemFeedEvent e)
    {
        Users += e.UserDelta;
        Events += e.EventDelta;
        if (e.EventDelta > 0)
            Add(new(e.UserId, e.Type, e.Value, e.TimeMs));
        else if (e.EventDelta < 0)
            TakeBack(new(e.UserId, e.Type, e.Value, e.TimeMs));
    }

    public ItemState ToState() => new(Key.Id, Record, Deleted, Users);

    public ItemView ToView()
    {
        RecentEvent[] newestFirst = recent.ToArray();
        Array.Reverse(newestFirst);
        return new(Key.Id, Record, Users, Events, LastTimeMs, newestFirst, 0, []);
    }

    public ItemContent ToContent() => new(
        Record is null ? new(Key.Id, null, [], null, null, true, []) : ToLogged(Record), Record is not null, Deleted, Users, Events, LastTimeMs,
        Array.ConvertAll(recent.ToArray(), e => new ItemContentEvent(e.UserId, e.Type, e.Value, e.TimeMs)));

    public static ItemEntry From(ItemContent content)
    {
        var entry = new ItemEntry(RowKey.Of(content.Item.ItemId))
        {
            Record = content.IsInCatalogue ? FromLogged(content.Item) : null,
            Deleted = content.Deleted,
            Users = content.Users,
            Events = content.Events,
            LastTimeMs = content.LastTimeMs,
        };
        foreach (ItemContentEvent e in content.Recent)
            entry.recent.Add(new(e.UserId, e.Type, e.Value, e.TimeMs), RecentMax);
        return entry;
    }

    public static LoggedItem ToLogged(ItemRecord item) => new(
        item.ItemId, item.Title, item.Categories, item.Price, item.Stock, item.Visible,
        Array.ConvertAll(item.Attributes, a => new LoggedAttribute(a.Name, a.Value)));

    public static ItemRecord FromLogged(in LoggedItem item) => new(
        item.ItemId, item.Title, item.Categories, item.Price, item.Stock, item.Visible,
        Array.ConvertAll(item.Attributes, a => new ItemAttribute(a.Name, a.Value)));

    private void Add(RecentEvent e)
    {
        recent.Add(e, RecentMax);
        LastTimeMs = Math.Max(LastTimeMs, e.TimeMs);
    }

    /// <summary>Of older events only the count is known: when the latest goes, the latest of those kept takes its place.</summary>
    private void TakeBack(RecentEvent e)
    {
        recent.Remove(e);
        if (Events == 0)
            LastTimeMs = 0;
        else if (e.TimeMs == LastTimeMs && recent.Count > 0)
            LastTimeMs = recent.ToArray().Max(r => r.TimeMs);
    }
}
