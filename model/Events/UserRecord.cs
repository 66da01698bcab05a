using System.Buffers.Binary;
using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>One user's events in order of arrival, in about 23 bytes each.</summary>
/// <remarks>
/// Three arrays grow together: the keys (8 bytes an event), searched for duplicates by vector; the items (4 bytes), searched for "has this
/// user that item"; and the rest as variable-length numbers, each against the event before. An enumerator sees the record as it was when the
/// enumerator was made: appending writes behind what it reads, and removing makes new arrays. So a record can be read on
/// another thread while its shard goes on, if the enumerator was made in the shard's turn.
/// <para>Worked example. Events (sequence 7, item 3, type 0, no session, value 1, time 1000, key K) and (sequence 9, item 5, type 4, session 5,
/// value 2, time 1500, key L) are held as keys [K, L], items [3, 5] and rest
/// <c>[00, 07, D0 0F] [13, 02, E8 07, 06, 00 00 00 40]</c>: head = type·4 + 2·(other session than before) + (value is not 1); the step
/// of the sequence; the zigzag step of the time (1000 is 2000 = D0 0F); where the head says so, session + 1; where it says so, the value.</para>
/// </remarks>
public sealed class UserRecord
{
    private const int NoSession = -1;

    // Up to here the arrays are searched by vector, in a microsecond or two; beyond, where one "user" is a robot or a till, sets are kept.
    private const int ScanEventsMax = 8192;
    private ulong[] _keys = [];
    private int[] _items = [];
    private byte[] _rest = [];
    private int _restLength;
    private long _stepFrom;
    private long _lastTimeMs;
    private int _lastSession = NoSession;
    private HashSet<ulong>? _manyKeys;
    private HashSet<int>? _manyItems;

    /// <summary>An empty record.</summary>
    /// <param name="version">The version to go on from, for a user who was erased and comes back.</param>
    public UserRecord(long version = 0) => Version = version;

    /// <summary>Grows by one with every event appended and every event removed.</summary>
    public long Version { get; private set; }

    /// <summary>Events held.</summary>
    public int Count { get; private set; }

    /// <summary>Sequence of the last event appended, even where it was removed since; 0 where there was none.</summary>
    public long LastSequence { get; private set; }

    /// <summary>The items of the events, in order of arrival; an item is there once for each of its events.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>The keys of the events, in order of arrival.</summary>
    public ReadOnlySpan<ulong> Keys => _keys.AsSpan(0, Count);

    /// <summary>Bytes of the arrays, with what they hold in reserve.</summary>
    public long CapacityBytes => _keys.Length * 8L + _items.Length * 4L + _rest.Length;

    /// <summary>Whether an event with this key is held.</summary>
    public bool Contains(ulong key) => Count <= ScanEventsMax ? Keys.Contains(key) : (_manyKeys ??= [.. Keys]).Contains(key);

    /// <summary>Whether any event is with this item.</summary>
    public bool HasItem(int item) => Count <= ScanEventsMax ? Items.Contains(item) : (_manyItems ??= [.. Items]).Contains(item);

    /// <summary>Number of distinct items. Computes: O(n log n).</summary>
    public int CountItems()
    {
        int[] sorted = Items.ToArray();
        sorted.AsSpan().Sort();
        int distinct = 0;
        for (int i = 0; i < sorted.Length; i++)
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        return distinct;
    }

    /// <summary>Adds an event. The caller has made sure, with <see cref="Contains"/>, that its key is new.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The sequence does not grow, or an index is negative.</exception>
    public void Append(in RecordEvent e)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(e.Sequence, LastSequence, nameof(e));
        Put(in e);
        Version++;
    }

    /// <summary>Takes the event with this key out; false where there is none. The arrays are made anew: O(n).</summary>
    public bool Remove(ulong key, out RecordEvent removed)
    {
        removed = default;
        if (!Contains(key))
            return false;
        var kept = new UserRecord();
        kept.Reserve(Count - 1, _restLength);
        foreach (var e in this)
        {
            if (e.Key == key)
                removed = e;
            else
                kept.Put(in e);
        }
        (_keys, _items, _rest) = (kept._keys, kept._items, kept._rest);
        (_manyKeys, _manyItems) = (null, null);
        (Count, _restLength, _lastTimeMs, _lastSession) = (kept.Count, kept._restLength, kept._lastTimeMs, kept._lastSession);
        // LastSequence stays where the last event went, but the next step is counted from the last event held.
        _stepFrom = kept._stepFrom;
        Version++;
        return true;
    }

    /// <summary>The events, in order of arrival; nothing is allocated.</summary>
    public UserRecordEnumerator GetEnumerator() => new(_keys, _items, _rest, Count, long.MaxValue);

    /// <summary>The events up to and including a sequence number, in order of arrival; nothing is allocated.</summary>
    public UserRecordEnumerator Through(long sequence) => new(_keys, _items, _rest, Count, sequence);

    private void Put(in RecordEvent e)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(e.Item, nameof(e));
        ArgumentOutOfRangeException.ThrowIfNegative(e.Type, nameof(e));
        ArgumentOutOfRangeException.ThrowIfLessThan(e.Session, NoSession, nameof(e));
        Span<byte> rest = stackalloc byte[5 * Varint.BytesMax];
        bool hasValue = e.Value != 1, hasSession = e.Session != _lastSession;
        int length = Varint.Write(rest, ((ulong)e.Type << 2) | (hasSession ? 2u : 0) | (hasValue ? 1u : 0));
        length += Varint.Write(rest[length..], (ulong)(e.Sequence - _stepFrom));
        length += Varint.Write(rest[length..], Varint.ZigZag(e.TimeMs - _lastTimeMs));
        if (hasSession)
            length += Varint.Write(rest[length..], (ulong)(e.Session + 1));
        if (hasValue)
        {
            BinaryPrimitives.WriteSingleLittleEndian(rest[length..], e.Value);
            length += sizeof(float);
        }
        Reserve(Count + 1, _restLength + length);
        _keys[Count] = e.Key;
        _items[Count] = e.Item;
        _manyKeys?.Add(e.Key);
        _manyItems?.Add(e.Item);
        rest[..length].CopyTo(_rest.AsSpan(_restLength));
        _restLength += length;
        Count++;
        (_stepFrom, _lastTimeMs, _lastSession) = (e.Sequence, e.TimeMs, e.Session);
        LastSequence = e.Sequence;
    }

    /// <summary>Grows by a quarter, not to the double: ten million events are held, and half of them would be air.</summary>
    private void Reserve(int count, int restLength)
    {
        if (count > _keys.Length)
        {
            int capacity = Math.Max(count, _keys.Length + Math.Max(2, _keys.Length / 4));
            Array.Resize(ref _keys, capacity);
            Array.Resize(ref _items, capacity);
        }
        if (restLength > _rest.Length)
            Array.Resize(ref _rest, Math.Max(restLength, _rest.Length + Math.Max(16, _rest.Length / 4)));
    }

    internal void WriteTo(BlobWriter blob)
    {
        blob.Varint((ulong)Version);
        blob.Varint((ulong)LastSequence);
        blob.Varint((ulong)_stepFrom);
        blob.Varint((ulong)_lastTimeMs);
        blob.Varint((ulong)(_lastSession + 1));
        blob.Varint((ulong)Count);
        blob.Varint((ulong)_restLength);
        blob.UInt64s(Keys);
        blob.Int32s(Items);
        blob.Bytes(_rest.AsSpan(0, _restLength));
    }

    internal static UserRecord Read(ref BlobReader blob)
    {
        var record = new UserRecord((long)blob.Varint()) { LastSequence = (long)blob.Varint() };
        record._stepFrom = (long)blob.Varint();
        record._lastTimeMs = (long)blob.Varint();
        record._lastSession = blob.Int32("session") - 1;
        int count = blob.Count(12, "events of a user");
        int restLength = blob.Count(1, "bytes of a user's events");
        record._keys = blob.UInt64s(count);
        record._items = blob.Int32s(count);
        record._rest = blob.Bytes(restLength).ToArray();
        record.Count = count;
        record._restLength = restLength;
        return record;
    }
}
