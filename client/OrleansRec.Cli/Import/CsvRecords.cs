using System.Globalization;
using CsvHelper;

namespace OrleansRec.Cli.Import;

/// <summary>How lines are split into fields.</summary>
/// <param name="Text">What separates two fields: one ASCII character, or several.</param>
/// <param name="HasQuotes">Whether quotes keep separators and line breaks in a field (RFC 4180); otherwise they are text.</param>
internal sealed record Separator(string Text, bool HasQuotes)
{
    public static readonly Separator Comma = new(",", true), Tab = new("\t", false);

    /// <summary>The option: a character, several, or one of the words tab, space, comma, semicolon, pipe.</summary>
    /// <exception cref="BadInputException">It is empty, too long, or what no line can be split at.</exception>
    public static Separator Parse(string text) => text switch
    {
        "tab" or "\\t" or "\t" => Tab,
        "comma" => Comma,
        "semicolon" => new(";", true),
        "pipe" => new("|", true),
        "space" => new(" ", true),
        { Length: > 0 and <= 16 } when text.All(c => c is > ' ' and < '\x7F' and not '"') => new(text, text.Length == 1),
        _ => throw new BadInputException("separator", text, "must be 1 to 16 ASCII characters, such as ; or ::, or one of tab, space, comma, semicolon, pipe"),
    };

    /// <summary>As it is shown.</summary>
    public string Shown => Text switch { "\t" => "tab", " " => "space", _ => Text };
}

/// <summary>Lines of separated fields.</summary>
internal sealed class CsvRecords : IRecords
{
    /// <summary>A record is at most about this long; an unclosed quote must not swallow a file.</summary>
    public const int RecordBytesMax = 1 << 20;

    public const string AfterQuote = "text must not follow a closing quote";
    public const string UnclosedQuote = "a quote is never closed";
    public const string TooManyFields = "more fields than the header has columns";

    private readonly CsvReader _csv;
    private readonly string _path;
    private readonly bool _hasHeader;
    private readonly Queue<(long Line, Rejection? Why)> _malformed = [];
    private readonly Func<bool> _read;
    private string[] _columns = [];

    /// <summary>Reads the header, where there is one.</summary>
    /// <exception cref="BadInputException">There should be one and is none.</exception>
    public CsvRecords(Stream utf8, string path, Separator separator, bool hasHeader)
    {
        (_path, _hasHeader) = (path, hasHeader);
        var options = new CsvReaderOptions
        {
            Mode = separator.HasQuotes ? CsvMode.Rfc4180 : CsvMode.NoEscape, HasHeader = hasHeader, TrackLineNumbers = true, PoolStrings = true,
            MaxRecordSize = RecordBytesMax, OnMalformedRecord = Remember,
        };
        _csv = separator.Text.Length == 1
            ? CsvReader.Create(utf8, options with { Separator = separator.Text[0] })
            : CsvReader.Create(new CsvSeparatorStream(utf8, separator.Text), options);
        _read = _csv.Read;
        if (hasHeader)
            ReadHeader();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns => _columns;

    /// <inheritdoc/>
    public long Line => _csv.LineNumber;

    /// <inheritdoc/>
    public int FieldCount => _csv.FieldCount;

    /// <inheritdoc/>
    public Rejection? Broken { get; private set; }

    /// <summary>Quotes inside fields that do not begin with one; they are kept as text.</summary>
    public long StrayQuotes { get; private set; }

    /// <inheritdoc/>
    public bool Read()
    {
        if (!Guarded(_read))
            return false;
        Broken = _malformed.Count == 0 ? null : TakeMalformed();
        if (Broken is null && _hasHeader && _csv.FieldCount > _columns.Length && HasMore())
            Broken = Rejection.Of(TooManyFields, "line", string.Create(CultureInfo.InvariantCulture, $"{_csv.FieldCount} of {_columns.Length}"));
        return true;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(int column) => _csv.GetSpan(column);

    /// <inheritdoc/>
    public string Text(int column) => _csv.GetString(column);

    /// <inheritdoc/>
    public FieldKind Kind(int column) => _csv.GetSpan(column).IsEmpty ? FieldKind.Missing : FieldKind.Plain;

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();

    private void ReadHeader()
    {
        Guarded(() =>
        {
            _csv.ReadHeader();
            return true;
        });
        _columns = _csv.Headers is { Count: > 0 } header ? [.. header.Select(h => h.Trim('\uFEFF', ' ', '\u00A0'))]
            : throw new BadInputException("file", _path, "must begin with a header that names its columns");
        _malformed.Clear();
    }

    private bool Guarded(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException e)
        {
            throw new BadInputException("file", _path, $"must hold records of at most {RecordBytesMax} bytes; line {e.LineNumber} does not end before (is a quote never closed?)", e);
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException("file", _path, $"must be text: it holds bytes that its separator cannot stand beside ({e.Message})", e);
        }
    }

    // Separators at the end of a line make empty fields, which say nothing.
    private bool HasMore()
    {
        for (int i = _columns.Length; i < _csv.FieldCount; i++)
            if (!_csv.GetSpan(i).IsEmpty)
                return true;
        return false;
    }

    // The reader may look ahead, so what it reports is kept until its record comes.
    private Rejection? TakeMalformed()
    {
        Rejection? why = null;
        while (_malformed.TryPeek(out var first) && first.Line <= _csv.LineNumber)
        {
            _malformed.Dequeue();
            if (first.Line == _csv.LineNumber)
                why ??= first.Why;
        }
        return why;
    }

    private void Remember(CsvMalformedRecord record)
    {
        if (record.Reason == CsvMalformedReason.StrayQuote)
        {
            StrayQuotes++;
            return;
        }
        string reason = record.Reason == CsvMalformedReason.UnterminatedQuote ? UnclosedQuote : AfterQuote;
        long last = record.LineNumber + record.RawRecord.AsSpan().Count('\n');
        _malformed.Enqueue((record.LineNumber, Rejection.Of(reason, "line", last == record.LineNumber ? $"line {last}" : $"lines {record.LineNumber} to {last}")));
    }
}
