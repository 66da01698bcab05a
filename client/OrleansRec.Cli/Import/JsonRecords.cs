using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansRec.Cli.Import;

/// <summary>One JSON object on each line. A property within a property is a column named with a point: geo.city.</summary>
/// <remarks>
/// Of an array of objects with <c>key</c> and <c>value</c>, as GA4 has for its parameters, each is a column named by its key. One array may be laid out: each of its entries makes a record of its own, with
/// the other properties of the line.
/// </remarks>
internal sealed class JsonRecords : IRecords
{
    /// <summary>A line is at most this long.</summary>
    public const int LineBytesMax = 1 << 20;

    /// <summary>Names of properties that no column has are remembered up to this number, to tell of them.</summary>
    public const int OtherNamesMax = 256;

    private const string NotAnObject = "a line must be one JSON object";
    private const int DepthMax = 32, PathCharsMax = 512;

    private readonly record struct Value(int Start, int Length, FieldKind Kind);

    private readonly LineReader _lines;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _byPath;
    private readonly HashSet<string> _others = new(StringComparer.OrdinalIgnoreCase);
    private readonly string[] _columns;
    private readonly string? _layOut;
    private readonly Value[] _values;
    private readonly char[] _path = new char[PathCharsMax];
    private readonly HashSet<string> _parents = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Range> _entries = [];
    private byte[] _buffer = new byte[1 << 12];
    private byte[] _line = [];
    private int _used, _usedByLine, _nextEntry;
    private bool _layingOut;

    /// <summary>Begins at the first line.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="columns">The properties to read.</param>
    /// <param name="layOut">The array whose entries are records, or null.</param>
    public JsonRecords(Stream utf8, IEnumerable<string> columns, string? layOut = null)
    {
        (_lines, _layOut) = (new(utf8, LineBytesMax), layOut);
        _columns = [.. columns.Distinct(StringComparer.OrdinalIgnoreCase)];
        _values = new Value[_columns.Length];
        _byPath = _columns.Select((name, at) => (name, at)).ToDictionary(c => c.name, c => c.at, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string name in layOut is null ? _columns : [.. _columns, layOut + ".x"])
            for (int point = name.IndexOf('.'); point > 0; point = name.IndexOf('.', point + 1))
                _parents.Add(name[..point]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>Properties that no column names, up to <see cref="OtherNamesMax"/>.</summary>
    public IReadOnlyCollection<string> OtherNames => _others;

    /// <inheritdoc/>
    public long Line => _lines.Number;

    /// <inheritdoc/>
    public bool HasKinds => true;

    /// <inheritdoc/>
    public int FieldCount => _columns.Length;

    /// <inheritdoc/>
    public Rejection? Broken { get; private set; }

    /// <inheritdoc/>
    public bool Read()
    {
        if (_nextEntry < _entries.Count)
            return TakeEntry();
        while (_lines.Read(out var text, out bool isTooLong))
        {
            if (text.Trim(" \t\r"u8).IsEmpty && !isTooLong)
                continue;
            Clear();
            if (isTooLong)
                Broken = Rejection.Of($"a line must be at most {LineBytesMax} bytes", "line", null);
            else
                TakeLine(text);
            return Broken is not null || _entries.Count == 0 || TakeEntry();
        }
        return false;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(int column) => _buffer.AsSpan(_values[column].Start, _values[column].Length);

    /// <inheritdoc/>
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <inheritdoc/>
    public FieldKind Kind(int column) => _values[column].Kind;

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private void Clear()
    {
        Array.Clear(_values);
        _entries.Clear();
        (_used, _nextEntry, Broken) = (0, 0, null);
    }

    private void TakeLine(ReadOnlySpan<byte> text)
    {
        if (_layOut is not null)
            _line = text.ToArray(); // the entries of its array are read when their turn comes
        try
        {
            var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DepthMax });
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new JsonException();
            TakeObject(ref json, 0);
            if (json.Read())
                throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            _entries.Clear();
            Broken = Rejection.Of(NotAnObject, "line", Encoding.UTF8.GetString(text));
        }
        _usedByLine = _used;
    }

    // The values of an entry go behind those of the line; the next entry takes their place.
    private bool TakeEntry()
    {
        for (int column = 0; column < _values.Length; column++)
            if (_values[column].Start >= _usedByLine && _values[column].Kind != FieldKind.Missing && IsOfEntry(_columns[column]))
                _values[column] = default;
        (_used, _layingOut, Broken) = (_usedByLine, true, null);
        byte[] line = _line;
        var entry = _entries[_nextEntry++];
        try
        {
            var json = new Utf8JsonReader(line.AsSpan(entry), new JsonReaderOptions { MaxDepth = DepthMax });
            json.Read();
            _layOut!.CopyTo(_path);
            TakeObject(ref json, _layOut.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            Broken = Rejection.Of(NotAnObject, "line", Encoding.UTF8.GetString(line.AsSpan(entry)));
        }
        _layingOut = false;
        return true;
    }

    private bool IsOfEntry(string column) => column.Length > _layOut!.Length && column[_layOut.Length] == '.' && column.StartsWith(_layOut, StringComparison.OrdinalIgnoreCase);

    private void TakeObject(ref Utf8JsonReader json, int pathLength)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            int length = Append(ref json, pathLength);
            json.Read();
            Take(ref json, length);
        }
    }

    private int Append(ref Utf8JsonReader json, int pathLength)
    {
        int start = pathLength == 0 ? 0 : pathLength + 1;
        if (start + json.ValueSpan.Length > PathCharsMax)
            throw new JsonException();
        if (pathLength > 0)
            _path[pathLength] = '.';
        return start + json.CopyString(_path.AsSpan(start));
    }

    private void Take(ref Utf8JsonReader json, int pathLength)
    {
        var path = _path.AsSpan(0, pathLength);
        if (json.TokenType == JsonTokenType.Null)
            return;
        if (_byPath.TryGetValue(path, out int column))
            TakeValue(ref json, column);
        else if (json.TokenType == JsonTokenType.StartArray && _layOut is not null && !_layingOut && path.Equals(_layOut, StringComparison.OrdinalIgnoreCase))
            TakeEntries(ref json);
        else if (_parents.Count > 0 && json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && IsParent(path))
            Descend(ref json, pathLength);
        else
            PassOver(ref json, path);
    }

    private bool IsParent(ReadOnlySpan<char> path) => _parents.GetAlternateLookup<ReadOnlySpan<char>>().Contains(path);

    private void Descend(ref Utf8JsonReader json, int pathLength)
    {
        if (json.TokenType == JsonTokenType.StartObject)
        {
            TakeObject(ref json, pathLength);
            return;
        }
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
                TakeKeyValue(ref json, pathLength);
            else
                json.Skip();
        }
    }

    // {"key": "ga_session_id", "value": {"int_value": "1612"}}: the first value that is no object.
    private void TakeKeyValue(ref Utf8JsonReader json, int pathLength)
    {
        int column = -1;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isKey = json.ValueTextEquals("key"u8);
            json.Read();
            if (isKey && json.TokenType == JsonTokenType.String)
            {
                int length = Append(ref json, pathLength);
                column = _byPath.TryGetValue(_path.AsSpan(0, length), out int known) ? known : -1;
            }
            else if (column < 0 || json.TokenType is JsonTokenType.StartArray)
                json.Skip();
            else if (json.TokenType == JsonTokenType.StartObject)
                TakeFirst(ref json, column);
            else if (json.TokenType != JsonTokenType.Null)
                TakeValue(ref json, column);
        }
    }

    private void TakeFirst(ref Utf8JsonReader json, int column)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            json.Read();
            if (json.TokenType is JsonTokenType.String or JsonTokenType.Number && _values[column].Kind == FieldKind.Missing)
                TakeValue(ref json, column);
            else
                json.Skip();
        }
    }

    private void TakeEntries(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            int start = (int)json.TokenStartIndex;
            bool isObject = json.TokenType == JsonTokenType.StartObject;
            json.Skip();
            if (isObject)
                _entries.Add(start..(int)json.BytesConsumed);
        }
    }

    private void TakeValue(ref Utf8JsonReader json, int column)
    {
        if (_values[column].Kind != FieldKind.Missing)
            Broken ??= Rejection.Of("a line must not name a property twice", _columns[column], null);
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            TakeNested(ref json, column);
            return;
        }
        int length = json.ValueSpan.Length;
        Reserve(length + 32);
        var free = _buffer.AsSpan(_used);
        int written = json.TokenType switch
        {
            JsonTokenType.String => json.CopyString(free),
            JsonTokenType.Number => CopyNumber(ref json, free),
            _ => CopyRaw(json.ValueSpan, free),
        };
        _values[column] = new(_used, written, json.TokenType is JsonTokenType.True or JsonTokenType.False ? FieldKind.Truth : FieldKind.Plain);
        _used += written;
    }

    private void TakeNested(ref Utf8JsonReader json, int column)
    {
        // A reader's copy of the text from here: nested values are few, and only catalogues read them.
        using var nested = JsonDocument.ParseValue(ref json);
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(nested.RootElement);
        Reserve(text.Length);
        text.CopyTo(_buffer.AsSpan(_used));
        _values[column] = new(_used, text.Length, FieldKind.Nested);
        _used += text.Length;
    }

    private void Reserve(int length)
    {
        if (_used + length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _used + length));
    }

    // 1, 1.0 and 1e0 are one number, so as ids they are one text.
    private static int CopyNumber(ref Utf8JsonReader json, Span<byte> free)
    {
        if (json.ValueSpan.IndexOfAny(".eE"u8) >= 0 && json.TryGetDecimal(out decimal number) && decimal.Truncate(number) == number && Math.Abs(number) <= long.MaxValue)
        {
            ((long)number).TryFormat(free, out int written, default, CultureInfo.InvariantCulture);
            return written;
        }
        return CopyRaw(json.ValueSpan, free);
    }

    private static int CopyRaw(ReadOnlySpan<byte> text, Span<byte> free)
    {
        text.CopyTo(free);
        return text.Length;
    }

    private void PassOver(ref Utf8JsonReader json, ReadOnlySpan<char> path)
    {
        if (_others.Count < OtherNamesMax && !_others.GetAlternateLookup<ReadOnlySpan<char>>().Contains(path))
            _others.Add(path.ToString());
        json.Skip();
    }
}
