using System.Buffers;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Everything that an item shard keeps of one item besides its factors.</summary>
/// <param name="Item">The catalogue record; only its id counts where <paramref name="IsInCatalogue"/> is false.</param>
/// <param name="IsInCatalogue">Whether the shop has put it; else it is known from events, or was deleted.</param>
/// <param name="Deleted">Whether the shop deleted it.</param>
/// <param name="Users">Distinct users.</param>
/// <param name="Events">Events.</param>
/// <param name="LastTimeMs">Latest event time; 0 where there is none.</param>
/// <param name="Recent">Its latest events.</param>
public sealed record ItemContent(
    LoggedItem Item, bool IsInCatalogue, bool Deleted, long Users, long Events, long LastTimeMs, ItemContentEvent[] Recent)
{
    /// <summary>Those of <see cref="Users"/> whose events do not count as popular.</summary>
    public long NotLiking { get; init; }
}

/// <summary>One of an item's latest events.</summary>
public readonly record struct ItemContentEvent(string UserId, string Type, float Value, long TimeMs);

/// <summary>Everything that an item shard keeps.</summary>
/// <param name="LastSequence">Number of the last record of the log that is in it.</param>
/// <param name="CatalogueVersion">Its catalogue version.</param>
/// <param name="Watermarks">Up to which record of each user shard it has seen events, shape (P).</param>
/// <param name="Items">The items, in no order.</param>
public sealed record ItemShardContent(long LastSequence, long CatalogueVersion, long[] Watermarks, IReadOnlyList<ItemContent> Items);

/// <summary>Writes and reads the snapshot of an item shard.</summary>
public static class ItemShardSnapshot
{
    private const int InCatalogue = 1, IsDeleted = 2, HasNotLiking = 4;

    /// <summary>Writes a snapshot, in pieces of about 64 KB.</summary>
    public static void Write(ItemShardContent shard, IBufferWriter<byte> into)
    {
        var blob = new BlobWriter(BlobKind.ItemShard);
        if (shard.Items.Any(i => i.NotLiking != 0 || i is { IsInCatalogue: true, Item.Details: not null }))
            blob.Needs(ItemCoding.DetailsFormat);
        TextDictionary labels = new(), types = new();
        blob.Varint((ulong)shard.LastSequence);
        blob.Varint((ulong)shard.CatalogueVersion);
        blob.Varint((ulong)shard.Watermarks.Length);
        foreach (long watermark in shard.Watermarks)
            blob.Varint((ulong)watermark);
        blob.Varint((ulong)shard.Items.Count);
        foreach (var item in shard.Items)
        {
            Write(blob, labels, types, item);
            blob.FlushTo(into);
        }
        blob.SealTo(into);
    }

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="CorruptLogException">It is not what was written.</exception>
    /// <exception cref="NewerLogFormatException">It was written by a newer version.</exception>
    public static ItemShardContent Read(ReadOnlySpan<byte> snapshot)
    {
        var blob = new BlobReader(snapshot, BlobKind.ItemShard);
        List<string> labels = [], types = [];
        long lastSequence = (long)blob.Varint(), catalogueVersion = (long)blob.Varint();
        var watermarks = new long[blob.Count(1, "watermarks")];
        for (int i = 0; i < watermarks.Length; i++)
            watermarks[i] = (long)blob.Varint();
        var items = new ItemContent[blob.Count(1, "items")];
        for (int i = 0; i < items.Length; i++)
            items[i] = ReadItem(ref blob, labels, types);
        blob.End();
        return new(lastSequence, catalogueVersion, watermarks, items);
    }

    private static void Write(BlobWriter blob, TextDictionary labels, TextDictionary types, ItemContent item)
    {
        blob.Byte((byte)((item.IsInCatalogue ? InCatalogue : 0) | (item.Deleted ? IsDeleted : 0) | (item.NotLiking != 0 ? HasNotLiking : 0)));
        if (item.IsInCatalogue)
            ItemCoding.Write(blob, labels, item.Item);
        else
            ItemCoding.WriteDeleted(blob, item.Item.ItemId);
        blob.Varint((ulong)item.Users);
        if (item.NotLiking != 0)
            blob.Varint(Varint.ZigZag(item.NotLiking));
        blob.Varint((ulong)item.Events);
        blob.Varint(Varint.ZigZag(item.LastTimeMs));
        blob.Varint((ulong)item.Recent.Length);
        foreach (var e in item.Recent)
        {
            blob.Text(e.UserId);
            types.Write(blob, e.Type);
            blob.Single(e.Value);
            blob.Varint(Varint.ZigZag(e.TimeMs));
        }
    }

    private static ItemContent ReadItem(ref BlobReader blob, List<string> labels, List<string> types)
    {
        int head = blob.Byte();
        var item = ItemCoding.Read(ref blob, labels).Item;
        long users = (long)blob.Varint(), notLiking = (head & HasNotLiking) != 0 ? blob.ZigZag() : 0, events = (long)blob.Varint(), lastTimeMs = blob.ZigZag();
        var recent = new ItemContentEvent[blob.Count(7, "recent events")];
        for (int i = 0; i < recent.Length; i++)
            recent[i] = new(blob.Text(), TextDictionary.Read(ref blob, types), blob.Single(), blob.ZigZag());
        return new(item, (head & InCatalogue) != 0, (head & IsDeleted) != 0, users, events, lastTimeMs, recent) { NotLiking = notLiking };
    }
}
