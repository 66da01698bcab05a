using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace OrleansRec.Cli.Import;

/// <summary>Rows of a Parquet file. A row group is in memory at a time, and of it only the columns that are read.</summary>
internal sealed class ParquetRecords : IRecords
{
    /// <summary>A row group has at most this many rows; writers make about a million.</summary>
    public const int RowGroupRowsMax = 1 << 23;

    private readonly FileStream _file;
    private readonly ParquetReader _reader;
    private readonly DataField[] _fields;
    private readonly string?[][] _values;
    private readonly bool[] _isRead;
    private readonly byte[][] _bytes;
    private readonly Action<long>? _onRead;
    private int _group = -1, _row, _rows;

    /// <summary>Reads the schema.</summary>
    /// <exception cref="BadInputException">It is no whole Parquet file.</exception>
    public ParquetRecords(string path, Action<long>? onRead = null)
    {
        _onRead = onRead;
        _file = InteractionFile.OpenPacked(path);
        try
        {
            _reader = Guarded(() => ParquetReader.CreateAsync(_file, new ParquetOptions { TreatByteArrayAsString = true }));
            _fields = [.. _reader.Schema.DataFields.Where(f => f.MaxRepetitionLevel == 0)];
            if (_fields.Length == 0)
                throw new BadInputException("file", path, "must have columns of plain values; all of its columns are lists");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        Columns = [.. _fields.Select(f => f.Path.ToString())];
        (_values, _bytes, _isRead) = (new string?[_fields.Length][], new byte[_fields.Length][], new bool[_fields.Length]);
        Array.Fill(_isRead, true);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns { get; }

    /// <inheritdoc/>
    public long Line { get; private set; }

    /// <inheritdoc/>
    public bool HasKinds => true;

    /// <inheritdoc/>
    public int FieldCount => _fields.Length;

    /// <inheritdoc/>
    public Rejection? Broken => null;

    /// <summary>Leaves out the columns that nobody reads.</summary>
    public void ReadOnly(IEnumerable<int> columns)
    {
        Array.Clear(_isRead);
        foreach (int column in columns)
            _isRead[column] = true;
    }

    /// <inheritdoc/>
    public bool Read()
    {
        while (++_row >= _rows)
            if (!LoadGroup())
                return false;
        Line++;
        return true;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        if (_values[column]?[_row] is not { } text)
            return default;
        int bytesMax = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_bytes[column] is null || _bytes[column].Length < bytesMax)
            _bytes[column] = new byte[2 * bytesMax];
        return _bytes[column].AsSpan(0, Encoding.UTF8.GetBytes(text, _bytes[column]));
    }

    /// <inheritdoc/>
    public string Text(int column) => _values[column]?[_row] ?? "";

    /// <inheritdoc/>
    public FieldKind Kind(int column) => _values[column]?[_row] is null ? FieldKind.Missing : FieldKind.Plain;

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    private bool LoadGroup()
    {
        _onRead?.Invoke(_file.Position);
        if (++_group >= _reader.RowGroupCount)
            return false;
        return Guarded(async () =>
        {
            using var group = _reader.OpenRowGroupReader(_group);
            if (group.RowCount is < 0 or > RowGroupRowsMax)
                throw new BadInputException("file", _file.Name, $"must have row groups of at most {RowGroupRowsMax} rows; one has {group.RowCount}");
            (_row, _rows) = (-1, (int)group.RowCount);
            for (int i = 0; i < _fields.Length; i++)
                if (_isRead[i])
                    _values[i] = await ParquetColumn.Read(group, _fields[i], _rows).ConfigureAwait(false);
            return true;
        });
    }

    // What a damaged file makes the library throw is not one kind of exception.
    private T Guarded<T>(Func<Task<T>> read)
    {
        try
        {
            return read().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not (BadInputException or OutOfMemoryException))
        {
            throw new BadInputException("file", _file.Name, $"must be a whole Parquet file that can be read ({e.Message})", e);
        }
    }
}

/// <summary>One column of a row group as texts; null where a value is missing.</summary>
internal static class ParquetColumn
{
    /// <summary>Reads a column of plain values.</summary>
    public static Task<string?[]> Read(ParquetRowGroupReader group, DataField field, int rows) => field.ClrType switch
    {
        var t when t == typeof(string) || t == typeof(ReadOnlyMemory<char>) => Strings(group, field, rows),
        var t when t == typeof(bool) => Values<bool>(group, field, rows, v => v ? "true" : "false"),
        var t when t == typeof(DateTime) => Values<DateTime>(group, field, rows, Time),
        var t when t == typeof(float) => Values<float>(group, field, rows, v => Number(v, v.ToString(CultureInfo.InvariantCulture))),
        var t when t == typeof(double) => Values<double>(group, field, rows, v => Number(v, v.ToString(CultureInfo.InvariantCulture))),
        var t when t == typeof(decimal) => Values<decimal>(group, field, rows, v => v == decimal.Truncate(v) ? decimal.Truncate(v).ToString(CultureInfo.InvariantCulture) : v.ToString(CultureInfo.InvariantCulture)),
        var t when t == typeof(int) => Whole<int>(group, field, rows),
        var t when t == typeof(long) => Whole<long>(group, field, rows),
        var t when t == typeof(short) => Whole<short>(group, field, rows),
        var t when t == typeof(sbyte) => Whole<sbyte>(group, field, rows),
        var t when t == typeof(byte) => Whole<byte>(group, field, rows),
        var t when t == typeof(ushort) => Whole<ushort>(group, field, rows),
        var t when t == typeof(uint) => Whole<uint>(group, field, rows),
        var t when t == typeof(ulong) => Whole<ulong>(group, field, rows),
        var t when t == typeof(Guid) => Values<Guid>(group, field, rows, v => v.ToString()),
        var t when t == typeof(DateOnly) => Values<DateOnly>(group, field, rows, v => v.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        _ => throw new InvalidDataException($"the column {field.Path} has the type {field.ClrType.Name}, which is not read"),
    };

    private static async Task<string?[]> Strings(ParquetRowGroupReader group, DataField field, int rows)
    {
        var texts = new string?[rows];
        await group.ReadAsync(field, texts.AsMemory()).ConfigureAwait(false);
        return texts;
    }

    private static Task<string?[]> Whole<T>(ParquetRowGroupReader group, DataField field, int rows) where T : struct, IFormattable =>
        Values<T>(group, field, rows, v => v.ToString(null, CultureInfo.InvariantCulture));

    private static async Task<string?[]> Values<T>(ParquetRowGroupReader group, DataField field, int rows, Func<T, string?> textOf) where T : struct
    {
        if (field.MaxDefinitionLevel > 0)
        {
            var some = new T?[rows];
            await group.ReadAsync(field, some.AsMemory()).ConfigureAwait(false);
            return Array.ConvertAll(some, v => v is { } value ? textOf(value) : null);
        }
        var all = new T[rows];
        await group.ReadAsync(field, all.AsMemory()).ConfigureAwait(false);
        return Array.ConvertAll(all, v => textOf(v));
    }

    // Data frames keep ids with gaps as 17.0, and the gaps as NaN.
    private static string? Number(double value, string shown) => double.IsNaN(value) ? null
        : Math.Abs(value) < 1e15 && value == Math.Truncate(value) ? ((long)value).ToString(CultureInfo.InvariantCulture) : shown;

    private static string Time(DateTime time) => time.ToString(time.Kind == DateTimeKind.Utc ? "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
}
