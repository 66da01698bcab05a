using System.Buffers;
using System.Text.Json;
using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Wire;
using OrleansRec.Grains.Training;
using OrleansRec.Model;
using OrleansRec.Model.Items;

namespace OrleansRec.Grains.Tests.Log;

/// <summary>
/// Goal: what a store holds is read by every later version. Method: one blob of every kind is kept as it was written; batches of the three logs, the snapshots of both
/// sides, and the block of factors that checkpoints and published versions are. REC_WRITE_BLOBS=1 writes the file anew, for a new kind; the bytes of a kind
/// that is in it stay, and a new format of it gets a line of its own.
/// </summary>
public sealed class GoldenBlobTests
{
    private const string File = "golden-blobs.txt";
    private const long TimeMs = 1_700_000_000_123;

    private static readonly LoggedEvent[] events =
    [
        new("ann", "lamp", "view", 1, TimeMs, "session 1", 11), new("ann", "Tür", "rating", 3.5f, TimeMs - 5, null, 12), new("bob", "lamp", "view", 1, TimeMs + 70_000, "session 2", 13),
    ];

    private static readonly LoggedItem item = new("Tür", "A door", ["wood", "brown"], 12.5, 3, false, [new("colour", "brown")]);
    /// <summary>What came with format 2 of items and the user log, and 3 of user shards.</summary>
    private static readonly LoggedItem detailed = item with
    {
        Details = new(ItemKind.Content, "Acme", 4.5, ["new"], "doors", TimeMs, TimeMs + 1, "A door of wood.", "https://shop.example/door", "/door.png", [new("text", [0.5f, -1])]),
    };

    private static readonly LoggedEvent search = new("ann", EventRules.NoItem, "search", 1, TimeMs, null, 14, "wooden door");
    private static readonly LoggedSettings settings = new(false, true, TimeSpan.FromDays(30), [new("country", "DE")]);

    private static readonly LoggedItem bare = new("lamp", null, [], null, null, true, []);
    private static readonly AccessEntry[] looks = [new(TimeMs, "3019e48e2a15", "first", "export", "c3ab8ff1"), new(TimeMs + 1, "3019e48e2a15", "\"first\"", "list", "")];

    [Theory]
    [InlineData("user-log"), InlineData("item-log"), InlineData("access-log"), InlineData("user-snapshot"), InlineData("item-snapshot"), InlineData("factor-block")]
    [InlineData("user-log-2"), InlineData("item-log-2"), InlineData("user-snapshot-3"), InlineData("item-snapshot-2")]
    public void Read_ABlobThatWasKept_GivesWhatWasWritten(string kind) => Assert.Equal(Written(kind), Read(kind, Kept()[kind]));

    [Fact]
    public void Write_EachKind_GivesTheBytesThatWereKept()
    {
        Dictionary<string, byte[]> now = new()
        {
            ["user-log"] = UserLog(), ["item-log"] = ItemLog(), ["access-log"] = AccessLog(), ["user-snapshot"] = UserSnapshot(), ["item-snapshot"] = ItemSnapshot(),
            ["factor-block"] = Block().ToBytes(), ["user-log-2"] = ExtendedUserLog(), ["item-log-2"] = DetailedItemLog(), ["user-snapshot-3"] = UserSnapshot(ExtendedShard()),
            ["item-snapshot-2"] = ItemSnapshot(DetailedItems()),
        };
        if (Environment.GetEnvironmentVariable("REC_WRITE_BLOBS") is not null)
            System.IO.File.WriteAllLines(GoldenWire.InSources("tests/OrleansRec.Grains.Tests/Log", File), now.Select(b => $"{b.Key} {Convert.ToBase64String(b.Value)}"));
        Assert.Equal(now.Select(b => $"{b.Key} {Convert.ToBase64String(b.Value)}"), Kept().Select(b => $"{b.Key} {Convert.ToBase64String(b.Value)}"));
    }

    /// <summary>The bytes are what the last version wrote that wrote format 1; the key of its last event follows from what that says, and was in there all the same.</summary>
    [Fact]
    public void Read_AUserSnapshotOfFormat1_GivesWhatWasWritten()
    {
        var keyed = new LoggedEvent("bob", "Tür", "view", 2, TimeMs + 80_000, "session 2", ContentKey.Of("bob", "Tür", "view", "session 2", TimeMs + 80_000, 2));
        UserShardContent read = UserShardSnapshot.Read(Kept("golden-blobs-format-1.txt")["user-snapshot"]);
        Assert.Equal(Text(Content(Shard([.. events, keyed]))), Text(Content(read)));
        Assert.True(read.Users["bob"].Remove(keyed.EventKey, out _, read.Texts));
    }

    private static Dictionary<string, byte[]> Kept(string file = File) =>
        System.IO.File.ReadLines(Path.Combine(AppContext.BaseDirectory, file)).Select(l => l.Split(' ')).ToDictionary(l => l[0], l => Convert.FromBase64String(l[1]));

    /// <summary>What was written, as text.</summary>
    private static string Written(string kind) => kind switch
    {
        "user-log" => Text(events.Select(e => new UserLogRecord(UserLogOperation.Append, e))
            .Append(new(UserLogOperation.Remove, new("ann", "", "", 0, 0, null, 12))).Append(new(UserLogOperation.Erase, new("bob", "", "", 0, 0, null, 0))).Select(Plain)),
        "item-log" => Text(new object[] { item, bare, "lamp" }),
        "user-log-2" => Text(new object[]
        {
            new UserLogRecord(UserLogOperation.Append, search), new { UserId = "ann", settings }, new { UserId = "visitor", Into = "ann" }, new { UserId = "visitor" },
        }),
        "item-log-2" => Text(new object[] { detailed }),
        "user-snapshot-3" => Text(Content(ExtendedShard())),
        "item-snapshot-2" => Text(DetailedItems()),
        "access-log" => Text(looks),
        "user-snapshot" => Text(Content(Shard())),
        "item-snapshot" => Text(Items()),
        _ => Text(Block()),
    };

    private static string Read(string kind, byte[] blob)
    {
        switch (kind)
        {
            case "user-log" or "user-log-2":
                var users = new List<object>();
                for (var reader = new UserLogReader(blob); reader.TryRead(out var record);)
                    users.Add(Plain(record));
                return Text(users);
            case "item-log" or "item-log-2":
                var items = new List<object>();
                for (var reader = new ItemLogReader(blob); reader.TryRead(out var record);)
                    items.Add(record.Deleted ? record.Item.ItemId : record.Item);
                return Text(items);
            case "access-log":
                return Text(AccessLines.Read(blob));
            case "user-snapshot" or "user-snapshot-3":
                return Text(Content(UserShardSnapshot.Read(blob)));
            case "item-snapshot" or "item-snapshot-2":
                return Text(ItemShardSnapshot.Read(blob));
            default:
                return Text(PublishedBlock.Read(blob));
        }
    }

    private static byte[] UserLog()
    {
        var writer = new UserLogWriter();
        foreach (LoggedEvent e in events)
            writer.Append(e);
        writer.Remove("ann", 12);
        writer.Erase("bob");
        return writer.Seal();
    }

    private static byte[] ItemLog()
    {
        var writer = new ItemLogWriter();
        writer.Put(item);
        writer.Put(bare);
        writer.Delete("lamp");
        return writer.Seal();
    }

    private static byte[] ExtendedUserLog()
    {
        var writer = new UserLogWriter();
        writer.Append(search);
        writer.Configure("ann", settings);
        writer.BeginMerge("visitor", "ann");
        writer.EndMerge("visitor");
        return writer.Seal();
    }

    private static byte[] DetailedItemLog()
    {
        var writer = new ItemLogWriter();
        writer.Put(detailed);
        return writer.Seal();
    }

    private static ItemShardContent DetailedItems() => new(9, 4, [7, 0, 3], [new(detailed, true, false, 2, 3, TimeMs, []) { NotLiking = 1 }]);

    private static UserShardContent ExtendedShard()
    {
        UserShardContent shard = Shard(events);
        shard.Users["bob"].Configure(settings);
        shard.Users["ann"].Append(new(9, shard.Texts.Items.GetOrAdd(EventRules.NoItem), shard.Texts.Types.GetOrAdd("search"), -1, 1, TimeMs, 14), "wooden door");
        shard.Merging["visitor"] = "ann";
        return shard with { LastSequence = 9 };
    }

    private static byte[] AccessLog()
    {
        var lines = new AccessLines();
        foreach (AccessEntry look in looks)
            lines.Add(look);
        return lines.Seal().ToArray();
    }

    private static byte[] UserSnapshot(UserShardContent? shard = null)
    {
        var into = new ArrayBufferWriter<byte>();
        UserShardSnapshot.Write(shard ?? Shard(), into);
        return into.WrittenSpan.ToArray();
    }

    private static byte[] ItemSnapshot(ItemShardContent? shard = null)
    {
        var into = new ArrayBufferWriter<byte>();
        ItemShardSnapshot.Write(shard ?? Items(), into);
        return into.WrittenSpan.ToArray();
    }

    private static PublishedBlock Block() => new(2, ["lamp", "Tür"], [0.5f, -1, 2, float.Epsilon]);

    private static ItemShardContent Items() => new(9, 4, [7, 0, 3],
    [
        new(item, true, false, 2, 3, TimeMs, [new("ann", "view", 1, TimeMs), new("bob", "rating", 3.5f, TimeMs - 5)]), new(bare, true, false, 0, 0, 0, []),
        new(new("gone", null, [], null, null, false, []), false, true, 0, 0, 0, []),
    ]);

    private static UserShardContent Shard()
    {
        UserShardContent shard = Shard(events);
        shard.Erased.UseKey(() => [.. Enumerable.Range(1, ErasedUsers.KeyBytes).Select(n => (byte)n)]);
        shard.Erased.Add(IdHash.Of("carl"), 5, TimeMs, [21, 22]);
        return shard;
    }

    private static UserShardContent Shard(LoggedEvent[] from)
    {
        UserShardContent shard = UserShardContent.Empty();
        long sequence = 0;
        foreach (LoggedEvent e in from)
        {
            if (!shard.Users.TryGetValue(e.UserId, out UserRecord? user))
                shard.Users.Add(e.UserId, user = new(0, e.UserId));
            user.Append(new(++sequence, shard.Texts.Items.GetOrAdd(e.ItemId), shard.Texts.Types.GetOrAdd(e.Type),
                e.SessionId is null ? -1 : shard.Texts.Sessions.GetOrAdd(e.SessionId), e.Value, e.TimeMs, e.EventKey));
        }
        return shard with { LastSequence = sequence };
    }

    private static object Content(UserShardContent shard)
    {
        var users = new List<object>();
        foreach (var (id, user) in shard.Users)
        {
            var held = new List<object>();
            foreach (RecordEvent e in user)
                held.Add(new { e.Sequence, Item = shard.Texts.Items[e.Item], Type = shard.Texts.Types[e.Type], Session = e.Session < 0 ? null : shard.Texts.Sessions[e.Session], e.Value, e.TimeMs, Key = shard.Texts.KeyOf(id, e), Text = user.TextOf(e.Sequence) });
            users.Add(new { id, user.Version, held, user.Settings });
        }
        return new { shard.LastSequence, users, shard.Merging, erased = shard.Erased.Find("carl"), known = shard.Erased.Has("carl", 21) && !shard.Erased.Has("carl", 23) };
    }

    /// <summary>Of a removal the user and the key count, of an erasure the user.</summary>
    private static object Plain(UserLogRecord record) => record.Operation switch
    {
        UserLogOperation.Append => record.Event.Text is null ? record.Event : record,
        UserLogOperation.Configure => new { record.Event.UserId, settings = record.Settings },
        UserLogOperation.BeginMerge => new { record.Event.UserId, record.Into },
        UserLogOperation.EndMerge => new { record.Event.UserId },
        UserLogOperation.Remove => new { record.Event.UserId, record.Event.EventKey },
        _ => record.Event.UserId,
    };

    private static string Text(object content) => JsonSerializer.Serialize(content);
}
