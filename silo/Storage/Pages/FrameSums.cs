using System.Buffers.Binary;
using System.Numerics;

namespace OrleansRec.Silo.Storage.Pages;

/// <summary>
/// A second sum of each frame of the log, kept behind the witness. SQLite's own sum finds every turned bit but cannot say which it was: of the
/// highest bits of a word hundreds come to the same sum. The two together can.
/// </summary>
/// <remarks>
/// Eight bytes a frame: CRC-32C of page number and page, and a check of that with the log's salts, which tells the sums of this filling of the log from
/// those of another, and a sum that was itself damaged.
/// </remarks>
internal static class FrameSums
{
    public const int EntryBytes = 8;

    public static uint Of(uint pageNumber, ReadOnlySpan<byte> page) => CommitWitness.Sum(page) ^ (pageNumber * 0x9E3779B1);

    public static long PlaceOf(int frame) => CommitWitness.FileBytes + (long)frame * EntryBytes;

    public static void Encode(uint sum, int frame, ulong salts, Span<byte> into)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, sum);
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], CheckOf(sum, frame, salts));
    }

    /// <summary>The sum of a frame; null where the file has none for this filling of the log.</summary>
    public static uint? Find(ReadOnlySpan<byte> witness, int frame, ulong salts)
    {
        long place = PlaceOf(frame);
        if (place + EntryBytes > witness.Length)
            return null;
        uint sum = BinaryPrimitives.ReadUInt32LittleEndian(witness[(int)place..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(witness[((int)place + 4)..]) == CheckOf(sum, frame, salts) ? sum : null;
    }

    private static uint CheckOf(uint sum, int frame, ulong salts) =>
        ~BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, salts), sum | ((ulong)(uint)frame << 32));
}
