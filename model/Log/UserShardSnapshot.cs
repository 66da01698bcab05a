using System.Buffers;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Everything that a user shard keeps.</summary>
/// <param name="LastSequence">Number of the last record of the log that is in it.</param>
/// <param name="Items">Texts of <see cref="RecordEvent.Item"/>.</param>
/// <param name="Types">Texts of <see cref="RecordEvent.Type"/>.</param>
/// <param name="Sessions">Texts of <see cref="RecordEvent.Session"/>.</param>
/// <param name="Users">The record of each user.</param>
public sealed record UserShardContent(long LastSequence, IdTable Items, IdTable Types, IdTable Sessions, Dictionary<string, UserRecord> Users)
{
    /// <summary>A shard without anything.</summary>
    public static UserShardContent Empty() => new(0, new(keepStrings: true), new(keepStrings: true), new(), []);
}

/// <summary>Writes and reads the snapshot of a user shard: its tables of texts, then its users with their records, as they lie in memory.</summary>
public static class UserShardSnapshot
{
    /// <summary>Writes a snapshot, in pieces of about 64 KB.</summary>
    /// <remarks>Of the sessions only those are written that some event has; the numbers of the others stay, without text.</remarks>
    public static void Write(UserShardContent shard, IBufferWriter<byte> into)
    {
        var blob = new BlobWriter(BlobKind.UserShard);
        blob.Varint((ulong)shard.LastSequence);
        shard.Items.WriteTo(blob);
        shard.Types.WriteTo(blob);
        shard.Sessions.WriteTo(blob, UsedSessions(shard).Get);
        blob.Varint((ulong)shard.Users.Count);
        foreach (var (userId, record) in shard.Users)
        {
            blob.Text(userId);
            record.WriteTo(blob);
            blob.FlushTo(into);
        }
        blob.SealTo(into);
    }

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="CorruptLogException">It is not what was written.</exception>
    /// <exception cref="NewerLogFormatException">It was written by a newer version.</exception>
    public static UserShardContent Read(ReadOnlySpan<byte> snapshot)
    {
        var blob = new BlobReader(snapshot, BlobKind.UserShard);
        long lastSequence = (long)blob.Varint();
        var items = IdTable.Read(ref blob, keepStrings: true);
        var types = IdTable.Read(ref blob, keepStrings: true);
        var sessions = IdTable.Read(ref blob, keepStrings: false);
        int userCount = blob.Count(1, "users");
        var users = new Dictionary<string, UserRecord>(userCount);
        for (int i = 0; i < userCount; i++)
            users.Add(blob.Text(), UserRecord.Read(ref blob));
        blob.End();
        return new(lastSequence, items, types, sessions, users);
    }

    private static System.Collections.BitArray UsedSessions(UserShardContent shard)
    {
        var used = new System.Collections.BitArray(shard.Sessions.Count);
        foreach (var record in shard.Users.Values)
        {
            foreach (var e in record)
            {
                if (e.Session >= 0)
                    used[e.Session] = true;
            }
        }
        return used;
    }
}
