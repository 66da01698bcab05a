using System.Buffers;

namespace OrleansRec.Model.Tests;

/// <summary>A shard comes back from its snapshot as it was, goes on as it would have, and damage is detected.</summary>
public sealed class UserShardSnapshotTests
{
    private static UserShardContent Shard(int users, int eventsEach)
    {
        var random = new Random(11);
        var shard = UserShardContent.Empty();
        long sequence = 0;
        for (int n = 0; n < eventsEach; n++)
        {
            for (int user = 0; user < users; user++)
            {
                var e = new RecordEvent(
                    ++sequence, shard.Texts.Items.GetOrAdd($"item-{random.Next(50)}"), shard.Texts.Types.GetOrAdd(n % 3 == 0 ? "view" : "rating"),
                    n % 2 == 0 ? -1 : shard.Texts.Sessions.GetOrAdd($"session of user-{user}, {n / 4}"), n % 3 == 0 ? 1 : n / 2f, 1_700_000_000_000 + random.Next(), (ulong)sequence);
                if (!shard.Users.TryGetValue($"user-{user}", out var record))
                    shard.Users.Add($"user-{user}", record = new(0, $"user-{user}"));
                record.Append(e);
            }
        }
        return shard with { LastSequence = sequence };
    }

    private static byte[] Write(UserShardContent shard)
    {
        var blob = new ArrayBufferWriter<byte>();
        UserShardSnapshot.Write(shard, blob);
        return blob.WrittenSpan.ToArray();
    }

    private static List<(RecordEvent, string, string, string?)> Events(UserShardContent shard, string userId)
    {
        var events = new List<(RecordEvent, string, string, string?)>();
        foreach (var e in shard.Users[userId])
            events.Add((e, shard.Texts.Items[e.Item], shard.Texts.Types[e.Type], e.Session < 0 ? null : shard.Texts.Sessions[e.Session]));
        return events;
    }

    private static ulong KeyAt(UserShardContent shard, string userId, Index index) => Events(shard, userId)[index].Item1.Key;

    private static void AssertSame(UserShardContent expected, UserShardContent actual)
    {
        Assert.Equal(expected.LastSequence, actual.LastSequence);
        Assert.Equal(expected.Users.Keys, actual.Users.Keys);
        foreach (var (userId, record) in expected.Users)
        {
            Assert.Equal(Events(expected, userId), Events(actual, userId));
            Assert.Equal((record.Version, record.LastSequence, record.Count), (actual.Users[userId].Version, actual.Users[userId].LastSequence, actual.Users[userId].Count));
        }
    }

    [Fact]
    public void Read_SettingsTextsAndMerges_AreTheSame()
    {
        UserShardContent shard = Shard(3, 4);
        shard.Users["user-1"].Configure(new(false, true, TimeSpan.FromDays(30), [new("country", "DE")]));
        shard.Users["user-2"].Append(new(100, 0, 0, -1, 1, 1_700_000_000_000, 77), "a red lamp");
        shard.Merging["visitor"] = "user-2";

        byte[] blob = Write(shard with { LastSequence = 100 });
        UserShardContent read = UserShardSnapshot.Read(blob);

        Assert.Equal(3, blob[1]);
        AssertSame(shard with { LastSequence = 100 }, read);
        Assert.Null(read.Users["user-0"].Settings);
        Assert.Equal((false, true, TimeSpan.FromDays(30)), (read.Users["user-1"].Settings!.MayPersonalise, read.Users["user-1"].Settings!.MayStore, read.Users["user-1"].Settings!.EventAgeMax));
        Assert.Equal([new LoggedAttribute("country", "DE")], read.Users["user-1"].Settings!.Attributes);
        Assert.Equal(("a red lamp", null), (read.Users["user-2"].TextOf(100), read.Users["user-2"].TextOf(99)));
        Assert.Equal("user-2", Assert.Single(read.Merging, m => m.Key == "visitor").Value);
        Assert.Equal(2, Write(Shard(3, 4))[1]);
    }

    [Theory]
    [InlineData(0, 0), InlineData(1, 1), InlineData(30, 40), InlineData(900, 20)]
    public void Read_WhatWasWritten_IsTheSame(int users, int eventsEach)
    {
        var shard = Shard(users, eventsEach);
        AssertSame(shard, UserShardSnapshot.Read(Write(shard)));
    }

    [Fact]
    public void Read_ThenAppendAndRemove_GoesOnLikeTheOriginal()
    {
        var shard = Shard(3, 10);
        shard.Users["user-1"].Remove(KeyAt(shard, "user-1", ^1), out _);
        var read = UserShardSnapshot.Read(Write(shard));
        foreach (var each in (UserShardContent[])[shard, read])
        {
            var record = each.Users["user-1"];
            record.Append(new(each.LastSequence + 4, each.Texts.Items.GetOrAdd("new item"), each.Texts.Types.GetOrAdd("view"), each.Texts.Sessions.GetOrAdd("new"), 2, 5, 999));
            record.Remove(KeyAt(each, "user-1", 2), out _);
            // The last event of this one has a session; the next has none, then the one before again.
            var other = each.Users["user-2"];
            int session = each.Texts.Sessions.Find("session of user-2, 2");
            other.Append(new(each.LastSequence + 5, 0, 0, -1, 1, 6, 1000));
            other.Append(new(each.LastSequence + 6, 0, 0, session, 1, 6, 1001));
        }
        AssertSame(shard, read);
        Assert.Equal([null, "session of user-2, 2"], Events(read, "user-2").TakeLast(2).Select(e => e.Item4));
        Assert.Equal("new item", read.Texts.Items[read.Texts.Items.Find("new item")]);
    }

    [Fact]
    public void Write_AfterAUserIsErased_HoldsNothingOfTheirSessions()
    {
        var shard = Shard(3, 10);
        Assert.Contains("session of user-1", System.Text.Encoding.UTF8.GetString(Write(shard)));
        shard.Users.Remove("user-1");
        byte[] blob = Write(shard);
        Assert.DoesNotContain("user-1", System.Text.Encoding.UTF8.GetString(blob));
        AssertSame(shard, UserShardSnapshot.Read(blob));
    }

    [Fact]
    public void Read_AnyBitFlippedOrTruncated_IsDetected()
    {
        byte[] blob = Write(Shard(2, 3));
        for (int bit = 0; bit < blob.Length * 8; bit++)
        {
            byte[] damaged = [.. blob];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<CorruptLogException>(() => UserShardSnapshot.Read(damaged));
        }
        for (int length = 0; length < blob.Length; length++)
            Assert.Throws<CorruptLogException>(() => UserShardSnapshot.Read(blob.AsSpan(0, length)));
    }

    /// <summary>Large enough to be handed on in several pieces, whose checksums chain.</summary>
    [Fact]
    public void Read_ALargeSnapshotWithAByteChanged_IsDetected()
    {
        byte[] blob = Write(Shard(900, 20));
        Assert.True(blob.Length > 4 * 64 * 1024, $"the snapshot should span pieces; it has {blob.Length} bytes");
        for (int at = 0; at < blob.Length; at += 9973)
        {
            blob[at] ^= 0x40;
            Assert.Throws<CorruptLogException>(() => UserShardSnapshot.Read(blob));
            blob[at] ^= 0x40;
        }
        UserShardSnapshot.Read(blob);
    }
}
