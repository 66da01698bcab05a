using OrleansRec.Model.Blobs;
using OrleansRec.Model.Popularity;

namespace OrleansRec.Model.Companions;

/// <summary>Segments at the end of a companion: their count; of each, by key, key, users, count of items, and item and users of each item, best first.</summary>
internal static class SegmentCoding
{
    public static void Write(BlobWriter blob, SegmentRanks segments)
    {
        blob.Varint((ulong)segments.All.Count);
        foreach (var (key, rank) in segments.All.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            blob.Text(key);
            blob.Varint((ulong)rank.Users);
            blob.Varint((ulong)rank.Items.Length);
            for (int n = 0; n < rank.Items.Length; n++)
            {
                blob.Varint((ulong)rank.Items[n]);
                blob.Varint((ulong)rank.Counts[n]);
            }
        }
    }

    public static SegmentRanks Read(ref BlobReader blob, int items)
    {
        int count = blob.Count(3, "segments");
        var all = new Dictionary<string, SegmentRank>(count, StringComparer.Ordinal);
        for (int n = 0; n < count; n++)
        {
            string key = blob.Text();
            if (!all.TryAdd(key, ReadRank(ref blob, items)))
                throw new CorruptLogException(blob.Position, $"segment '{key}' is there once");
        }
        return new() { All = all };
    }

    private static SegmentRank ReadRank(ref BlobReader blob, int itemCount)
    {
        int users = blob.Int32("users of a segment"), count = blob.Count(2, "items of a segment");
        var (items, counts) = (new int[count], new int[count]);
        for (int n = 0; n < count; n++)
        {
            (items[n], counts[n]) = (blob.Int32("item"), blob.Int32("users of an item"));
            if (items[n] >= itemCount || counts[n] < 1 || counts[n] > users || (n > 0 && counts[n] > counts[n - 1]))
                throw new CorruptLogException(blob.Position, $"items of a segment are below {itemCount}, with 1 to {users} users, descending; got item {items[n]} with {counts[n]}");
        }
        return items.Distinct().Count() == count ? new(users, items, counts) : throw new CorruptLogException(blob.Position, "a segment has an item once");
    }
}
