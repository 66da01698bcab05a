using System.Text;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>Makes events of the records of any file.</summary>
internal sealed class EventLines : ILineSource
{
    public const string TooFewColumns = "too few columns";
    public const string ValueNotNumber = "value must be a number";
    public const string NotUnicode = "an id must be valid UTF-8";

    private readonly IRecords _records;
    private readonly EventFields _fields;
    private readonly EventReading _how;
    private readonly ImportWarnings _warnings;
    private readonly TimeReader _times;
    private readonly int _fieldCountMin;
    private readonly bool _hasKinds;
    private readonly byte[][] _missing;

    /// <summary>Reads records of which <paramref name="fields"/> are the parts of events.</summary>
    public EventLines(IRecords records, EventFields fields, EventReading how, TimeReader times, ImportWarnings warnings)
    {
        (_records, _fields, _how, _times, _warnings) = (records, fields, how, times, warnings);
        _hasKinds = records.HasKinds;
        _fieldCountMin = _hasKinds ? 0 : fields.FieldCountMin;
        _missing = [.. how.Missing.Select(Encoding.UTF8.GetBytes)];
    }

    /// <inheritdoc/>
    public bool Read(ref ImportLine line)
    {
        if (!_records.Read())
            return false;
        line = new() { Number = _records.Line, Type = _how.Type };
        if (_records.Broken is { } broken)
            line.Rejected = broken;
        else if (_records.FieldCount < _fieldCountMin)
            line.Reject(TooFewColumns, "line", $"{_records.FieldCount} of {_fieldCountMin}");
        else
            Take(ref line);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private void Take(ref ImportLine line)
    {
        line.User = Id(_fields.User, "user", _how.StripsUser, ref line);
        line.Item = Id(_fields.Item, "item", _how.StripsItem, ref line);
        if (_fields.Type.Length > 0 && (!_hasKinds || Find(_fields.Type) >= 0))
            line.Type = TypeOf(Id(_fields.Type, "type", false, ref line));
        if (_fields.Session.Length > 0 && Id(_fields.Session, "session", false, ref line) is { Length: > 0 } session)
            line.Session = session;
        if (_fields.Event.Length > 0 && Id(_fields.Event, "event", false, ref line) is { Length: > 0 } id)
            line.EventId = id;
        if (_fields.Value.Length > 0)
            TakeValue(ref line);
        if (_fields.Time.Length > 0)
            TakeTime(ref line);
        if (line.Session is not null && IdTexts.NullLikeRule(line.Session) is not null)
        {
            line.Session = null;
            _warnings.Count("session ids that stand for a missing one, such as null, left out", line.Number);
        }
    }

    private string TypeOf(string theirs) => _how.Types.IsEmpty ? theirs : _how.Types.Of(theirs);

    // The first column that is not empty; the first of all where each is. JSON leaves out what it does not have: −1.
    private int Find(int[] columns)
    {
        if (columns.Length == 1 && _missing.Length == 0 && !_hasKinds)
            return columns[0];
        foreach (int column in columns)
            if (!IsEmpty(column))
                return column;
        return _hasKinds || columns.Length == 0 || IsMissing(_records.Bytes(columns[0])) ? -1 : columns[0];
    }

    private bool IsEmpty(int column)
    {
        var field = _records.Bytes(column);
        return field.IsEmpty || (_hasKinds && _records.Kind(column) == FieldKind.Missing) || IsMissing(field);
    }

    private bool IsMissing(ReadOnlySpan<byte> field)
    {
        foreach (byte[] missing in _missing)
            if (field.Trim(" "u8).SequenceEqual(missing))
                return true;
        return false;
    }

    private string Id(int[] columns, string part, bool stripsPointZero, ref ImportLine line)
    {
        int column = Find(columns);
        if (column < 0 || !IsPlain(column, part, ref line))
            return "";
        string text = IdCleaning.Trimmed(_records.Text(column), part, _how.Kept, _warnings, line.Number);
        if (text.Contains('\uFFFD'))
            line.Reject(NotUnicode, RuleNameOf(part), text);
        return stripsPointZero && text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text;
    }

    private bool IsPlain(int column, string part, ref ImportLine line)
    {
        if (!_hasKinds || _records.Kind(column) is FieldKind.Plain or FieldKind.Missing)
            return true;
        line.Reject($"{part} must be a text or a number", part, _records.Text(column));
        return false;
    }

    private void TakeValue(ref ImportLine line)
    {
        int column = Find(_fields.Value);
        if (column < 0)
        {
            // A file that marks "no rating" means that there was one interaction, and not a rating of 0.
            line.Type = _fields.Type.Length == 0 && _how.TypeWithoutValue is { } type ? type : line.Type;
            return;
        }
        if (!IsPlain(column, "value", ref line))
            return;
        var text = _records.Bytes(column).Trim(" "u8);
        if (NumberText.TryRead(text, _how.DecimalMark, out double value))
            line.Value = value;
        else
            line.Reject(text.Contains((byte)',') || text.Contains((byte)'.') ? _how.NotNumber : ValueNotNumber, "value", Encoding.UTF8.GetString(text));
    }

    private void TakeTime(ref ImportLine line)
    {
        int column = Find(_fields.Time);
        if (column < 0 || !IsPlain(column, "time", ref line))
            return;
        line.TimeMs = _times.Read(_records.Bytes(column), out string? broken);
        if (broken is not null)
            line.Reject(broken, "time", _records.Text(column));
    }

    private static string RuleNameOf(string part) => part switch { "user" => "userId", "item" => "itemId", "session" => "sessionId", "event" => "eventId", _ => part };
}

/// <summary>How the records of one file become events, once everything about the file is found.</summary>
internal sealed record EventReading
{
    /// <summary>The type of lines that have none of their own.</summary>
    public required string Type { get; init; }

    /// <summary>The type of lines without a value, where the file marks those.</summary>
    public string? TypeWithoutValue { get; init; }

    /// <summary>What the file's types are called here.</summary>
    public TypeNames Types { get; init; } = TypeNames.None;

    /// <summary>Texts that stand for an empty field.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Ids that are taken although they look like a mistake.</summary>
    public IdLeniency Kept { get; init; }

    /// <summary>Point or comma.</summary>
    public char DecimalMark { get; init; } = '.';

    /// <summary>Whether every user id of the file ends in .0, as a spreadsheet writes numbers.</summary>
    public bool StripsUser { get; init; }

    /// <summary>Whether every item id does.</summary>
    public bool StripsItem { get; init; }

    /// <summary>Why a text with a comma or point is no number.</summary>
    public string NotNumber => DecimalMark == '.'
        ? $"{EventLines.ValueNotNumber} with a decimal point; commas may only separate groups of three digits (--decimal , reads 4,5)"
        : $"{EventLines.ValueNotNumber} with a decimal comma; points may only separate groups of three digits";
}
