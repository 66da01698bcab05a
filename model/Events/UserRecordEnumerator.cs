namespace OrleansRec.Model;

/// <summary>Walks the events of a <see cref="UserRecord"/> as it was when this was made.</summary>
public struct UserRecordEnumerator
{
    private readonly ulong[] _keys;
    private readonly ushort[] _marks;
    private readonly ItemColumn _items;
    private readonly byte[] _rest;
    private readonly int _count;
    private readonly long _throughSequence;
    private int _next, _nextKey, _position;
    private RecordEvent _current;

    internal UserRecordEnumerator(ulong[] keys, ushort[] marks, ItemColumn items, byte[] rest, int count, long throughSequence)
    {
        (_keys, _marks, _items, _rest, _count, _throughSequence) = (keys, marks, items, rest, count, throughSequence);
        _current = new(0, 0, 0, EventCoding.NoSession, 0, 0, 0);
    }

    /// <summary>The event; where it has a content key, <see cref="RecordEvent.Key"/> is the mark.</summary>
    public readonly RecordEvent Current => _current;

    /// <summary>Itself, so that <c>foreach</c> takes it.</summary>
    public readonly UserRecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next event; false at the end.</summary>
    public bool MoveNext()
    {
        if (_next >= _count)
            return false;
        var e = EventCoding.Read(_rest, ref _position, in _current);
        if (e.Sequence > _throughSequence)
        {
            _next = _count;
            return false;
        }
        // Events have either a mark or a key, each column in the order of its own events.
        ulong key = e.HasContentKey ? _marks[_next - _nextKey] : _keys[_nextKey++];
        _current = e with { Item = _items[_next], Key = key };
        _next++;
        return true;
    }
}
