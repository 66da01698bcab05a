using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>One user's events in order of arrival, in about 12 bytes each, or 18 where each has an id of its own.</summary>
/// <remarks>
/// Columns grow together: keys, searched for duplicates by vector; item numbers, searched for "has this user that item"; and the rest as variable-length
/// numbers, each against the event before (<see cref="EventCoding"/>). A key that follows from the event's content (<see cref="ContentKey"/>) is not kept: its low
/// 16 bits are, as a mark. Where a mark fits a key that is looked for, the event's key is computed again, so answers are exact.
/// <para>An enumerator sees the record as it was when the enumerator was made: appending writes behind what it reads, and removing makes new arrays. So a
/// record can be read on another thread while its shard goes on, if the enumerator was made in the shard's turn.</para>
/// </remarks>
public sealed class UserRecord
{
    // Up to here the columns are searched by vector, in a microsecond or two; beyond, where one "user" is a robot or a till, sets are kept.
    private const int ScanEventsMax = 8192;
    private ulong[] _keys = [];
    private ushort[] _marks = [];
    private ItemColumn _items = new();
    private byte[] _rest = [];
    private int _keyCount, _restLength;
    private EventCoding.Position _end = EventCoding.Position.Begin;
    private Sets? _sets;
    private Dictionary<long, string>? _texts;

    /// <summary>An empty record.</summary>
    /// <param name="version">The version to go on from, for a user who was erased and comes back.</param>
    /// <param name="userId">The user; only content keys need it.</param>
    public UserRecord(long version = 0, string userId = "") => (Version, UserId) = (version, userId);

    /// <summary>The user.</summary>
    public string UserId { get; }

    /// <summary>What the shop has said of the user; null where it has said nothing.</summary>
    public LoggedSettings? Settings { get; private set; }

    /// <summary>Grows by one with every event appended, every event removed and every change of the settings.</summary>
    public long Version { get; private set; }

    /// <summary>Events held.</summary>
    public int Count { get; private set; }

    /// <summary>Sequence of the last event appended, even where it was removed since; 0 where there was none.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Bytes of the arrays, with what they hold in reserve.</summary>
    public long CapacityBytes => _keys.Length * 8L + _marks.Length * 2L + _items.CapacityBytes + _rest.Length;

    /// <summary>Whether a snapshot must hold more than events.</summary>
    internal bool IsExtended => Settings is not null || _texts is { Count: > 0 };

    /// <summary>Whether a snapshot that has begun still has to write this record.</summary>
    internal bool IsInSnapshot { get; set; }

    private int MarkCount => Count - _keyCount;

    /// <summary>Whether an event with this key is held.</summary>
    /// <param name="key">The key.</param>
    /// <param name="texts">What the record's numbers stand for; only content keys need it.</param>
    public bool Contains(ulong key, EventTexts? texts = null) => Count <= ScanEventsMax
        ? _keys.AsSpan(0, _keyCount).Contains(key) || FindByContent(key, texts) >= 0
        : ManyKeys(texts).Contains(key);

    /// <summary>Whether any event is with this item.</summary>
    public bool HasItem(int item) =>
        Count <= ScanEventsMax ? _items.Contains(item, Count) : ((_sets ??= new()).Items ??= [.. _items.ToArray(Count)]).Contains(item);

    /// <summary>Number of distinct items. Computes: O(n log n).</summary>
    public int CountItems()
    {
        int[] sorted = _items.ToArray(Count);
        sorted.AsSpan().Sort();
        int distinct = 0;
        for (int i = 0; i < sorted.Length; i++)
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        return distinct;
    }

    /// <summary>Adds an event. The caller has made sure, with <see cref="Contains"/>, that its key is new.</summary>
    /// <param name="e">The event.</param>
    /// <param name="text">What was searched for or written with it, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sequence does not grow, or an index is negative.</exception>
    public void Append(in RecordEvent e, string? text = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(e.Sequence, LastSequence, nameof(e));
        Put(in e);
        if (text is not null)
            (_texts ??= [])[e.Sequence] = text;
        _sets?.Keys?.Add(e.Key);
        _sets?.Items?.Add(e.Item);
        Version++;
    }

    /// <summary>The text that came with an event, or null.</summary>
    /// <param name="sequence">The event's.</param>
    public string? TextOf(long sequence) => _texts?.GetValueOrDefault(sequence);

    /// <summary>Replaces what the shop has said of the user.</summary>
    public void Configure(LoggedSettings? settings)
    {
        Settings = settings;
        Version++;
    }

    /// <summary>Takes the event with this key out; false where there is none. The arrays are made anew: O(n).</summary>
    /// <param name="key">The key.</param>
    /// <param name="removed">The event.</param>
    /// <param name="texts">What the record's numbers stand for; only content keys need it.</param>
    public bool Remove(ulong key, out RecordEvent removed, EventTexts? texts = null)
    {
        removed = default;
        int index = Array.IndexOf(_keys, key, 0, _keyCount);
        bool isContent = index < 0;
        if (isContent && (index = FindByContent(key, texts)) < 0)
            return false;
        var kept = new UserRecord(0, UserId);
        int contentIndex = 0, keyIndex = 0;
        foreach (var e in this)
        {
            if (e.HasContentKey == isContent && (isContent ? contentIndex : keyIndex) == index)
                removed = e with { Key = key };
            else
                kept.Put(in e);
            contentIndex += e.HasContentKey ? 1 : 0;
            keyIndex += e.HasContentKey ? 0 : 1;
        }
        (_keys, _marks, _items, _rest, _sets) = (kept._keys, kept._marks, kept._items, kept._rest, null);
        _texts?.Remove(removed.Sequence);
        // LastSequence stays where the last event went, but the next step is counted from the last event held.
        (Count, _keyCount, _restLength, _end) = (kept.Count, kept._keyCount, kept._restLength, kept._end);
        Version++;
        return true;
    }

    /// <summary>The events, in order of arrival; nothing is allocated.</summary>
    public UserRecordEnumerator GetEnumerator() => Through(long.MaxValue);

    /// <summary>The events up to and including a sequence number, in order of arrival; nothing is allocated.</summary>
    public UserRecordEnumerator Through(long sequence) => new(_keys, _marks, _items, _rest, Count, sequence);

    /// <summary>Number, among the events with content keys, of the one with this key; −1 where there is none.</summary>
    private int FindByContent(ulong key, EventTexts? texts)
    {
        if (!_marks.AsSpan(0, MarkCount).Contains((ushort)key))
            return -1;
        ArgumentNullException.ThrowIfNull(texts);
        int number = 0;
        foreach (var e in this)
        {
            if (!e.HasContentKey)
                continue;
            if (e.Key == (ushort)key && texts.KeyOf(UserId, e) == key)
                return number;
            number++;
        }
        return -1;
    }

    private HashSet<ulong> ManyKeys(EventTexts? texts)
    {
        if ((_sets ??= new()).Keys is { } made)
            return made;
        if (MarkCount > 0)
            ArgumentNullException.ThrowIfNull(texts);
        var keys = new HashSet<ulong>(Count);
        foreach (var e in this)
            keys.Add(texts is null ? e.Key : texts.KeyOf(UserId, e));
        return _sets.Keys = keys;
    }

    private void Put(in RecordEvent e)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(e.Item, nameof(e));
        ArgumentOutOfRangeException.ThrowIfNegative(e.Type, nameof(e));
        ArgumentOutOfRangeException.ThrowIfLessThan(e.Session, EventCoding.NoSession, nameof(e));
        Span<byte> rest = stackalloc byte[EventCoding.BytesMax];
        int length = EventCoding.Write(rest, in e, ref _end);
        if (_restLength + length > _rest.Length)
            Array.Resize(ref _rest, Math.Max(_restLength + length, Grown(_rest.Length, 12)));
        rest[..length].CopyTo(_rest.AsSpan(_restLength));
        if (e.HasContentKey)
        {
            if (MarkCount == _marks.Length)
                Array.Resize(ref _marks, Grown(_marks.Length, 2));
            _marks[MarkCount] = (ushort)e.Key;
        }
        else
        {
            if (_keyCount == _keys.Length)
                Array.Resize(ref _keys, Grown(_keys.Length, 2));
            _keys[_keyCount++] = e.Key;
        }
        _items.Put(Count, e.Item, Grown(_items.Capacity, 2));
        _restLength += length;
        Count++;
        LastSequence = e.Sequence;
    }

    /// <summary>Grows by an eighth, not to the double: ten million events are held, and half of them would be air.</summary>
    private static int Grown(int capacity, int least) => capacity + Math.Max(least, capacity / 8);

    /// <param name="blob">Takes the record.</param>
    /// <param name="isExtended">Whether the blob's format has more than events.</param>
    internal void WriteTo(BlobWriter blob, bool isExtended)
    {
        blob.Varint((ulong)Version);
        blob.Varint((ulong)LastSequence);
        blob.Varint((ulong)_end.Sequence);
        blob.Varint((ulong)_end.TimeMs);
        blob.Varint((ulong)(_end.Session + 1));
        blob.Varint(((ulong)Count << 1) | (_items.IsWide ? 1u : 0));
        blob.Varint((ulong)_keyCount);
        blob.Varint((ulong)_restLength);
        blob.UInt64s(_keys.AsSpan(0, _keyCount));
        blob.UInt16s(_marks.AsSpan(0, MarkCount));
        _items.WriteTo(blob, Count);
        blob.Bytes(_rest.AsSpan(0, _restLength));
        if (isExtended)
            WriteExtended(blob);
    }

    private void WriteExtended(BlobWriter blob)
    {
        blob.Byte(Settings is null ? (byte)0 : (byte)1);
        if (Settings is { } settings)
            SettingsCoding.Write(blob, settings);
        blob.Varint((ulong)(_texts?.Count ?? 0));
        foreach (var (sequence, text) in (_texts ?? []).OrderBy(t => t.Key))
        {
            blob.Varint((ulong)sequence);
            blob.Text(text);
        }
    }

    private void ReadExtended(ref BlobReader blob)
    {
        Settings = blob.Byte() != 0 ? SettingsCoding.Read(ref blob) : null;
        int count = blob.Count(2, "texts of a user's events");
        for (int i = 0; i < count; i++)
            (_texts ??= [])[(long)blob.Varint()] = blob.Text();
    }

    internal static UserRecord Read(ref BlobReader blob, string userId)
    {
        var record = new UserRecord((long)blob.Varint(), userId) { LastSequence = (long)blob.Varint() };
        record._end = new((long)blob.Varint(), (long)blob.Varint(), blob.Int32("session") - 1);
        int doubled = blob.Count(1, "events of a user"), keys = blob.Count(sizeof(ulong), "keys of a user"), rest = blob.Count(1, "bytes of a user's events");
        (record.Count, record._keyCount, record._restLength) = (doubled >> 1, keys, rest);
        if (keys > record.Count)
            throw new CorruptLogException(blob.Position, $"a user with {record.Count} events has at most as many keys; got {keys}");
        record._keys = blob.UInt64s(keys);
        record._marks = blob.UInt16s(record.MarkCount);
        record._items = ItemColumn.Read(ref blob, record.Count, (doubled & 1) != 0);
        record._rest = blob.Bytes(rest).ToArray();
        if (blob.Format >= UserShardSnapshot.ExtendedFormat)
            record.ReadExtended(ref blob);
        return record;
    }

    /// <summary>Takes events out of a snapshot of format 1, which had every key in full; those that follow from the content are dropped here.</summary>
    internal static UserRecord ReadFormat1(ref BlobReader blob, string userId, EventTexts texts)
    {
        var record = new UserRecord((long)blob.Varint(), userId);
        long lastSequence = (long)blob.Varint(), stepFrom = (long)blob.Varint();
        blob.Varint(); // the last time, which the events say too
        blob.Int32("session");
        int count = blob.Count(12, "events of a user"), rest = blob.Count(1, "bytes of a user's events");
        ulong[] keys = blob.UInt64s(count);
        int[] items = blob.Int32s(count);
        var position = new RecordEvent(0, 0, 0, EventCoding.NoSession, 0, 0, 0);
        ReadOnlySpan<byte> bytes = blob.Bytes(rest);
        for (int i = 0, at = 0; i < count; i++)
        {
            position = EventCoding.ReadFormat1(bytes, ref at, position) with { Item = items[i], Key = keys[i] };
            bool isContent = texts.KeyOf(userId, position with { HasContentKey = true }) == keys[i];
            record.Put(position with { HasContentKey = isContent });
        }
        record.LastSequence = lastSequence;
        return record._end.Sequence == stepFrom || count == 0 ? record
            : throw new CorruptLogException(blob.Position, $"the events of a user end at record {record._end.Sequence}; {stepFrom} was said");
    }

    private sealed class Sets
    {
        public HashSet<ulong>? Keys;
        public HashSet<int>? Items;
    }
}
