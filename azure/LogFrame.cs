using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansRec.Azure;

/// <summary>What a block of a log's blob says.</summary>
internal enum FrameKind : byte
{
    /// <summary>A batch, or a part of one.</summary>
    Batch = 1,

    /// <summary>Another writer has the stream from here on; a batch whose last part does not come before is none.</summary>
    TakeOver = 2,

    /// <summary>The stream's snapshot is another one from here on; its content is the name of that blob.</summary>
    Snapshot = 3,

    /// <summary>The log goes on in the next segment.</summary>
    End = 4,
}

/// <summary>One block of an append blob, which is written wholly or not at all.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Epoch">Its writer's epoch.</param>
/// <param name="Sequence">Batch: its first record. Snapshot: up to which record it reaches.</param>
/// <param name="Count">Batch: how many records. Snapshot: its length in bytes.</param>
/// <param name="IsLastPart">Batch: nothing of it follows. Snapshot: what it covers is let go.</param>
/// <param name="Content">Batch: the records. Snapshot: the name of the blob.</param>
/// <remarks>
/// Layout, little-endian: magic u32, kind u8, isLastPart u8, zero u16, epoch i64, sequence i64, count i64, length i32, CRC-32C u32 of all this without itself and
/// of the content; 40 bytes, then the content.
/// </remarks>
internal sealed record LogFrame(FrameKind Kind, long Epoch, long Sequence, long Count, bool IsLastPart, ReadOnlyMemory<byte> Content)
{
    public const int HeaderBytes = 40;

    private const uint Magic = 0x464C524F;
    private const int ChecksumOffset = 36;

    public static LogFrame Snapshot(long epoch, SnapshotBlob blob) => new(FrameKind.Snapshot, epoch, blob.ThroughSequence, blob.Bytes, blob.IsCompacting, Encoding.UTF8.GetBytes(blob.Name));

    /// <summary>The snapshot that a frame of that kind names.</summary>
    public SnapshotBlob NamedSnapshot => new(Encoding.UTF8.GetString(Content.Span), Sequence, Count, IsLastPart);

    public byte[] Encode()
    {
        byte[] bytes = new byte[HeaderBytes + Content.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        (bytes[4], bytes[5]) = ((byte)Kind, IsLastPart ? (byte)1 : (byte)0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), Content.Length);
        Content.CopyTo(bytes.AsMemory(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumOffset), Checksum(bytes));
        return bytes;
    }

    /// <summary>The frames of a segment in order.</summary>
    /// <exception cref="InvalidDataException">One does not match its checksum; names the byte.</exception>
    public static IEnumerable<LogFrame> ReadAll(ReadOnlyMemory<byte> segment)
    {
        for (int at = 0; at < segment.Length;)
        {
            ReadOnlyMemory<byte> rest = segment[at..];
            int length = rest.Length < HeaderBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest.Span[32..]);
            if (length < 0 || length > rest.Length - HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(rest.Span) != Magic
                || BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[ChecksumOffset..]) != Checksum(rest.Span[..(HeaderBytes + length)]))
                throw new InvalidDataException($"the block at byte {at} does not match its checksum");
            ReadOnlySpan<byte> header = rest.Span;
            yield return new(
                (FrameKind)header[4], BinaryPrimitives.ReadInt64LittleEndian(header[8..]), BinaryPrimitives.ReadInt64LittleEndian(header[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(header[24..]), header[5] == 1, rest.Slice(HeaderBytes, length));
            at += HeaderBytes + length;
        }
    }

    public static uint Checksum(ReadOnlySpan<byte> frame) => ~Crc(Crc(uint.MaxValue, frame[..ChecksumOffset]), frame[HeaderBytes..]);

    public static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);
        foreach (byte b in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}

/// <summary>A snapshot's blob; compacting, where what it covers is no part of the log any more, though its segment may be there still.</summary>
internal sealed record SnapshotBlob(string Name, long ThroughSequence, long Bytes, bool IsCompacting = false);
