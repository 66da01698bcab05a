using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using OrleansRec.Contracts;

namespace OrleansRec.Grains.Training;

/// <summary>The rows of one item shard under one model version, or at one checkpoint: ids and factors.</summary>
/// <remarks>
/// Layout, little-endian: int32 format (1), int32 width, int32 rows; then each id as a varint length and its UTF-8 bytes; then zero bytes up to a
/// multiple of 4; then rows × width float32. Worked example, width 1, row "a" = 2.0: 01000000 01000000 01000000 01 61 0000 00000040.
/// </remarks>
public sealed record PublishedBlock(int Width, string[] Ids, float[] Factors)
{
    private const int Format = 1, PieceBytes = 64 << 10;

    public int RowCount => Ids.Length;

    public byte[] ToBytes()
    {
        ArrayBufferWriter<byte> head = Head(Width, Ids);
        head.Write(MemoryMarshal.AsBytes<float>(Factors));
        return head.WrittenSpan.ToArray();
    }

    /// <summary>Writes a block piece by piece, so that it is not in memory a second time.</summary>
    public static async Task Write(ISnapshotWriter into, int width, string[] ids, ReadOnlyMemory<float> factors, CancellationToken stop)
    {
        await into.Write(Head(width, ids).WrittenMemory, stop);
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            for (int first = 0, bytes = factors.Length * sizeof(float); first < bytes; first += PieceBytes)
            {
                int length = Math.Min(PieceBytes, bytes - first);
                MemoryMarshal.AsBytes(factors.Span).Slice(first, length).CopyTo(piece);
                await into.Write(piece.AsMemory(0, length), stop);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static ArrayBufferWriter<byte> Head(int width, string[] ids)
    {
        var head = new ArrayBufferWriter<byte>(12 + ids.Length * 12);
        BinaryPrimitives.WriteInt32LittleEndian(head.GetSpan(4), Format);
        head.Advance(4);
        BinaryPrimitives.WriteInt32LittleEndian(head.GetSpan(4), width);
        head.Advance(4);
        BinaryPrimitives.WriteInt32LittleEndian(head.GetSpan(4), ids.Length);
        head.Advance(4);
        foreach (string id in ids)
            WriteId(head, id);
        int padding = -head.WrittenCount & 3;
        head.GetSpan(4)[..padding].Clear();
        head.Advance(padding);
        return head;
    }

    /// <exception cref="InvalidDataException">The bytes are not a block, or of a newer format.</exception>
    public static PublishedBlock Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12)
            throw new InvalidDataException($"A factor block has at least 12 bytes; got {bytes.Length}.");
        int format = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (format != Format)
            throw new InvalidDataException($"A factor block of format {format} was written by another version; this one reads format {Format}.");
        int width = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        int rows = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var ids = new string[rows];
        int at = 12;
        for (int row = 0; row < rows; row++)
            ids[row] = ReadId(bytes, ref at);
        at += -at & 3;
        long expected = (long)rows * width * sizeof(float);
        if (bytes.Length - at != expected)
            throw new InvalidDataException($"A factor block of {rows} rows × {width} holds {expected} factor bytes; got {bytes.Length - at}.");
        return new(width, ids, MemoryMarshal.Cast<byte, float>(bytes[at..]).ToArray());
    }

    private static void WriteId(ArrayBufferWriter<byte> head, string id)
    {
        int length = Encoding.UTF8.GetByteCount(id);
        Span<byte> span = head.GetSpan(5 + length);
        int n = 0;
        uint rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7)
            span[n++] = (byte)(rest | 0x80);
        span[n++] = (byte)rest;
        Encoding.UTF8.GetBytes(id, span[n..]);
        head.Advance(n + length);
    }

    private static string ReadId(ReadOnlySpan<byte> bytes, ref int at)
    {
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte b = bytes[at++];
            length |= (b & 0x7f) << shift;
            if (b < 0x80)
                break;
        }
        string id = Encoding.UTF8.GetString(bytes.Slice(at, length));
        at += length;
        return id;
    }
}
