using System.Numerics;
using System.Runtime.InteropServices;

namespace OrleansRec.Model.Blobs;

/// <summary>CRC-32C (Castagnoli), the checksum of iSCSI and ext4, by the processor's instruction where it has one. Every flipped bit is detected.</summary>
internal static class Crc32C
{
    public const uint Start = 0xFFFFFFFF;

    /// <summary>The checksum of everything passed to <see cref="Add"/> since <see cref="Start"/>.</summary>
    public static uint Finish(uint crc) => ~crc;

    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Add(Start, bytes));

    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, MemoryMarshal.Read<ulong>(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
