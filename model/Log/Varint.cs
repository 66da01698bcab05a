namespace OrleansRec.Model.Blobs;

/// <summary>Numbers in 7-bit groups, the lowest first, as in Protocol Buffers.</summary>
internal static class Varint
{
    /// <summary>The longest form.</summary>
    public const int BytesMax = 10;

    /// <summary>Signed numbers near zero become small unsigned ones: 0, −1, 1, −2 are 0, 1, 2, 3.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    public static int Write(Span<byte> into, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            into[length++] = (byte)(value | 0x80);
        into[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads what <see cref="Write"/> wrote; bytes from outside go through <see cref="BlobReader"/>, which checks them.</summary>
    public static ulong Read(ReadOnlySpan<byte> from, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = from[position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }
}
