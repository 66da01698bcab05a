using System.Buffers.Text;
using System.Globalization;
using System.Text;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>Reads the times of one file: all by one format, one order of day and month, and one zone where they name none.</summary>
internal sealed class TimeReader
{
    public const string NotTime = "time must be a date and time, or seconds, milliseconds or microseconds since 1970-01-01; --time-format reads another form";
    public const string TooShort = "time must be a date and not a clock time, a year or a number of few digits; --time-format reads another form";
    public const string NoOrder = "time must tell day from month: give --day-first or --month-first";
    public const string OtherOrder = "time must have the same order of day and month as the rest of its column";
    public const string NoZone = "time must have a zone that is known: an offset, UTC or a name such as Europe/Berlin";
    public const string NoSuchClock = "time must exist in its zone: clocks skip an hour when summer time begins";

    private const int CharsMax = 64;
    private readonly string? _format;
    private readonly bool _formatHasZone;
    private readonly TimeZoneInfo _zone;
    private readonly Dictionary<string, TimeZoneInfo?> _zones = [];
    private readonly long? _unitsPerMs1000;

    /// <summary>Takes what the options say.</summary>
    /// <exception cref="BadInputException">The format or the zone cannot be used.</exception>
    public TimeReader(string? format, DayOrder order, string? zone)
    {
        (Order, _zone) = (order, zone is null ? TimeZoneInfo.Utc : ZoneText.Parse(zone));
        // Numbers by a unit that the caller names are read whatever their size.
        _unitsPerMs1000 = format switch { "seconds" => 1, "milliseconds" => 1000, "microseconds" => 1_000_000, _ => null };
        if (format is not null && _unitsPerMs1000 is null)
            (_format, _formatHasZone) = (Checked(format), format.Contains('z') || format.Contains('K'));
    }

    /// <summary>How dates are read whose day and month could be either way round.</summary>
    public DayOrder Order { get; set; }

    /// <summary>Whether dates can need an order at all.</summary>
    public bool MayNeedOrder => _format is null && _unitsPerMs1000 is null;

    /// <summary>Milliseconds since 1970-01-01 UTC; null, and the rule that is broken, where the text is no time.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="broken">The rule; null where the text is a time.</param>
    public long? Read(ReadOnlySpan<byte> text, out string? broken)
    {
        broken = null;
        int used;
        // Nearly every time of nearly every file.
        if (MayNeedOrder && Utf8Parser.TryParse(text, out long whole, out used) && used == text.Length && UnixTime.TryRead(whole, out long ms))
            return ms;
        text = text.Trim(" \t"u8);
        if (_format is not null)
            return ReadByFormat(text, out broken);
        if (Utf8Parser.TryParse(text, out decimal number, out used) && used == text.Length)
            return ReadNumber(text, number, out broken);
        if (!CalendarText.TryParse(text, out var date))
        {
            broken = text.Contains((byte)':') && text.Length <= 8 ? TooShort : NotTime;
            return null;
        }
        if (date.NeedsOrder && Order == DayOrder.Unknown)
            broken = NoOrder;
        else if (date.HasOrder && date.Shown != DayOrder.Unknown && Order != DayOrder.Unknown && date.Shown != Order)
            broken = OtherOrder;
        else if (!date.TryResolve(Order, out var time))
            broken = NotTime;
        else
            return InZone(time, date, out broken);
        return null;
    }

    private long? ReadNumber(ReadOnlySpan<byte> text, decimal number, out string? broken)
    {
        broken = null;
        if (_unitsPerMs1000 is { } unit && Math.Abs(number) < 1e17m)
            return (long)(number * 1000 / unit);
        if (UnixTime.TryRead(number, out long ms))
            return ms;
        broken = text.Length > 0 && text[0] is >= (byte)'0' and <= (byte)'9' && number < UnixTime.SecondsMin ? TooShort : NotTime;
        return null;
    }

    private long? ReadByFormat(ReadOnlySpan<byte> text, out string? broken)
    {
        broken = $"time must have the form of --time-format {_format}";
        Span<char> chars = stackalloc char[CharsMax];
        if (text.Length > CharsMax || !Encoding.UTF8.TryGetChars(text, chars, out int length))
            return null;
        if (_formatHasZone && DateTimeOffset.TryParseExact(chars[..length], _format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var known))
        {
            broken = null;
            return known.ToUnixTimeMilliseconds();
        }
        return !_formatHasZone && DateTime.TryParseExact(chars[..length], _format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) ? InZone(local, _zone, out broken) : null;
    }

    private long? InZone(DateTime time, in CalendarText date, out string? broken)
    {
        broken = null;
        if (date.Offset is { } offset)
            return (time.Ticks - offset.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        if (date.ZoneName.IsEmpty)
            return InZone(time, _zone, out broken);
        if (ZoneText.Find(date.ZoneName, _zones) is { } named)
            return InZone(time, named, out broken);
        broken = NoZone;
        return null;
    }

    // Of the hour that comes twice when summer time ends, the first is taken.
    private static long? InZone(DateTime time, TimeZoneInfo zone, out string? broken)
    {
        broken = null;
        long ticks = time.Ticks - DateTime.UnixEpoch.Ticks;
        if (zone == TimeZoneInfo.Utc)
            return ticks / TimeSpan.TicksPerMillisecond;
        if (zone.IsInvalidTime(time))
        {
            broken = NoSuchClock;
            return null;
        }
        var offset = zone.IsAmbiguousTime(time) ? zone.GetAmbiguousTimeOffsets(time).Max() : zone.GetUtcOffset(time);
        return (ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond;
    }

    // A format that does not bring a date back has no year, month or day.
    private static string Checked(string format)
    {
        var probe = new DateTime(2021, 11, 23, 13, 14, 15, DateTimeKind.Unspecified);
        try
        {
            string text = probe.ToString(format, CultureInfo.InvariantCulture);
            if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var back) && back.Date == probe.Date)
                return format;
        }
        catch (FormatException)
        {
        }
        throw new BadInputException("time-format", format, "must hold year, month and day, such as yyyyMMdd or dd/MM/yyyy HH:mm:ss, or be seconds, milliseconds or microseconds");
    }
}
