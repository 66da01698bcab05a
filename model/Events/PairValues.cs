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
    /// <param name="item">Item or row.</param>
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
    /// <param name="weights">Weight of each type, by its index.</param>
    /// <param name="how">How several events become r.</param>
    /// <param name="rows">Row of each item; where it is −1 the item is left out. Empty: an item is its own row.</param>
    public void Take(UserRecordEnumerator events, ReadOnlySpan<float> weights, PairValue how, ReadOnlySpan<int> rows = default)
    {
        Clear();
        while (events.MoveNext())
        {
            var e = events.Current;
            int row = rows.IsEmpty ? e.Item : rows[e.Item];
            if (row >= 0)
                Add(row, weights[e.Type] * e.Value, e.TimeMs);
        }
        Reduce(how);
    }

    /// <summary>Makes the pairs of what was added.</summary>
    public void Reduce(PairValue how)
    {
        var parts = _parts.AsSpan(0, _partCount);
        if (how == PairValue.Last)
            parts.Sort(static (a, b) => a.Item != b.Item ? a.Item.CompareTo(b.Item) : a.TimeMs != b.TimeMs ? a.TimeMs.CompareTo(b.TimeMs) : a.Arrival.CompareTo(b.Arrival));
        else
            parts.Sort(static (a, b) => a.Item != b.Item ? a.Item.CompareTo(b.Item) : a.Value.CompareTo(b.Value));
        if (_items.Length < parts.Length)
            (_items, _values) = (new int[_parts.Length], new float[_parts.Length]);
        Count = 0;
        for (int start = 0; start < parts.Length;)
        {
            int end = start + 1;
            while (end < parts.Length && parts[end].Item == parts[start].Item)
                end++;
            _items[Count] = parts[start].Item;
            // Both orders put the largest, or the latest, at the end.
            _values[Count++] = how == PairValue.Sum ? Sum(parts[start..end]) : parts[end - 1].Value;
            start = end;
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

    private static float Sum(ReadOnlySpan<Part> parts)
    {
        double sum = 0;
        foreach (var part in parts)
            sum += part.Value;
        return (float)sum;
    }
}
