using System.Buffers.Text;
using System.Text;
using CsvHelper;

namespace OrleansRec.Silo.Import;

/// <summary>Takes the parts of an event out of the current record of a reader.</summary>
internal static class CsvFields
{
    /// <summary>A record is at most about this long; an unclosed quote must not swallow a file.</summary>
    public const int RecordBytesMax = 1 << 20;

    public const string TooFewColumns = "too few columns";
    public const string ValueNotNumber = "value must be a number";
    public const string TimeNotTime = "time must be a date and time, or seconds or milliseconds since 1970-01-01";
    public const string NotUtf8 = "an id must be valid UTF-8";

    public static CsvReaderOptions Options(char separator, CsvMode mode, bool hasHeader) => new()
    {
        Separator = separator, Mode = mode, HasHeader = hasHeader, TrackLineNumbers = true, PoolStrings = true, MaxRecordSize = RecordBytesMax,
    };

    public static void Take(CsvReader csv, in ColumnIndexes at, ref ImportLine line)
    {
        line.User = Text(csv, at.User, "userId", ref line);
        line.Item = Text(csv, at.Item, "itemId", ref line);
        if (at.Type >= 0)
            line.Type = Text(csv, at.Type, "type", ref line);
        if (at.Session >= 0 && csv.GetSpan(at.Session).Length > 0)
            line.Session = Text(csv, at.Session, "sessionId", ref line);
        if (at.Event >= 0 && csv.GetSpan(at.Event).Length > 0)
            line.EventId = Text(csv, at.Event, "eventId", ref line);
        if (at.Value >= 0)
            TakeValue(csv.GetSpan(at.Value), ref line);
        if (at.Time >= 0)
            TakeTime(csv.GetSpan(at.Time), ref line);
    }

    public static void TakeTime(ReadOnlySpan<byte> text, ref ImportLine line)
    {
        if (TimeText.TryParse(text, out long timeMs))
            line.TimeMs = timeMs;
        else
            line.Reject(TimeNotTime, "time", Encoding.UTF8.GetString(text));
    }

    public static void TakeValue(ReadOnlySpan<byte> text, ref ImportLine line)
    {
        text = text.Trim(" "u8);
        if (TryNumber(text, out double value))
            line.Value = value;
        else
            line.Reject(ValueNotNumber, "value", Encoding.UTF8.GetString(text));
    }

    /// <summary>Reads a whole field as a number; NaN and infinities are numbers here, and refused by the rules of events.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, out double value) =>
        (Utf8Parser.TryParse(text, out value, out int used) && used == text.Length)
        || double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out value);

    // The reader decodes bytes that are no UTF-8 to U+FFFD: two such ids would become one.
    private static string Text(CsvReader csv, int index, string field, ref ImportLine line)
    {
        string text = csv.GetString(index);
        if (text.Contains('\uFFFD'))
            line.Reject(NotUtf8, field, text);
        return text;
    }
}
