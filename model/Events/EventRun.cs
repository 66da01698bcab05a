using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>Events of any users one after another, in about 10 bytes each: coded as in a <see cref="UserRecord"/>, without keys. Only ever appended to.</summary>
public sealed class EventRun
{
    private byte[] _bytes = [];
    private int _length;
    private EventCoding.Position _end = EventCoding.Position.Begin;

    /// <summary>Events held.</summary>
    public int Count { get; private set; }

    /// <summary>Sequence of the last one; 0 where there is none.</summary>
    public long LastSequence => _end.Sequence;

    /// <summary>Adds an event, whose sequence is not below the last; its key is not kept.</summary>
    public void Add(in RecordEvent e)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(e.Sequence, LastSequence, nameof(e));
        Span<byte> bytes = stackalloc byte[EventCoding.BytesMax + Varint.BytesMax];
        int length = EventCoding.Write(bytes, in e, ref _end);
        length += Varint.Write(bytes[length..], (uint)e.Item);
        if (_length + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length + length, Math.Max(64, _bytes.Length + _bytes.Length / 2)));
        bytes[..length].CopyTo(_bytes.AsSpan(_length));
        _length += length;
        Count++;
    }

    /// <summary>The events, in the order in which they were added.</summary>
    public Enumerator GetEnumerator() => new(_bytes, Count);

    /// <summary>Walks the events of a run as it was when this was made.</summary>
    public struct Enumerator
    {
        private readonly byte[] _bytes;
        private int _left, _position;
        private RecordEvent _current;

        internal Enumerator(byte[] bytes, int count)
        {
            (_bytes, _left) = (bytes, count);
            _current = new(0, 0, 0, EventCoding.NoSession, 0, 0, 0);
        }

        /// <summary>The event, without a key.</summary>
        public readonly RecordEvent Current => _current;

        /// <summary>Goes to the next event; false at the end.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
                return false;
            _left--;
            _current = EventCoding.Read(_bytes, ref _position, in _current);
            _current = _current with { Item = (int)Varint.Read(_bytes, ref _position) };
            return true;
        }
    }
}
