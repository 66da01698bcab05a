using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace OrleansRec.Model.Tests;

/// <summary>What is written is read, whatever it holds; what was damaged on the way is refused, wherever it was damaged.</summary>
public sealed class UserLogTests
{
    private static byte[] Write(UserLogWriter writer, IEnumerable<UserLogRecord> records)
    {
        foreach (UserLogRecord record in records)
        {
            LoggedEvent e = record.Event;
            Action write = record.Operation switch
            {
                UserLogOperation.Append => () => writer.Append(e),
                UserLogOperation.Remove => () => writer.Remove(e.UserId, e.EventKey),
                UserLogOperation.Erase => () => writer.Erase(e.UserId),
                UserLogOperation.Configure => () => writer.Configure(e.UserId, record.Settings!),
                UserLogOperation.BeginMerge => () => writer.BeginMerge(e.UserId, record.Into!),
                _ => () => writer.EndMerge(e.UserId),
            };
            write();
        }
        return writer.Seal();
    }

    private static string Text(UserLogRecord record) => JsonSerializer.Serialize(record);

    private static List<UserLogRecord> Read(ReadOnlySpan<byte> blob)
    {
        var records = new List<UserLogRecord>();
        var reader = new UserLogReader(blob);
        while (reader.TryRead(out var record))
            records.Add(record);
        return records;
    }

    private static readonly UserLogRecord[] Small =
    [
        new(UserLogOperation.Append, new("ü", "i1", "view", 1, 1_700_000_000_000, "s", 0x0123456789ABCDEF)),
        new(UserLogOperation.Append, new("ü", "i2", "rating", 4.5f, 1_600_000_000_000, null, 2)),
        new(UserLogOperation.Remove, new("ü", "", "", 0, 0, null, 2)),
        new(UserLogOperation.Erase, new("other", "", "", 0, 0, null, 0)),
    ];

    [Fact]
    public void Seal_AnyRecords_ReadBackTheSame()
    {
        // One writer for all rounds: what a batch leaves behind would show in the next.
        var writer = new UserLogWriter();
        Prop.ForAll(Gen.ListOf(AnyId.UserRecords).ToArbitrary(), records => Read(Write(writer, records)).Select(Text).SequenceEqual(records.Select(Text))).QuickCheckThrowOnFailure();
    }

    /// <summary>A silo of the version before reads what this one writes, as long as nobody uses what is new.</summary>
    [Fact]
    public void Seal_NothingNew_HasTheFirstFormat()
    {
        var writer = new UserLogWriter();
        Assert.Equal(1, Write(writer, Small)[1]);
        Assert.Equal(2, Write(writer, [.. Small, new(UserLogOperation.EndMerge, new("a", "", "", 0, 0, null, 0))])[1]);
        Assert.Equal(2, Write(writer, [new(UserLogOperation.Append, Small[0].Event with { Text = "lamp" })])[1]);
        Assert.Equal(1, Write(writer, Small)[1]);
    }

    [Fact]
    public void RecordCount_CountsUntilSealed()
    {
        var writer = new UserLogWriter();
        writer.Append(Small[0].Event);
        writer.Erase("x");
        Assert.Equal(2, writer.RecordCount);
        Assert.Equal(writer.Bytes + 12, writer.Seal().Length);
        Assert.Equal((0, 2L), (writer.RecordCount, writer.Bytes));
        Assert.Empty(Read(writer.Seal()));
    }

    [Fact]
    public void Seal_TheSameTextsAgain_CostLittle()
    {
        var writer = new UserLogWriter();
        var e = Small[0].Event with { UserId = new('u', 200), ItemId = new('i', 200), SessionId = new('s', 200) };
        for (int n = 0; n < 1000; n++)
            writer.Append(e with { TimeMs = e.TimeMs + n * 60_000, EventKey = (ulong)n });
        Assert.InRange(writer.Seal().Length, 1000 * 9, 1000 * 17);
    }

    [Fact]
    public void Read_AnyBitFlipped_IsDetected()
    {
        byte[] blob = Write(new(), Small);
        for (int bit = 0; bit < blob.Length * 8; bit++)
        {
            byte[] damaged = [.. blob];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptLogException>(() => Read(damaged));
        }
    }

    [Fact]
    public void Read_TruncatedAnywhereOrGrown_IsDetected()
    {
        byte[] blob = Write(new(), Small);
        for (int length = 0; length < blob.Length; length++)
            Assert.Throws<CorruptLogException>(() => Read(blob.AsSpan(0, length)));
        Assert.Throws<CorruptLogException>(() => Read([.. blob, 0]));
        Assert.Throws<CorruptLogException>(() => Read([.. blob, .. blob]));
    }

    [Fact]
    public void Read_ABlobOfAnItemShard_IsRefusedByKind()
    {
        var items = new ItemLogWriter();
        items.Delete("i");
        var refused = Assert.Throws<CorruptLogException>(() => Read(items.Seal()));
        Assert.Equal((0L, "a blob of kind 'u' begins with byte 117; got 105"), (refused.Offset, refused.Rule));
    }
}
