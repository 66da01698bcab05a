namespace OrleansRec.Model;

/// <summary>Turns the events of one user into pairs: distinct items in ascending order, each with its value r. Kept and used again for the next user.</summary>
/// <remarks>
/// r does not depend on the order of arrival where it need not: the parts of a sum are added in ascending order, in double, so that a file with
/// its lines shuffled trains to the same bits. Worked example, weights view 1, cart 3: events (item 9, view, 1), (item 4, cart, 1), (item 9, cart, 2)
/// give items [4, 9] and values [3, 7] by Sum, [3, 6] by Max, and [3, 6] by Last where the times ascend.
/// </remarks>
public sealed class PairValues
{
    private readonly record struct Part(int Item, float Value, long TimeMs, int Arrival);

    private Part[] _parts = [];
    private int _partCount;
    private ulong[] _keys = [];
    private int[] _items = [];
    private float[] _values = [];

    /// <summary>Number of pairs after <see cref="Reduce"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The items, ascending and distinct; valid until the next <see cref="Clear"/>.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, Count);

    /// <summary>The value r of each of <see cref="Items"/>.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count);

    /// <summary>Forgets the last user.</summary>
    public void Clear() => (_partCount, Count) = (0, 0);

    /// <summary>Adds one event.</summary>
    /// <param name="item">Item or row, 0 or more.</param>
    /// <param name="value">Weight of the type · value of the event.</param>
    /// <param name="timeMs">Its time, which decides for Last.</param>
    public void Add(int item, float value, long timeMs)
    {
        if (_partCount == _parts.Length)
            Array.Resize(ref _parts, Math.Max(16, 2 * _parts.Length));
        _parts[_partCount] = new(item, value, timeMs, _partCount);
        _partCount++;
    }

    /// <summary>Clears, takes the events of a record and reduces them.</summary>
    /// <param name="events">The events, such as <see cref="UserRecord.Through"/> a watermark.</param>
    /// <param name="types">What each type means, by its number.</param>
    /// <param name="how">How several events become r.</param>
    /// <param name="rows">Row of each item; where it is −1 the item is left out. Empty: an item is its own row.</param>
    public void Take(UserRecordEnumerator events, TypeMeanings types, PairValue how, ReadOnlySpan<int> rows = default)
    {
        Clear();
        while (events.MoveNext())
        {
            var e = events.Current;
            int row = rows.IsEmpty ? e.Item : rows[e.Item];
            // A type of weight 0 says nothing of a taste, whatever the objective: not even that it is 0.
            if (row >= 0 && types.Counts(e.Type))
                Add(row, types.AmountOf(e.Type, e.Value, e.TimeMs), e.TimeMs);
        }
        Reduce(how);
    }

    /// <summary>Makes the pairs of what was added.</summary>
    public void Reduce(PairValue how)
    {
        if (_items.Length < _partCount)
            (_items, _values) = (new int[_parts.Length], new float[_parts.Length]);
        Count = 0;
        if (how == PairValue.Last)
            ReduceToLast();
        else
            ReduceByValue(how);
    }

    private void ReduceToLast()
    {
        var parts = _parts.AsSpan(0, _partCount);
        parts.Sort(static (a, b) => a.Item != b.Item ? a.Item.CompareTo(b.Item) : a.TimeMs != b.TimeMs ? a.TimeMs.CompareTo(b.TimeMs) : a.Arrival.CompareTo(b.Arrival));
        for (int i = 0; i < parts.Length; i++)
        {
            if (i > 0 && parts[i].Item == parts[i - 1].Item)
                Count--;
            (_items[Count], _values[Count]) = (parts[i].Item, parts[i].Value);
            Count++;
        }
    }

    /// <summary>Sorts whole numbers that order as (item, value) does: no comparison is a call.</summary>
    private void ReduceByValue(PairValue how)
    {
        if (_keys.Length < _partCount)
            _keys = new ulong[_parts.Length];
        var keys = _keys.AsSpan(0, _partCount);
        for (int i = 0; i < keys.Length; i++)
            keys[i] = KeyOf(_parts[i].Item, _parts[i].Value);
        keys.Sort();
        for (int i = 0; i < keys.Length;)
        {
            int item = ItemOf(keys[i]);
            double sum = 0;
            float largest = 0;
            for (; i < keys.Length && ItemOf(keys[i]) == item; i++)
                sum += largest = ValueOf(keys[i]);
            (_items[Count], _values[Count]) = (item, how == PairValue.Sum ? (float)sum : largest);
            Count++;
        }
    }

    /// <summary>Drops the pairs with r = 0, which say nothing: to the implicit objective they are not observed. One with r &lt; 0 was chosen against, and stays.</summary>
    public void DropZeros()
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_values[i] == 0)
                continue;
            (_items[kept], _values[kept]) = (_items[i], _values[i]);
            kept++;
        }
        Count = kept;
    }

    /// <summary>Drops the pair with an item if its r is above 0 and others stay; false, and no change, where not.</summary>
    public bool TryDrop(int item)
    {
        int at = Items.BinarySearch(item);
        if (at < 0 || _values[at] <= 0 || Count < 2)
            return false;
        _items.AsSpan(at + 1, Count - at - 1).CopyTo(_items.AsSpan(at));
        _values.AsSpan(at + 1, Count - at - 1).CopyTo(_values.AsSpan(at));
        Count--;
        return true;
    }

    /// <summary>The item above the value; the bits of a float order as the float does once those of a negative one are turned over.</summary>
    private static ulong KeyOf(int item, float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ulong)(uint)item << 32 | (bits ^ ((uint)((int)bits >> 31) | SignBit));
    }

    private static int ItemOf(ulong key) => (int)(key >> 32);

    private static float ValueOf(ulong key)
    {
        uint bits = (uint)key;
        return BitConverter.UInt32BitsToSingle((bits & SignBit) != 0 ? bits ^ SignBit : ~bits);
    }

    private const uint SignBit = 1u << 31;
}
