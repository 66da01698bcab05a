using System.Buffers;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Tests;

/// <summary>Catalogue records and item shards come back as they were, and damage is detected.</summary>
public sealed class ItemLogTests
{
    private static void AssertSame(LoggedItem expected, LoggedItem actual)
    {
        Assert.Equal(expected.Categories, actual.Categories);
        Assert.Equal(expected.Attributes, actual.Attributes);
        Assert.Equal(JsonSerializer.Serialize(expected.Details), JsonSerializer.Serialize(actual.Details));
        Assert.Equal(expected with { Categories = actual.Categories, Attributes = actual.Attributes, Details = actual.Details }, actual);
    }

    private static List<ItemLogRecord> Read(ReadOnlySpan<byte> blob)
    {
        var records = new List<ItemLogRecord>();
        var reader = new ItemLogReader(blob);
        while (reader.TryRead(out var record))
            records.Add(record);
        return records;
    }

    [Fact]
    public void Seal_NoDetails_HasTheFirstFormat()
    {
        var writer = new ItemLogWriter();
        var plain = new LoggedItem("a", null, [], null, null, true, []);
        writer.Put(plain);
        Assert.Equal(1, writer.Seal()[1]);
        writer.Put(plain with { Details = LoggedDetails.Of(ItemKind.Coupon) });
        Assert.Equal(2, writer.Seal()[1]);
        writer.Put(plain);
        Assert.Equal(1, writer.Seal()[1]);
    }

    [Fact]
    public void Seal_AnyItems_ReadBackTheSame()
    {
        var writer = new ItemLogWriter();
        Prop.ForAll(Gen.ListOf(AnyId.Items).ToArbitrary(), items =>
        {
            foreach (var item in items)
            {
                writer.Put(item);
                writer.Delete(item.ItemId);
            }
            Assert.Equal(2 * items.Count, writer.RecordCount);
            var records = Read(writer.Seal());
            Assert.Equal(2 * items.Count, records.Count);
            for (int n = 0; n < items.Count; n++)
            {
                AssertSame(items[n], records[2 * n].Item);
                Assert.Equal((false, true, items[n].ItemId), (records[2 * n].Deleted, records[2 * n + 1].Deleted, records[2 * n + 1].Item.ItemId));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Read_AnyBitFlippedOrTruncated_IsDetected()
    {
        var writer = new ItemLogWriter();
        writer.Put(new("i", "Title", ["a", "b"], 9.95, 3, true, [new("n", "v")]));
        byte[] blob = writer.Seal();
        for (int bit = 0; bit < blob.Length * 8; bit++)
        {
            byte[] damaged = [.. blob];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptLogException>(() => Read(damaged));
        }
        for (int length = 0; length < blob.Length; length++)
            Assert.Throws<CorruptLogException>(() => Read(blob.AsSpan(0, length)));
    }

    [Fact]
    public void Snapshot_AnyItems_ReadBackTheSame()
    {
        var random = new Random(3);
        Prop.ForAll(Gen.ListOf(AnyId.Items).ToArbitrary(), catalogue =>
        {
            ItemContent[] items = [.. catalogue.Select((item, n) => new ItemContent(
                n % 3 == 0 ? new(item.ItemId, null, [], null, null, false, []) : item, n % 3 != 0, n % 3 == 0 && n % 2 == 0,
                random.Next(), random.NextInt64(), random.NextInt64(), [.. Enumerable.Range(0, n % 4).Select(e => new ItemContentEvent(item.ItemId, $"t{e}", e, e))])
            {
                NotLiking = n % 5 == 0 ? random.Next() : 0,
            })];
            long[] watermarks = [0, 5, long.MaxValue];
            var blob = new ArrayBufferWriter<byte>();
            ItemShardSnapshot.Write(new(12, 34, watermarks, items), blob);
            var read = ItemShardSnapshot.Read(blob.WrittenSpan);
            Assert.Equal((12L, 34L), (read.LastSequence, read.CatalogueVersion));
            Assert.Equal(watermarks, read.Watermarks);
            Assert.Equal(items.Length, read.Items.Count);
            for (int n = 0; n < items.Length; n++)
            {
                AssertSame(items[n].Item, read.Items[n].Item);
                Assert.Equal(items[n].Recent, read.Items[n].Recent);
                Assert.Equal(items[n] with { Item = read.Items[n].Item, Recent = read.Items[n].Recent }, read.Items[n]);
            }
        }).QuickCheckThrowOnFailure();
    }
}
