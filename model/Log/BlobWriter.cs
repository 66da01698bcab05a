using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansRec.Model.Blobs;

/// <summary>What a blob holds; its first byte.</summary>
internal enum BlobKind : byte
{
    UserLog = (byte)'u',
    ItemLog = (byte)'i',
    UserShard = (byte)'U',
    ItemShard = (byte)'I',
    Companion = (byte)'C',
    Sequence = (byte)'S',
}

/// <summary>Writes one blob: kind, format version, content, then the length of the whole (8 bytes) and the CRC-32C of all before it (4 bytes), little-endian.</summary>
internal sealed class BlobWriter
{
    public const int HeaderBytes = 2, TrailerBytes = sizeof(ulong) + sizeof(uint);
    private const int FlushBytes = 64 * 1024;

    private readonly BlobKind _kind;
    private byte[] _bytes = new byte[256];
    private int _length;
    private long _flushed;
    private uint _crc;
    private byte _format;

    public BlobWriter(BlobKind kind)
    {
        _kind = kind;
        Clear();
    }

    /// <summary>The format of a blob that holds nothing that came later: what a silo of an older version can read is written so that it can.</summary>
    /// <remarks>User shards: 2 since content keys are kept as marks; 1 had every key in full and the sessions before the users.</remarks>
    public static byte PlainFormatOf(BlobKind kind) => kind == BlobKind.UserShard ? (byte)2 : (byte)1;

    /// <summary>The newest format of a kind; it and all older ones are read.</summary>
    /// <remarks>Items: 2 has details, and users who do not like an item. User log: 2 has texts, settings and merges; user shards: 3 has them.</remarks>
    public static byte LatestFormatOf(BlobKind kind) => kind switch
    {
        BlobKind.ItemLog or BlobKind.ItemShard => ItemCoding.DetailsFormat,
        BlobKind.UserLog => UserLogWriter.ExtendedFormat,
        BlobKind.UserShard => UserShardSnapshot.ExtendedFormat,
        _ => PlainFormatOf(kind),
    };

    /// <summary>Bytes of the blob so far, trailer excluded.</summary>
    public long Length => _flushed + _length;

    /// <summary>Bytes that have gathered since they were last handed on.</summary>
    public int Unflushed => _length;

    public void Clear()
    {
        (_length, _flushed, _crc) = (0, 0, Crc32C.Start);
        Byte((byte)_kind);
        Byte(_format = PlainFormatOf(_kind));
    }

    /// <summary>The blob holds what came with a format. Said before anything of the blob is handed on.</summary>
    public void Needs(byte format)
    {
        Debug.Assert(format <= LatestFormatOf(_kind), "a format is known before it is written");
        if (_flushed > 0 && format > _format)
            throw new UnreachableException($"A blob of format {_format} has been handed on in part; it needs {format}.");
        _format = Math.Max(_format, format);
        if (_flushed == 0)
            _bytes[1] = _format;
    }

    public void Byte(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    public void Varint(ulong value) => _length += Blobs.Varint.Write(Room(Blobs.Varint.BytesMax), value);

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
        _length += sizeof(ulong);
    }

    public void Double(double value) => UInt64(BitConverter.DoubleToUInt64Bits(value));

    public void Single(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(Room(sizeof(float)), value);
        _length += sizeof(float);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    /// <summary>As little-endian; every platform that .NET runs on is.</summary>
    public void UInt64s(ReadOnlySpan<ulong> values) => Bytes(MemoryMarshal.AsBytes(values));

    public void Singles(ReadOnlySpan<float> values) => Bytes(MemoryMarshal.AsBytes(values));

    public void UInt16s(ReadOnlySpan<ushort> values) => Bytes(MemoryMarshal.AsBytes(values));

    public void Int32s(ReadOnlySpan<int> values) => Bytes(MemoryMarshal.AsBytes(values));

    /// <summary>The length in bytes, then the UTF-8 bytes.</summary>
    public void Text(string value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)bytes);
        _length += Encoding.UTF8.GetBytes(value, Room(bytes));
    }

    /// <summary>Hands on what has gathered, once it is worth a call.</summary>
    public void FlushTo(IBufferWriter<byte> into, bool always = false)
    {
        if (_length < FlushBytes && !always)
            return;
        _crc = Crc32C.Add(_crc, _bytes.AsSpan(0, _length));
        into.Write(_bytes.AsSpan(0, _length));
        _flushed += _length;
        _length = 0;
    }

    /// <summary>Hands on the rest with the trailer.</summary>
    public void SealTo(IBufferWriter<byte> into)
    {
        Seal();
        into.Write(_bytes.AsSpan(0, _length));
        Clear();
    }

    /// <summary>The whole blob; the writer is empty after it.</summary>
    public byte[] SealToArray()
    {
        Seal();
        byte[] blob = _bytes.AsSpan(0, _length).ToArray();
        Clear();
        return blob;
    }

    private void Seal()
    {
        UInt64((ulong)(Length + TrailerBytes));
        uint crc = Crc32C.Finish(Crc32C.Add(_crc, _bytes.AsSpan(0, _length)));
        BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)), crc);
        _length += sizeof(uint);
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(_length + bytes, 2 * _bytes.Length));
        return _bytes.AsSpan(_length);
    }
}
