using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansRec.Model.Blobs;

/// <summary>Reads a blob of <see cref="BlobWriter"/>: first checksum, length, kind and format of the whole, then its content, never past its end.</summary>
internal ref struct BlobReader
{
    private readonly ReadOnlySpan<byte> _content;
    private int _position = BlobWriter.HeaderBytes;

    /// <exception cref="CorruptLogException">Too short, another kind, or not what was written.</exception>
    /// <exception cref="NewerLogFormatException">A newer format.</exception>
    public BlobReader(ReadOnlySpan<byte> blob, BlobKind kind)
    {
        if (blob.Length < BlobWriter.HeaderBytes + BlobWriter.TrailerBytes)
            throw new CorruptLogException(0, $"a blob has at least {BlobWriter.HeaderBytes + BlobWriter.TrailerBytes} bytes; got {blob.Length}");
        int crcOffset = blob.Length - sizeof(uint), lengthOffset = crcOffset - sizeof(ulong);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(blob[lengthOffset..]);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(blob[crcOffset..]), computed = Crc32C.Of(blob[..crcOffset]);
        if (crc != computed)
            throw new CorruptLogException(crcOffset, $"the checksum is {crc:x8}, that of the bytes before it {computed:x8}");
        if (length != (ulong)blob.Length)
            throw new CorruptLogException(lengthOffset, $"the blob should have {length} bytes; got {blob.Length}");
        if (blob[0] != (byte)kind)
            throw new CorruptLogException(0, $"a blob of kind '{(char)kind}' begins with byte {(byte)kind}; got {blob[0]}");
        if (blob[1] > BlobWriter.LatestFormatOf(kind))
            throw new NewerLogFormatException(blob[1], BlobWriter.LatestFormatOf(kind));
        Format = blob[1];
        _content = blob[..lengthOffset];
    }

    /// <summary>The format that it was written in, at most <see cref="BlobWriter.LatestFormatOf"/> its kind.</summary>
    public int Format { get; }

    public readonly int Position => _position;

    public readonly bool IsAtEnd => _position == _content.Length;

    public byte Byte() => Bytes(1)[0];

    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && _position < _content.Length; shift += 7)
        {
            byte b = _content[_position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw new CorruptLogException(_position, "a number has at most 10 bytes, the last below 128");
    }

    public long ZigZag() => Blobs.Varint.UnZigZag(Varint());

    /// <summary>A number of 0 … 2,147,483,647.</summary>
    public int Int32(string what)
    {
        ulong value = Varint();
        return value <= int.MaxValue ? (int)value : throw new CorruptLogException(_position, $"{what} must be at most {int.MaxValue}; got {value}");
    }

    /// <summary>How many entries follow, each of at least so many bytes: refuses a count that the rest cannot hold, before anyone allocates for it.</summary>
    public int Count(int bytesEach, string what)
    {
        ulong count = Varint();
        ulong room = (ulong)(_content.Length - _position) / (ulong)bytesEach;
        return count <= room ? (int)count : throw new CorruptLogException(_position, $"there is room for {room} {what}; got {count}");
    }

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(sizeof(ulong)));

    public double Double() => BitConverter.UInt64BitsToDouble(UInt64());

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Bytes(sizeof(float)));

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _content.Length - _position)
            throw new CorruptLogException(_position, $"{count} bytes should follow; {_content.Length - _position} do");
        var bytes = _content.Slice(_position, count);
        _position += count;
        return bytes;
    }

    public ulong[] UInt64s(int count)
    {
        var values = new ulong[count];
        Bytes(count * sizeof(ulong)).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public ushort[] UInt16s(int count)
    {
        var values = new ushort[count];
        Bytes(count * sizeof(ushort)).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public int[] Int32s(int count)
    {
        var values = new int[count];
        Bytes(count * sizeof(int)).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public float[] Singles(int count)
    {
        var values = new float[count];
        Bytes(count * sizeof(float)).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    public string Text() => Encoding.UTF8.GetString(Bytes(Int32("length of a text")));

    /// <exception cref="CorruptLogException">Something follows.</exception>
    public readonly void End()
    {
        if (!IsAtEnd)
            throw new CorruptLogException(_position, $"nothing should follow; {_content.Length - _position} bytes do");
    }
}
