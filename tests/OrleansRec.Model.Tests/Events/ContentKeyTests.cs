namespace OrleansRec.Model.Tests;

/// <summary>Events whose key follows from their content: kept in two bytes, yet found, told apart and given back exactly.</summary>
public sealed class ContentKeyTests
{
    private const string User = "ann";

    private readonly EventTexts texts = new(new(keepStrings: true), new(keepStrings: true), new());

    private RecordEvent Event(long sequence, string item, string type, float value, long timeMs, string? session)
    {
        ulong key = ContentKey.Of(User, item, type, session, timeMs, value);
        return new(
            sequence, texts.Items.GetOrAdd(item), texts.Types.GetOrAdd(type), session is null ? -1 : texts.Sessions.GetOrAdd(session), value, timeMs, key, true);
    }

    private RecordEvent Random(Random random, long sequence) => Event(
        sequence, $"item {random.Next(40)}", random.Next(2) == 0 ? "view" : "cart", random.Next(1, 4), random.Next(50), random.Next(2) == 0 ? null : $"s{random.Next(3)}");

    private List<RecordEvent> Events(UserRecord record)
    {
        var events = new List<RecordEvent>();
        foreach (var e in record)
            events.Add(e with { Key = texts.KeyOf(User, e) });
        return events;
    }

    /// <summary>What a file's lines are keyed by must never change: a file imported years ago would be imported again.</summary>
    [Fact]
    public void Of_AnEvent_IsTheSameInEveryVersion()
    {
        Assert.Equal(0x3084FA39D107E817UL, ContentKey.Of("ann", "mug", "view", null, 1_700_000_000_000, 1));
        Assert.Equal(0xCAB3F9F8891B8CF2UL, ContentKey.Of("ann", "mug", "view", "s", null, 2.5));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void Contains_EventsWithAndWithoutContentKeys_FindsThoseThatAreHeldOnly(int seed)
    {
        var random = new Random(seed);
        var record = new UserRecord(0, User);
        var held = new List<RecordEvent>();
        for (int step = 1; step < 600; step++)
        {
            var e = Random(random, step);
            if (random.Next(3) == 0)
                e = e with { Key = (ulong)random.NextInt64(), HasContentKey = false };
            Assert.Equal(held.Exists(h => h.Key == e.Key), record.Contains(e.Key, texts));
            if (!record.Contains(e.Key, texts))
            {
                record.Append(e);
                held.Add(e);
            }
            else if (random.Next(2) == 0)
            {
                Assert.True(record.Remove(e.Key, out var removed, texts));
                Assert.Equal(held.Find(h => h.Key == e.Key), removed);
                held.RemoveAll(h => h.Key == e.Key);
            }
        }
        Assert.Equal(held, Events(record));
        Assert.Contains(held, h => h.HasContentKey);
        Assert.Contains(held, h => !h.HasContentKey);
    }

    /// <summary>A key whose low 16 bits are those of a held event but that is another key: only computing the held key again tells.</summary>
    [Fact]
    public void Contains_AKeyWithTheSameMark_IsNotFound()
    {
        var record = new UserRecord(0, User);
        var e = Event(1, "mug", "view", 1, 10, null);
        record.Append(e);
        Assert.True(record.Contains(e.Key, texts));
        Assert.False(record.Contains(e.Key ^ 1UL << 16, texts));
        Assert.False(record.Remove(e.Key ^ 1UL << 63, out _, texts));
        Assert.Equal(1, record.Count);
    }

    [Fact]
    public void Contains_TwentyThousandEvents_FindsThoseThatAreHeldOnly()
    {
        var record = new UserRecord(0, User);
        for (int n = 0; n < 20_000; n++)
        {
            var e = Event(n + 1, "mug", "view", 1, n, null);
            Assert.False(record.Contains(e.Key, texts));
            record.Append(e);
        }
        foreach (int n in (int[])[0, 7, 19_999])
            Assert.True(record.Contains(Event(1, "mug", "view", 1, n, null).Key, texts));
        var gone = Event(1, "mug", "view", 1, 7, null);
        Assert.True(record.Remove(gone.Key, out _, texts));
        Assert.False(record.Contains(gone.Key, texts));
        Assert.True(record.HasItem(gone.Item));
    }

    [Fact]
    public void Contains_AMarkThatFitsButNoTexts_Throws()
    {
        var record = new UserRecord(0, User);
        var e = Event(1, "mug", "view", 1, 10, null);
        record.Append(e);
        Assert.Throws<ArgumentNullException>(() => record.Contains(e.Key));
    }
}
