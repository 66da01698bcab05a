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

    /// <summary>Users with an event that counts as popular; its popularity.</summary>
    public long Likes { get; private set; }

    public long Events { get; private set; }

    public long LastTimeMs { get; private set; }

    /// <summary>Number of the last catalogue record of the item.</summary>
    public long LastSequence { get; set; }

    /// <summary>Differs after every change in one activation of the shard.</summary>
    public long Change { get; set; }

    /// <summary>Whether the item is there for readers of the catalogue.</summary>
    public bool IsKnown => !Deleted && (Record is not null || Events > 0);

    /// <summary>The record as the lists of silos need it: text and vectors stay here.</summary>
    public ItemRecord? Listed { get; private set; }

    public void Put(ItemRecord record) => (Record, Listed, Deleted) = (record, ListedOf(record), false);

    public void Delete() => (Record, Listed, Deleted) = (null, null, true);

    public void Observe(in ItemFeedEvent e)
    {
        Users += e.UserDelta;
        // An event that was counted by an older rule may be taken back by a newer one: never below nobody.
        Likes = Math.Max(0, Likes + e.UserDelta + e.LikeCorrection);
        Events += e.EventDelta;
        if (e.EventDelta > 0)
            Add(new(e.UserId, e.Type, e.Value, e.TimeMs));
        else if (e.EventDelta < 0)
            TakeBack(new(e.UserId, e.Type, e.Value, e.TimeMs));
    }

    public ItemState ToState() => new(Key.Id, Listed, Deleted, Likes);

    public ItemView ToView()
    {
        RecentEvent[] newestFirst = recent.ToArray();
        Array.Reverse(newestFirst);
        return new(Key.Id, Record, Users, Events, LastTimeMs, newestFirst, 0, []);
    }

    public ItemContent ToContent() => new(
        Record is null ? new(Key.Id, null, [], null, null, true, []) : ToLogged(Record), Record is not null, Deleted, Users, Events, LastTimeMs,
        Array.ConvertAll(recent.ToArray(), e => new ItemContentEvent(e.UserId, e.Type, e.Value, e.TimeMs)))
    {
        NotLiking = Users - Likes,
    };

    public static ItemEntry From(ItemContent content)
    {
        var entry = new ItemEntry(RowKey.Of(content.Item.ItemId))
        {
            Deleted = content.Deleted,
            Users = content.Users,
            Likes = content.Users - content.NotLiking,
            Events = content.Events,
            LastTimeMs = content.LastTimeMs,
        };
        if (content.IsInCatalogue)
            entry.Put(FromLogged(content.Item));
        foreach (ItemContentEvent e in content.Recent)
            entry.recent.Add(new(e.UserId, e.Type, e.Value, e.TimeMs), RecentMax);
        return entry;
    }

    public static LoggedItem ToLogged(ItemRecord item) => new(
        item.ItemId, item.Title, item.Categories, item.Price, item.Stock, item.Visible,
        Array.ConvertAll(item.Attributes, a => new LoggedAttribute(a.Name, a.Value)), item.Details is { } details ? ToLogged(details) : null);

    public static ItemRecord FromLogged(in LoggedItem item) => new(
        item.ItemId, item.Title, item.Categories, item.Price, item.Stock, item.Visible,
        Array.ConvertAll(item.Attributes, a => new ItemAttribute(a.Name, a.Value)), item.Details is { } details ? FromLogged(details) : null);

    private static LoggedDetails ToLogged(ItemDetails details) => new(
        details.Kind, details.Brand, details.Rating, details.Tags, details.Group, details.FromMs, details.UntilMs, details.Text, details.Url, details.ImageUrl,
        Array.ConvertAll(details.Vectors, v => new LoggedVector(v.Name, v.ToFloats())));

    private static ItemDetails FromLogged(LoggedDetails details) => new()
    {
        Kind = details.Kind, Brand = details.Brand, Rating = details.Rating, Tags = details.Tags, Group = details.Group, FromMs = details.FromMs,
        UntilMs = details.UntilMs, Text = details.Text, Url = details.Url, ImageUrl = details.ImageUrl,
        Vectors = Array.ConvertAll(details.Vectors, v => ItemVector.Of(v.Name, v.Values)),
    };

    private static ItemRecord ListedOf(ItemRecord record) =>
        record.Details is { Text: not null } or { Vectors.Length: > 0 } ? record with { Details = record.Details with { Text = null, Vectors = [] } } : record;

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
