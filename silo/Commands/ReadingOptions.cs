using System.CommandLine;
using OrleansRec.Model;

namespace OrleansRec.Silo.Commands;

/// <summary>The options that say how a file is read.</summary>
internal sealed class ReadingOptions
{
    private readonly Option<string?> _separator = new("--separator") { Description = "What stands between fields, such as ; or :: or tab; found from the file.", HelpName = "TEXT" };
    private readonly Option<string?> _encoding = new("--encoding") { Description = "Encoding of the text, such as latin1; found from the file.", HelpName = "NAME" };
    private readonly Option<string?> _decimal = new("--decimal") { Description = "Decimal mark: . or , (point).", HelpName = "MARK" };
    private readonly Option<string?> _timeFormat = new("--time-format") { Description = "How times are written, such as yyyyMMdd; or seconds, milliseconds, microseconds.", HelpName = "FORMAT" };
    private readonly Option<bool> _dayFirst = new("--day-first") { Description = "05-02-2021 is 5 February; found from the file." };
    private readonly Option<bool> _monthFirst = new("--month-first") { Description = "05-02-2021 is 2 May; found from the file." };
    private readonly Option<string?> _timeZone = new("--time-zone") { Description = "Zone of times that name none, such as Europe/Berlin or +02:00 (UTC).", HelpName = "ZONE" };
    private readonly Option<string?> _types = new("--types") { Description = "What the file's event types are called here: pv=view,buy=purchase.", HelpName = "THEIRS=OURS,..." };
    private readonly Option<string[]> _where = new("--where") { Description = "Read only lines where it holds: COLUMN=VALUE|VALUE or COLUMN!=VALUE; may be repeated.", HelpName = "CONDITION" };
    private readonly Option<string?> _carry = new("--carry-forward") { Description = "Columns that stand only on the first line of a group; the first of them tells the group.", HelpName = "COLUMN,..." };
    private readonly Option<string[]> _missing = new("--missing") { Description = "A text that stands for an empty field, such as -1; may be repeated.", HelpName = "TEXT" };
    private readonly Option<string?> _nullIds = new("--null-ids") { Description = "refuse or keep ids such as null, undefined and (not set) (refuse).", HelpName = "WHAT" };
    private readonly Option<bool> _keepSpaces = new("--keep-spaces") { Description = "Keep spaces at the edges of ids." };
    private readonly Option<string?> _entry = new("--entry") { Description = "Which file of a zip archive.", HelpName = "NAME" };
    private readonly Option<string?> _keyBy = new("--key-by") { Description = "content or file: whether the file's name is part of what makes a line the same event as another (content).", HelpName = "WHAT" };

    public Symbol[] With(params Symbol[] others) =>
        [.. others, _separator, _encoding, _decimal, _timeFormat, _dayFirst, _monthFirst, _timeZone, _types, _where, _carry, _missing, _nullIds, _keepSpaces, _entry, _keyBy];

    /// <summary>What the options say.</summary>
    /// <exception cref="BadInputException">One of them breaks its rule.</exception>
    public ReadOptions Read(ParseResult parsed) => new()
    {
        Separator = parsed.GetValue(_separator), Encoding = parsed.GetValue(_encoding), TimeFormat = parsed.GetValue(_timeFormat), TimeZone = parsed.GetValue(_timeZone), Entry = parsed.GetValue(_entry),
        DecimalMark = DecimalMark(parsed.GetValue(_decimal)),
        DayOrder = Order(parsed.GetValue(_dayFirst), parsed.GetValue(_monthFirst)),
        Types = TypeNames.Parse(parsed.GetValue(_types)), Where = [.. (parsed.GetValue(_where) ?? []).Select(RowCondition.Parse)],
        CarryForward = parsed.GetValue(_carry)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [], Missing = parsed.GetValue(_missing) ?? [],
        Kept = (OneOf("null-ids", parsed.GetValue(_nullIds), "refuse", "keep") ? IdLeniency.NullLike : 0) | (parsed.GetValue(_keepSpaces) ? IdLeniency.EdgeSpaces : 0),
        KeyByFile = OneOf("key-by", parsed.GetValue(_keyBy), "content", "file"),
    };

    /// <summary>The decimal mark of an option.</summary>
    /// <exception cref="BadInputException">It is neither a point nor a comma.</exception>
    public static char DecimalMark(string? text) => text switch { null or "." or "point" => '.', "," or "comma" => ',', _ => throw new BadInputException("decimal", text, "must be . or ,") };

    private static DayOrder Order(bool isDayFirst, bool isMonthFirst) =>
        isDayFirst && isMonthFirst ? throw new BadInputException("day-first", "", "must not be given together with --month-first")
        : isDayFirst ? DayOrder.DayFirst : isMonthFirst ? DayOrder.MonthFirst : DayOrder.Unknown;

    // Whether the second of two words is given.
    private static bool OneOf(string option, string? value, string usual, string other) =>
        value is null || value == usual ? false : value == other ? true : throw new BadInputException(option, value, $"must be {usual} or {other}");
}
