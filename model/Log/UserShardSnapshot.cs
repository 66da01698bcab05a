using System.Buffers;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Everything that a user shard keeps.</summary>
/// <param name="LastSequence">Number of the last record of the log that is in it.</param>
/// <param name="Texts">What the numbers in its records stand for.</param>
/// <param name="Users">The record of each user.</param>
public sealed record UserShardContent(long LastSequence, EventTexts Texts, Dictionary<string, UserRecord> Users)
{
    /// <summary>What is left of erased users.</summary>
    public ErasedUsers Erased { get; init; } = new();

    /// <summary>Users whose events are to become another user's: from, into.</summary>
    public Dictionary<string, string> Merging { get; init; } = [];

    /// <summary>A shard without anything.</summary>
    public static UserShardContent Empty() => new(0, new(new(keepStrings: true), new(keepStrings: true), new()), []);
}

/// <summary>Reads the snapshot of a user shard, and writes one whole; <see cref="UserShardSnapshotWriter"/> writes it in pieces.</summary>
public static class UserShardSnapshot
{
    /// <summary>The first format that has settings and texts of users, and merges.</summary>
    internal const byte ExtendedFormat = 3;

    private const int PieceBytes = 64 << 10;

    /// <summary>Writes a snapshot of a shard that does not change meanwhile.</summary>
    public static void Write(UserShardContent shard, IBufferWriter<byte> into)
    {
        var writer = new UserShardSnapshotWriter(shard);
        while (!writer.WriteSome(into, PieceBytes))
        {
        }
    }

    /// <summary>Reads a snapshot, also one of format 1, which had the sessions before the users.</summary>
    /// <exception cref="CorruptLogException">It is not what was written.</exception>
    /// <exception cref="NewerLogFormatException">It was written by a newer version.</exception>
    public static UserShardContent Read(ReadOnlySpan<byte> snapshot)
    {
        var blob = new BlobReader(snapshot, BlobKind.UserShard);
        long lastSequence = (long)blob.Varint();
        var items = IdTable.Read(ref blob, keepStrings: true);
        var types = IdTable.Read(ref blob, keepStrings: true);
        var texts = new EventTexts(items, types, blob.Format == 1 ? IdTable.Read(ref blob, keepStrings: false) : new());
        var merging = blob.Format >= ExtendedFormat ? ReadMerging(ref blob) : [];
        int userCount = blob.Count(1, "users");
        var users = new Dictionary<string, UserRecord>(userCount);
        for (int i = 0; i < userCount; i++)
        {
            string userId = blob.Text();
            users.Add(userId, blob.Format == 1 ? UserRecord.ReadFormat1(ref blob, userId, texts) : UserRecord.Read(ref blob, userId));
        }
        if (blob.Format != 1)
            texts = texts with { Sessions = IdTable.Read(ref blob, keepStrings: false) };
        // Products before the keyed tombstones end here.
        var erased = blob.IsAtEnd ? new() : ErasedUsers.Read(ref blob);
        blob.End();
        return new(lastSequence, texts, users) { Erased = erased, Merging = merging };
    }

    private static Dictionary<string, string> ReadMerging(ref BlobReader blob)
    {
        int count = blob.Count(2, "merges");
        var merging = new Dictionary<string, string>(count);
        for (int i = 0; i < count; i++)
            merging.Add(blob.Text(), blob.Text());
        return merging;
    }
}
