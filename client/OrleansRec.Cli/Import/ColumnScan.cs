using System.Buffers.Text;
using System.Text;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>Reads a file once before it is imported, to learn what only a whole column tells.</summary>
/// <remarks>
/// The first <see cref="HeadRecordsMax"/> records are always looked at. The rest is read only where they hold dates whose order of day and month differs between countries, or ids that all end in
/// .0, and then only those columns are looked at.
/// </remarks>
internal sealed class ColumnScan
{
    /// <summary>As many records are looked at of every file.</summary>
    public const int HeadRecordsMax = 1000;

    private readonly Dictionary<string, int> _units = [];
    private (long Line, string Text) _either, _dayFirst, _monthFirst;
    private int _times, _timesBroken, _values, _pointNumbers, _commaNumbers;

    private ColumnScan() { }

    /// <summary>Whether every user id ends in .0.</summary>
    public bool StripsUser { get; private set; }

    /// <summary>Whether every item id ends in .0.</summary>
    public bool StripsItem { get; private set; }

    /// <summary>Whether all values are numbers with a decimal comma and not all with a point.</summary>
    public bool HasDecimalCommas => _pointNumbers < _values && _commaNumbers == _values;

    /// <summary>Whether more than a tenth of the first times are none.</summary>
    public bool DoubtsTimes => _timesBroken * 10 > _times;

    /// <summary>A time that is none, for a message.</summary>
    public string BrokenTime { get; private set; } = "";

    /// <summary>The order of day and month that the column shows.</summary>
    public DayOrder Order => _dayFirst.Line > 0 ? DayOrder.DayFirst : _monthFirst.Line > 0 ? DayOrder.MonthFirst : DayOrder.Unknown;

    /// <summary>How times are written.</summary>
    public string Times(DayOrder order, string? zone)
    {
        if (_times == 0)
            return "";
        string units = string.Join(", ", _units.OrderByDescending(u => u.Value).ThenBy(u => u.Key, StringComparer.Ordinal).Select(u => u.Key));
        string why = _dayFirst.Line > 0 ? $"day first, as line {_dayFirst.Line} shows" : _monthFirst.Line > 0 ? $"month first, as line {_monthFirst.Line} shows"
            : _either.Line > 0 ? order == DayOrder.DayFirst ? "day first" : "month first" : "";
        return $"{(units.Length > 0 ? units : "none that can be read")}{(why.Length > 0 ? $", {why}" : "")}{(_units.ContainsKey(Dates) ? $", {zone ?? "UTC"} where they name no zone" : "")}";
    }

    private const string Dates = "dates";

    /// <summary>Reads the records.</summary>
    public static ColumnScan Of(IRecords records, EventFields fields, TimeReader times, char decimalMark)
    {
        var scan = new ColumnScan { StripsUser = fields.User.Length > 0, StripsItem = fields.Item.Length > 0 };
        long count = 0, users = 0, items = 0;
        try
        {
            while (records.Read())
            {
                if (records.Broken is not null)
                    continue;
                bool isHead = ++count <= HeadRecordsMax;
                if (!isHead && !scan.NeedsWhole)
                    break;
                scan.StripsUser = scan.StripsUser && EndsInPointZero(records, fields.User, ref users);
                scan.StripsItem = scan.StripsItem && EndsInPointZero(records, fields.Item, ref items);
                scan.TakeTime(records, fields.Time, times, isHead);
                if (isHead)
                    scan.TakeValue(records, fields.Value, decimalMark);
            }
        }
        catch (BadInputException)
        {
            // The reader tells, after the lines before it.
        }
        scan.StripsUser &= users > 0;
        scan.StripsItem &= items > 0;
        return scan;
    }

    /// <summary>The order by which dates are read.</summary>
    /// <exception cref="BadInputException">The file needs one and shows none, or both.</exception>
    public DayOrder Settle(DayOrder given, DayOrder usual)
    {
        if (given != DayOrder.Unknown)
            return given;
        if (_dayFirst.Line > 0 && _monthFirst.Line > 0)
            throw new BadInputException("day-first", $"{_dayFirst.Text} (line {_dayFirst.Line}), {_monthFirst.Text} (line {_monthFirst.Line})",
                "the times of a column must have one order of day and month: give --day-first or --month-first, which refuses the others, or --time-format");
        if (Order != DayOrder.Unknown || _either.Line == 0)
            return Order;
        return usual != DayOrder.Unknown ? usual
            : throw new BadInputException("day-first", $"{_either.Text} (line {_either.Line})", "no time of the file shows which number is the day: give --day-first or --month-first");
    }

    private bool NeedsWhole => StripsUser || StripsItem || _either.Line > 0 || _dayFirst.Line > 0 || _monthFirst.Line > 0;

    private static bool EndsInPointZero(IRecords records, int[] columns, ref long seen)
    {
        foreach (int column in columns)
        {
            var field = records.Bytes(column).Trim(" "u8);
            if (field.IsEmpty)
                continue;
            seen++;
            if (!field.EndsWith(".0"u8) || field[..^2].IsEmpty || field[..^2].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return false;
        }
        return true;
    }

    private void TakeTime(IRecords records, int[] columns, TimeReader times, bool isHead)
    {
        var field = First(records, columns).Trim(" \t"u8);
        if (field.IsEmpty)
            return;
        if (times.MayNeedOrder && CalendarText.TryParse(field, out var date) && date.HasOrder)
            TakeOrder(date, field, records.Line);
        if (!isHead)
            return;
        _times++;
        string kind = Utf8Parser.TryParse(field, out long number, out int used) && used == field.Length ? $"{UnixTime.UnitOf(number)} since 1970" : Dates;
        times.Read(field, out string? broken);
        if (broken is null or TimeReader.NoOrder)
            _units[kind] = _units.GetValueOrDefault(kind) + 1;
        else
            (_timesBroken, BrokenTime) = (_timesBroken + 1, Encoding.UTF8.GetString(field));
    }

    private void TakeOrder(in CalendarText date, ReadOnlySpan<byte> text, long line)
    {
        if (date.Shown == DayOrder.DayFirst)
            Remember(ref _dayFirst, text, line);
        else if (date.Shown == DayOrder.MonthFirst)
            Remember(ref _monthFirst, text, line);
        else
            Remember(ref _either, text, line);
    }

    private static void Remember(ref (long Line, string Text) first, ReadOnlySpan<byte> text, long line) =>
        first = first.Line == 0 ? (line, Encoding.UTF8.GetString(text)) : first;

    private void TakeValue(IRecords records, int[] columns, char decimalMark)
    {
        var field = First(records, columns).Trim(" "u8);
        if (field.IsEmpty)
            return;
        _values++;
        _pointNumbers += NumberText.TryRead(field, decimalMark, out _) ? 1 : 0;
        _commaNumbers += NumberText.TryRead(field, ',', out _) ? 1 : 0;
    }

    private static ReadOnlySpan<byte> First(IRecords records, int[] columns)
    {
        foreach (int column in columns)
            if (records.Bytes(column) is { IsEmpty: false } field)
                return field;
        return default;
    }
}
