using System.Buffers.Binary;
using System.Text;

namespace OrleansRec.Model;

/// <summary>The key of an event that nobody gave an id: a hash of everything that it says.</summary>
/// <remarks>
/// Lines of a file get it, so that the same file, imported again, adds nothing. Because it follows from the event, a <see cref="UserRecord"/> need not keep it.
/// Each text goes in as its length in two bytes and its UTF-8 bytes, so that no two events run together to the same bytes; then whether there is a time, the
/// time, and the value.
/// </remarks>
public static class ContentKey
{
    private const int TextsMax = 4, PrefixBytes = sizeof(ushort);

    /// <summary>The key of an event in texts.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="itemId">The item.</param>
    /// <param name="type">The event type.</param>
    /// <param name="sessionId">The session, or null.</param>
    /// <param name="timeMs">The time that the caller gave; null where there was none, and the event is the same whenever it is told.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">A text is longer than 256 bytes.</exception>
    public static ulong Of(string userId, string itemId, string type, string? sessionId, long? timeMs, double value)
    {
        Span<byte> bytes = stackalloc byte[TextsMax * (IdHash.IdBytesMax + PrefixBytes) + 17];
        int length = 0;
        Put(userId, bytes, ref length);
        Put(itemId, bytes, ref length);
        Put(type, bytes, ref length);
        Put(sessionId, bytes, ref length);
        return Finish(bytes, length, timeMs, value);
    }

    /// <summary>The same key, of texts that are in UTF-8 already.</summary>
    internal static ulong Of(string userId, ReadOnlySpan<byte> itemId, ReadOnlySpan<byte> type, bool hasSession, ReadOnlySpan<byte> sessionId, long timeMs, double value)
    {
        Span<byte> bytes = stackalloc byte[TextsMax * (IdHash.IdBytesMax + PrefixBytes) + 17];
        int length = 0;
        Put(userId, bytes, ref length);
        Put(itemId, bytes, ref length);
        Put(type, bytes, ref length);
        if (hasSession)
            Put(sessionId, bytes, ref length);
        else
            Put((string?)null, bytes, ref length);
        return Finish(bytes, length, timeMs, value);
    }

    private static ulong Finish(Span<byte> bytes, int length, long? timeMs, double value)
    {
        bytes[length] = timeMs is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(length + 1)..], timeMs ?? 0);
        BinaryPrimitives.WriteDoubleLittleEndian(bytes[(length + 9)..], value);
        return IdHash.Of(bytes[..(length + 17)]);
    }

    private static void Put(string? text, Span<byte> bytes, ref int length)
    {
        int count = text is null ? 0 : Encoding.UTF8.GetBytes(text, bytes.Slice(length + PrefixBytes, IdHash.IdBytesMax));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[length..], text is null ? ushort.MaxValue : (ushort)count);
        length += PrefixBytes + count;
    }

    private static void Put(ReadOnlySpan<byte> text, Span<byte> bytes, ref int length)
    {
        text.CopyTo(bytes[(length + PrefixBytes)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[length..], (ushort)text.Length);
        length += PrefixBytes + text.Length;
    }
}
