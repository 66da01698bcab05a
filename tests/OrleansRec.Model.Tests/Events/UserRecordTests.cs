using OrleansRec.Model.Blobs;

namespace OrleansRec.Model.Tests;

/// <summary>The compact record against a plain list: whatever is appended and removed, both hold the same events in the same order.</summary>
public sealed class UserRecordTests
{
    private static readonly RecordEvent First = new(7, 3, 0, -1, 1, 1000, 0xA), Second = new(9, 5, 4, 5, 2, 1500, 0xB);

    private static List<RecordEvent> Events(UserRecordEnumerator events)
    {
        var list = new List<RecordEvent>();
        foreach (var e in events)
            list.Add(e);
        return list;
    }

    private static List<RecordEvent> Events(UserRecord record) => Events(record.GetEnumerator());

    private static UserRecord Of(params RecordEvent[] events)
    {
        var record = new UserRecord();
        foreach (var e in events)
            record.Append(e);
        return record;
    }

    /// <summary>Every field takes awkward values: times that go back, sessions that come and go, sequences far apart.</summary>
    private static RecordEvent RandomEvent(Random random, long afterSequence)
    {
        long sequence = afterSequence + 1 + (random.Next(5) == 0 ? random.NextInt64(1L << 40) : random.Next(3));
        int item = random.Next(60) == 0 ? int.MaxValue : random.Next(6) == 0 ? ushort.MaxValue : random.Next(40);
        int type = random.Next(8) == 0 ? 63 : random.Next(7);
        int session = random.Next(3) switch { 0 => -1, 1 => random.Next(3), _ => 100_000 + random.Next(3) };
        float value = random.Next(6) switch { 0 or 1 => 1, 2 => random.Next(-5, 6), 3 => -0f, _ => (float)random.NextDouble() * 2e6f - 1e6f };
        long timeMs = random.Next(6) switch { 0 => 0, 1 => random.NextInt64(2_000_000_000) * 1000, _ => random.NextInt64(2_000_000_000_000) };
        return new(sequence, item, type, session, value, timeMs, (ulong)random.NextInt64(long.MinValue, long.MaxValue));
    }

    [Fact]
    public void Append_WorkedExample_TakesTheStatedBytes()
    {
        var record = Of(First, Second);
        Assert.Equal([First, Second], Events(record));
        Assert.Equal((2, 2L, 9L), (record.Count, record.Version, record.LastSequence));
        Assert.True(record.Contains(0xA) && record.Contains(0xB) && !record.Contains(0xC));
        Assert.True(record.HasItem(3) && record.HasItem(5) && !record.HasItem(4));

        var blob = new BlobWriter(BlobKind.UserShard);
        record.WriteTo(blob, isExtended: false);
        byte[] rest = blob.SealToArray()[^(9 + BlobWriter.TrailerBytes)..^BlobWriter.TrailerBytes];
        Assert.Equal("000704" + "2302D10F0604", Convert.ToHexString(rest));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void AppendAndRemove_RandomEvents_HoldsWhatAListHolds(int seed)
    {
        var random = new Random(seed);
        var record = new UserRecord();
        var expected = new List<RecordEvent>();
        long version = 0;
        for (int step = 0; step < 400; step++)
        {
            if (expected.Count > 0 && random.Next(4) == 0)
            {
                var gone = expected[random.Next(expected.Count)];
                Assert.True(record.Remove(gone.Key, out var removed));
                Assert.Equal(gone, removed);
                expected.Remove(gone);
            }
            else
            {
                var e = RandomEvent(random, record.LastSequence);
                record.Append(e);
                expected.Add(e);
            }
            Assert.Equal(++version, record.Version);
            Assert.Equal(expected, Events(record));
            Assert.Equal(expected.Select(e => e.Item).Distinct().Count(), record.CountItems());
        }
    }

    [Fact]
    public void Remove_TheLastEventAndThenAppend_KeepsTheNextOneWhole()
    {
        var record = Of(First, Second);
        Assert.True(record.Remove(0xB, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => record.Append(Second));
        var third = new RecordEvent(10, 1, 1, 5, 3, 1200, 0xC);
        record.Append(third);
        Assert.Equal([First, third], Events(record));
        Assert.False(record.HasItem(5));
    }

    [Fact]
    public void Remove_AnUnknownKey_ChangesNothing()
    {
        var record = Of(First);
        Assert.False(record.Remove(0xB, out _));
        Assert.Equal((1, 1L), (record.Count, record.Version));
    }

    [Theory]
    [InlineData(6, 0), InlineData(7, 1), InlineData(8, 1), InlineData(9, 2), InlineData(long.MaxValue, 2)]
    public void Through_AWatermark_StopsAfterIt(long sequence, int count) => Assert.Equal(count, Events(Of(First, Second).Through(sequence)).Count);

    [Fact]
    public void GetEnumerator_MadeBeforeChanges_SeesTheRecordAsItWas()
    {
        var record = Of(First, Second);
        var before = record.GetEnumerator();
        record.Remove(0xA, out _);
        for (int n = 0; n < 100; n++)
            record.Append(new(10 + n, n, 1, n, n, n, (ulong)n + 100));
        Assert.Equal([First, Second], Events(before));
    }

    [Fact]
    public void Append_MistakesOfTheCaller_Throw()
    {
        var record = Of(Second);
        Assert.Throws<ArgumentOutOfRangeException>(() => record.Append(First));
        Assert.Throws<ArgumentOutOfRangeException>(() => record.Append(Second with { Sequence = 10, Item = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => record.Append(Second with { Sequence = 10, Session = -2 }));
        Assert.Equal([Second], Events(record));
    }

    /// <summary>Beyond some thousands of events lookups go another way, and must go on telling the truth through appends and removals.</summary>
    [Fact]
    public void Contains_TwentyThousandEvents_FindsThoseThatAreHeldOnly()
    {
        var record = new UserRecord();
        for (int n = 0; n < 20_000; n++)
        {
            Assert.False(record.Contains((ulong)n) || record.HasItem(n));
            record.Append(new(n + 1, n, 0, -1, 1, n, (ulong)n));
            Assert.True(record.Contains((ulong)n) && record.HasItem(n));
        }
        Assert.True(record.Contains(7) && record.HasItem(7));
        Assert.True(record.Remove(7, out _));
        Assert.False(record.Contains(7) || record.HasItem(7));
        Assert.True(record.Contains(8) && record.HasItem(8));
    }

    /// <summary>A shop's event: one of 50 shards, a minute or so after the one before, in visits of five.</summary>
    [Theory]
    [InlineData(false, 12, 22), InlineData(true, 6, 16)]
    public void CapacityBytes_EventsOfAShop_AreFew(bool haveContentKeys, int least, int most)
    {
        var random = new Random(1);
        var record = new UserRecord();
        for (int n = 0; n < 1000; n++)
            record.Append(new(1_000_000 + n * 5_000L + random.Next(4_000), random.Next(60_000), random.Next(7), n / 5 * 40, 1, 1_700_000_000_000 + n * 60_000L + random.Next(50_000), (ulong)n, haveContentKeys));
        Assert.InRange(record.CapacityBytes, 1000 * least, 1000 * most);
    }
}
