using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansRec.Embedded;

/// <summary>Bytes that grow.</summary>
internal sealed class WireWriter
{
    private byte[] _content = new byte[256];
    private int _length;

    public byte[] ToArray() => _content.AsSpan(0, _length).ToArray();

    public void WriteByte(byte value) => Take(1)[0] = value;

    /// <summary>Seven bits a byte, least significant first.</summary>
    public void WriteCount(int value)
    {
        var rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7)
            WriteByte((byte)(rest | 0x80));
        WriteByte((byte)rest);
    }

    public void WriteRaw<T>(T value)
        where T : unmanaged => MemoryMarshal.Write(Take(Unsafe.SizeOf<T>()), in value);

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void WriteText(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        WriteCount(bytes);
        Encoding.UTF8.GetBytes(text, Take(bytes));
    }

    private Span<byte> Take(int length)
    {
        if (_content.Length - _length < length)
            Array.Resize(ref _content, Math.Max(_content.Length * 2, checked(_length + length)));
        _length += length;
        return _content.AsSpan(_length - length, length);
    }
}

/// <summary>Reads what <see cref="WireWriter"/> has written.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> content)
{
    private ReadOnlySpan<byte> _rest = content;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte ReadByte() => ReadBytes(1)[0];

    public int ReadCount()
    {
        uint value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = ReadByte();
            value |= (uint)(b & 0x7F) << shift;
            if (b < 0x80)
                return (int)value;
        }
    }

    public T ReadRaw<T>()
        where T : unmanaged => MemoryMarshal.Read<T>(ReadBytes(Unsafe.SizeOf<T>()));

    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        var bytes = _rest[..length];
        _rest = _rest[length..];
        return bytes;
    }

    public string ReadText() => Encoding.UTF8.GetString(ReadBytes(ReadCount()));
}
