using System.Buffers.Binary;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Walks the events of a <see cref="UserRecord"/> as it was when this was made.</summary>
public struct UserRecordEnumerator
{
    private readonly ulong[] _keys;
    private readonly int[] _items;
    private readonly byte[] _rest;
    private readonly int _count;
    private readonly long _throughSequence;
    private int _next;
    private int _position;
    private RecordEvent _current;

    internal UserRecordEnumerator(ulong[] keys, int[] items, byte[] rest, int count, long throughSequence)
    {
        (_keys, _items, _rest, _count, _throughSequence) = (keys, items, rest, count, throughSequence);
        _current = new(0, 0, 0, -1, 0, 0, 0);
    }

    /// <summary>The event.</summary>
    public readonly RecordEvent Current => _current;

    /// <summary>Itself, so that <c>foreach</c> takes it.</summary>
    public readonly UserRecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next event; false at the end.</summary>
    public bool MoveNext()
    {
        if (_next >= _count)
            return false;
        ReadOnlySpan<byte> rest = _rest;
        ulong head = Varint.Read(rest, ref _position);
        long sequence = _current.Sequence + (long)Varint.Read(rest, ref _position);
        if (sequence > _throughSequence)
        {
            _next = _count;
            return false;
        }
        long timeMs = _current.TimeMs + Varint.UnZigZag(Varint.Read(rest, ref _position));
        int session = (head & 2) != 0 ? (int)Varint.Read(rest, ref _position) - 1 : _current.Session;
        float value = 1;
        if ((head & 1) != 0)
        {
            value = BinaryPrimitives.ReadSingleLittleEndian(rest[_position..]);
            _position += sizeof(float);
        }
        _current = new(sequence, _items[_next], (int)(head >> 2), session, value, timeMs, _keys[_next]);
        _next++;
        return true;
    }
}
