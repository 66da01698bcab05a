using System.Text.Json;
using OrleansRec.Model;

namespace OrleansRec.Silo.Storage.Verification;

/// <summary>Decodes the blobs of the streams whose format model/ knows; blocks of factors are numbers, which any bytes are, and have their checksum only.</summary>
internal static class BlobDecoding
{
    /// <summary>Records in a batch; null where the stream's format is not known here.</summary>
    public static long? CountRecords(string stream, ReadOnlySpan<byte> batch)
    {
        long count = 0;
        if (IsOf(stream, "users"))
        {
            for (var reader = new UserLogReader(batch); reader.TryRead(out _); count++)
            {
            }
            return count;
        }
        if (!IsOf(stream, "items"))
            return null;
        for (var reader = new ItemLogReader(batch); reader.TryRead(out _); count++)
        {
        }
        return count;
    }

    /// <summary>What a decoder says of a blob that it cannot read; null where it can.</summary>
    public static string? Problem(Action decode)
    {
        try
        {
            decode();
            return null;
        }
        catch (Exception e) when (e is CorruptLogException or NewerLogFormatException or JsonException)
        {
            return e.Message;
        }
    }

    public static void ReadSnapshot(string stream, ReadOnlySpan<byte> snapshot)
    {
        if (IsOf(stream, "users"))
            _ = UserShardSnapshot.Read(snapshot);
        else if (IsOf(stream, "items"))
            _ = ItemShardSnapshot.Read(snapshot);
    }

    /// <summary>"users/3", with or without a tenant before it.</summary>
    private static bool IsOf(string stream, string kind)
    {
        string[] parts = stream.Split('/');
        return parts.Length >= 2 && parts[^2] == kind;
    }
}
