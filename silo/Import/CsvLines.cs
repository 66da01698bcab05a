using CsvHelper;

namespace OrleansRec.Silo.Import;

/// <summary>CSV (RFC 4180) and TSV (no quoting) with named columns.</summary>
public sealed class CsvLines : ILineSource
{
    private const string UnclosedQuote = "a quote is never closed";

    private readonly CsvReader _csv;
    private readonly string _path;
    private readonly string? _constantType;
    private readonly ColumnIndexes _at;
    private long _unclosedLine;

    /// <summary>Reads the header.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="path">Its file, for messages.</param>
    /// <param name="separator">Comma or tab.</param>
    /// <param name="columns">Which column is what.</param>
    /// <param name="constantType">The type of lines of a file without a column for it.</param>
    public CsvLines(Stream stream, string path, char separator, ImportColumns columns, string? constantType)
    {
        (_path, _constantType) = (path, constantType);
        var mode = separator == ',' ? CsvMode.Rfc4180 : CsvMode.NoEscape;
        _csv = CsvReader.Create(stream, CsvFields.Options(separator, mode, !columns.ByNumber) with { OnMalformedRecord = Remember });
        _at = columns.Among(ReadHeader(columns));
    }

    /// <inheritdoc/>
    public bool Read(ref ImportLine line)
    {
        try
        {
            if (!_csv.Read())
                return false;
        }
        catch (CsvFormatException e)
        {
            throw new BadInputException("file", _path, $"must hold records of at most {CsvFields.RecordBytesMax} bytes; line {e.LineNumber} does not end before (is a quote never closed?)", e);
        }
        line = new() { Number = _csv.LineNumber, Type = _constantType };
        if (_unclosedLine == line.Number)
            line.Reject(UnclosedQuote, "line", _csv.GetString(0));
        else if (_csv.FieldCount < _at.FieldCountMin)
            line.Reject(CsvFields.TooFewColumns, "line", $"{_csv.FieldCount} of {_at.FieldCountMin}");
        else
            CsvFields.Take(_csv, _at, ref line);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();

    private IReadOnlyList<string> ReadHeader(ImportColumns columns)
    {
        if (columns.ByNumber)
            return [];
        _csv.ReadHeader();
        return _csv.Headers is { Count: > 0 } header ? [.. header] : throw new BadInputException("file", _path, "must begin with a header that names its columns");
    }

    private void Remember(CsvMalformedRecord record)
    {
        if (record.Reason == CsvMalformedReason.UnterminatedQuote)
            _unclosedLine = record.LineNumber;
    }
}
