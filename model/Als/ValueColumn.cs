using System.Runtime.InteropServices;

namespace OrleansRec.Model;

/// <summary>The values of pairs, as small as they allow: nothing where all are equal, a byte each up to 256 different ones, else four.</summary>
/// <remarks>
/// A shop's values are sums of a few weights, or ratings, so a byte is the rule. Values are told apart by their bits and come back bit for bit. Worked example: 1, 3, 1
/// are codes 0, 1, 0 into the table [1, 3]. One writer; any number of readers once nobody writes.
/// </remarks>
public sealed class ValueColumn
{
    private const int CodesMax = 256;

    private readonly Dictionary<uint, byte> _codeOf = [];
    private readonly List<float> _table = [];
    private byte[]? _codes;
    private float[]? _values;
    private int _length;

    /// <summary>A column to be filled; what is not set reads as the value that was set first.</summary>
    /// <param name="length">How many.</param>
    public ValueColumn(int length) => _length = length;

    private ValueColumn(float[] values) => (_values, _length) = (values, values.Length);

    /// <summary>Takes an array as it is.</summary>
    public static ValueColumn Of(float[] values) => new(values);

    /// <summary>How many values there are.</summary>
    public int Length => _length;

    /// <summary>Bytes of the arrays.</summary>
    public long CapacityBytes => (_codes?.Length ?? 0) + 4L * ((_values?.Length ?? 0) + _table.Count);

    /// <summary>One value.</summary>
    public float this[int index]
    {
        get => _values is not null ? _values[index] : _table[_codes is null ? 0 : _codes[index]];
        set
        {
            if (_values is null && CodeOf(value) is var code and >= 0)
                SetCode(index, code);
            else
                (_values ??= Widen())[index] = value;
        }
    }

    /// <summary>Consecutive values, in place where they lie as floats, else in a buffer, which grows where it must.</summary>
    public ReadOnlySpan<float> Slice(int start, int count, scoped ref float[] buffer)
    {
        if (_values is not null)
            return _values.AsSpan(start, count);
        if (buffer.Length < count)
            buffer = new float[Math.Max(count, 2 * buffer.Length)];
        var into = buffer.AsSpan(0, count);
        var table = CollectionsMarshal.AsSpan(_table);
        if (_codes is null)
            into.Fill(table[0]);
        else
            for (int i = 0; i < count; i++)
                into[i] = table[_codes[start + i]];
        return into;
    }

    /// <summary>Orders a stretch of columns, and its values with them.</summary>
    public void Sort<T>(Span<T> columns, int start)
    {
        if (_values is not null)
            columns.Sort(_values.AsSpan(start, columns.Length));
        else if (_codes is not null)
            columns.Sort(_codes.AsSpan(start, columns.Length));
        else
            columns.Sort();
    }

    /// <summary>Makes the column longer or shorter; what is new is not said.</summary>
    public void Resize(int length)
    {
        if (_values is not null)
            Array.Resize(ref _values, length);
        if (_codes is not null)
            Array.Resize(ref _codes, length);
        _length = length;
    }

    private void SetCode(int index, int code)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_length, nameof(index));
        if (_codes is null && code != 0)
            _codes = new byte[_length];
        if (_codes is not null)
            _codes[index] = (byte)code;
    }

    /// <summary>The code of a value, a new one where it has none; −1 where the table is full.</summary>
    private int CodeOf(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (_codeOf.TryGetValue(bits, out byte code))
            return code;
        if (_table.Count == CodesMax)
            return -1;
        _codeOf.Add(bits, (byte)_table.Count);
        _table.Add(value);
        return _table.Count - 1;
    }

    private float[] Widen()
    {
        var values = new float[_length];
        for (int i = 0; i < _length; i++)
            values[i] = _codes is null ? _table[0] : _table[_codes[i]];
        _codes = null;
        return values;
    }
}
