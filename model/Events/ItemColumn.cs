using OrleansRec.Model.Blobs;

namespace OrleansRec.Model;

/// <summary>The item numbers of a <see cref="UserRecord"/>: 2 bytes each while all are below 65,536, as in most shops, and 4 from then on.</summary>
internal struct ItemColumn()
{
    private ushort[] _narrow = [];
    private int[]? _wide;

    public ItemColumn(int capacity)
        : this() => _narrow = new ushort[capacity];

    public readonly int Capacity => _wide?.Length ?? _narrow.Length;

    public readonly long CapacityBytes => _wide is null ? _narrow.Length * 2L : _wide.Length * 4L;

    /// <summary>The numbers where they take 4 bytes each, else null.</summary>
    public readonly int[]? Wide => _wide;

    /// <summary>The numbers where they take 2 bytes each.</summary>
    public readonly ushort[] Narrow => _narrow;

    public readonly bool IsWide => _wide is not null;

    public readonly int this[int index] => _wide is null ? _narrow[index] : _wide[index];

    public readonly bool Contains(int item, int count) => _wide is not null
        ? _wide.AsSpan(0, count).Contains(item)
        : item <= ushort.MaxValue && _narrow.AsSpan(0, count).Contains((ushort)item);

    /// <summary>Puts a number behind <paramref name="count"/> others. Arrays that an enumerator may be reading are left as they are.</summary>
    public void Put(int count, int item, int capacity)
    {
        if (_wide is null && item > ushort.MaxValue)
            _wide = Widened(_narrow, count, capacity);
        if (_wide is not null)
        {
            if (count == _wide.Length)
                Array.Resize(ref _wide, capacity);
            _wide[count] = item;
            _narrow = [];
        }
        else
        {
            if (count == _narrow.Length)
                Array.Resize(ref _narrow, capacity);
            _narrow[count] = (ushort)item;
        }
    }

    /// <summary>Makes room for so many, or lets go of what is beyond.</summary>
    public void Resize(int length)
    {
        if (_wide is not null)
            Array.Resize(ref _wide, length);
        else
            Array.Resize(ref _narrow, length);
    }

    public readonly int[] ToArray(int count) => _wide is not null ? _wide[..count] : Widened(_narrow, count, count);

    public readonly void WriteTo(BlobWriter blob, int count)
    {
        if (_wide is not null)
            blob.Int32s(_wide.AsSpan(0, count));
        else
            blob.UInt16s(_narrow.AsSpan(0, count));
    }

    public static ItemColumn Read(ref BlobReader blob, int count, bool isWide) =>
        isWide ? new() { _wide = blob.Int32s(count) } : new() { _narrow = blob.UInt16s(count) };

    private static int[] Widened(ushort[] narrow, int count, int capacity)
    {
        var wide = new int[Math.Max(count, capacity)];
        for (int i = 0; i < count; i++)
            wide[i] = narrow[i];
        return wide;
    }
}
