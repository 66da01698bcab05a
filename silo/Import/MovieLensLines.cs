using System.Text;
using CsvHelper;

namespace OrleansRec.Silo.Import;

/// <summary>Ratings of the MovieLens data sets: u.data (tabs), ratings.dat (two colons), ratings.csv (commas and a header).</summary>
public sealed class MovieLensLines : ILineSource
{
    private readonly CsvReader _csv;
    private readonly ColumnIndexes _at;

    /// <summary>Tells the layout from the first line.</summary>
    public MovieLensLines(Stream stream, string path)
    {
        var buffered = new BufferedStream(stream, 1 << 16);
        string first = FirstLine(path);
        // The reader separates at one character: of two colons every second field is what lies between them, empty.
        char separator = first.Contains("::") ? ':' : first.Contains('\t') ? '\t' : ',';
        int step = separator == ':' ? 2 : 1;
        _at = new(0, step, 2 * step, 3 * step, -1, -1, -1);
        _csv = CsvReader.Create(buffered, CsvFields.Options(separator, CsvMode.NoEscape, hasHeader: separator == ','));
    }

    /// <inheritdoc/>
    public bool Read(ref ImportLine line)
    {
        if (!_csv.Read())
            return false;
        line = new() { Number = _csv.LineNumber, Type = Model.EventTypeRules.Rating };
        if (_csv.FieldCount < _at.FieldCountMin)
            line.Reject(CsvFields.TooFewColumns, "line", Encoding.UTF8.GetString(_csv.GetSpan(0)));
        else
            CsvFields.Take(_csv, _at, ref line);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();

    private static string FirstLine(string path)
    {
        using var reader = new StreamReader(InteractionFile.Open(path));
        return reader.ReadLine() ?? "";
    }
}
