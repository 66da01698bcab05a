using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansRec.Silo.Storage;

/// <summary>CRC-32C of a blob and of the numbers stored beside it, so that a blob moved under another number is caught as well.</summary>
internal static class BlobChecksum
{
    public static long Of(long id, long count, long epoch, ReadOnlySpan<byte> content)
    {
        uint crc = uint.MaxValue;
        crc = BitOperations.Crc32C(crc, (ulong)id);
        crc = BitOperations.Crc32C(crc, (ulong)count);
        crc = BitOperations.Crc32C(crc, (ulong)epoch);
        // The hardware instruction takes eight bytes at a time; the words are little-endian on every platform .NET runs on.
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(content))
            crc = BitOperations.Crc32C(crc, word);
        foreach (byte b in content[(content.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
