using System.Buffers.Binary;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>What a <see cref="UserRecord"/> keeps of an event besides key and item, as variable-length numbers against the event before.</summary>
/// <remarks>
/// Head = type·8 + 4·(content key) + 2·(other session than before) + (value is not 1); the step of the sequence; the zigzag step of the time, ·2, in seconds
/// where it is whole ones, else in milliseconds and + 1; where the head says so session + 1, and the value: ·2 where it is a whole number of 0 … 2²⁰, else 1 and its
/// four bytes. Worked example: events (sequence 7, type 0, no session, value 1, time 1000) and, with a content key, (sequence 9, type 4, session 5, value 2,
/// time 1500) are <c>[00, 07, 04] [27, 02, D1 0F, 06, 04]</c>: the times step by 1 s (zigzag 2, ·2 = 04) and by 500 ms (zigzag 1000, ·2 + 1 = 2001 = D1 0F).
/// </remarks>
internal static class EventCoding
{
    public const int NoSession = -1;

    /// <summary>The longest event.</summary>
    public const int BytesMax = 4 * Varint.BytesMax + 1 + sizeof(float);

    private const int WholeValueMax = 1 << 20;
    private const int SecondMs = 1000;

    /// <summary>The event that the next one is coded against.</summary>
    public readonly record struct Position(long Sequence, long TimeMs, int Session)
    {
        public static readonly Position Begin = new(0, 0, NoSession);
    }

    public static int Write(Span<byte> into, in RecordEvent e, ref Position before)
    {
        bool hasValue = e.Value != 1, hasSession = e.Session != before.Session;
        int length = Varint.Write(into, ((ulong)e.Type << 3) | (e.HasContentKey ? 4u : 0) | (hasSession ? 2u : 0) | (hasValue ? 1u : 0));
        length += Varint.Write(into[length..], (ulong)(e.Sequence - before.Sequence));
        var (seconds, ms) = Math.DivRem(e.TimeMs - before.TimeMs, SecondMs);
        length += Varint.Write(into[length..], ms == 0 ? Varint.ZigZag(seconds) << 1 : (Varint.ZigZag(e.TimeMs - before.TimeMs) << 1) | 1);
        if (hasSession)
            length += Varint.Write(into[length..], (ulong)(e.Session + 1));
        if (hasValue)
            length += WriteValue(into[length..], e.Value);
        before = new(e.Sequence, e.TimeMs, e.Session);
        return length;
    }

    /// <summary>The event at a position, which moves behind it; item and key are left to the caller.</summary>
    public static RecordEvent Read(ReadOnlySpan<byte> from, ref int position, in RecordEvent before)
    {
        ulong head = Varint.Read(from, ref position);
        long sequence = before.Sequence + (long)Varint.Read(from, ref position);
        ulong step = Varint.Read(from, ref position);
        long timeMs = before.TimeMs + ((step & 1) != 0 ? Varint.UnZigZag(step >> 1) : SecondMs * Varint.UnZigZag(step >> 1));
        int session = (head & 2) != 0 ? (int)Varint.Read(from, ref position) - 1 : before.Session;
        float value = (head & 1) != 0 ? ReadValue(from, ref position) : 1;
        return new(sequence, 0, (int)(head >> 3), session, value, timeMs, 0, (head & 4) != 0);
    }

    /// <summary>As <see cref="Read"/>, of a snapshot of format 1: type·4 and no content keys, times in milliseconds, values as four bytes.</summary>
    public static RecordEvent ReadFormat1(ReadOnlySpan<byte> from, ref int position, in RecordEvent before)
    {
        ulong head = Varint.Read(from, ref position);
        long sequence = before.Sequence + (long)Varint.Read(from, ref position);
        long timeMs = before.TimeMs + Varint.UnZigZag(Varint.Read(from, ref position));
        int session = (head & 2) != 0 ? (int)Varint.Read(from, ref position) - 1 : before.Session;
        float value = (head & 1) != 0 ? ReadSingle(from, ref position) : 1;
        return new(sequence, 0, (int)(head >> 2), session, value, timeMs, 0);
    }

    // Minus zero is no whole number here: its sign would be lost.
    private static int WriteValue(Span<byte> into, float value)
    {
        if (value >= 0 && value <= WholeValueMax && (int)value == value && !float.IsNegative(value))
            return Varint.Write(into, (ulong)value << 1);
        into[0] = 1;
        BinaryPrimitives.WriteSingleLittleEndian(into[1..], value);
        return 1 + sizeof(float);
    }

    private static float ReadValue(ReadOnlySpan<byte> from, ref int position)
    {
        ulong code = Varint.Read(from, ref position);
        return code == 1 ? ReadSingle(from, ref position) : code >> 1;
    }

    private static float ReadSingle(ReadOnlySpan<byte> from, ref int position)
    {
        float value = BinaryPrimitives.ReadSingleLittleEndian(from[position..]);
        position += sizeof(float);
        return value;
    }
}
