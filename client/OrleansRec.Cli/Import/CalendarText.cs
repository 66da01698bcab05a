namespace OrleansRec.Cli.Import;

/// <summary>Which of two numbers of a date is the day.</summary>
public enum DayOrder
{
    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary>05-02 is 5 February.</summary>
    DayFirst,

    /// <summary>05-02 is 2 May.</summary>
    MonthFirst,
}

/// <summary>A date and time as it is written, before its order of day and month and its zone are settled.</summary>
internal ref struct CalendarText
{
    private static ReadOnlySpan<byte> Months => "janfebmaraprmayjunjulaugsepoctnovdec"u8;

    private static ReadOnlySpan<byte> Weekdays => "montuewedthufrisatsun"u8;

    private ReadOnlySpan<byte> _rest;
    private int _year, _first, _second;
    private bool _isYearFirst, _isCompact;

    /// <summary>What the date itself shows of its order; <see cref="DayOrder.Unknown"/> where both orders are dates and differ.</summary>
    public DayOrder Shown { get; private set; }

    /// <summary>Whether only the column's order tells which number is the day.</summary>
    public readonly bool NeedsOrder => !_isYearFirst && Shown == DayOrder.Unknown && _first != _second;

    /// <summary>Whether the date is of a kind whose order differs between countries.</summary>
    public readonly bool HasOrder => !_isYearFirst;

    /// <summary>Since midnight.</summary>
    public TimeSpan TimeOfDay { get; private set; }

    /// <summary>Whether the text says how far from UTC it is.</summary>
    public TimeSpan? Offset { get; private set; }

    /// <summary>A zone that is named and is no offset, such as Europe/Berlin.</summary>
    public ReadOnlySpan<byte> ZoneName { get; private set; }

    /// <summary>Takes a text apart; false where it is no date, with or without a time.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out CalendarText parsed)
    {
        parsed = new() { _rest = text };
        return parsed.TryDate() && parsed.TryRestOfDay() && parsed._rest.IsEmpty;
    }

    /// <summary>The date and time without a zone, read by an order; false where that is no date.</summary>
    public readonly bool TryResolve(DayOrder order, out DateTime time)
    {
        time = default;
        bool isDayFirst = !_isYearFirst && (Shown != DayOrder.Unknown ? Shown : order) == DayOrder.DayFirst;
        var (month, day) = isDayFirst ? (_second, _first) : (_first, _second);
        if (_year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(_year, month))
            return false;
        time = new DateTime(_year, month, day).Add(TimeOfDay);
        return true;
    }

    private bool TryDate()
    {
        SkipSpaces();
        if (TryWord(Weekdays, out _))
        {
            Skip((byte)',');
            SkipSpaces();
        }
        if (TryWord(Months, out int named))
            return TryNamedMonthFirst(named);
        if (!TryNumber(out int number, out int digits) || _rest.IsEmpty)
            return false;
        _isCompact = digits == 8 && _rest[0] is (byte)'T' or (byte)'t';
        if (_isCompact)
            return TakeYearFirst(number / 10000, number / 100 % 100, number % 100);
        return digits == 4 ? TryYearFirst(number) : digits <= 2 && TryYearLast(number);
    }

    // Tue Mar 01 12:00:00 UTC 2011; Mar 1, 2011; the year of the first kind stands behind the time.
    private bool TryNamedMonthFirst(int month)
    {
        SkipSpaces();
        if (!TryNumber(out int day, out int digits) || digits > 2)
            return false;
        Skip((byte)',');
        SkipSpaces();
        var before = _rest;
        if (TryNumber(out int year, out digits) && digits == 4)
            return TakeYearFirst(year, month, day);
        _rest = before;
        return TryRestOfDay() && TryNumber(out year, out digits) && digits == 4 && TakeYearFirst(year, month, day);
    }

    private bool TryYearFirst(int year)
    {
        byte separator = _rest[0];
        if (separator is not ((byte)'-' or (byte)'/' or (byte)'.' or (byte)' '))
            return false;
        _rest = _rest[1..];
        int month, digits;
        if (!TryWord(Months, out month) && (!TryNumber(out month, out digits) || digits > 2))
            return false;
        return Skip(separator) && TryNumber(out int day, out digits) && digits <= 2 && TakeYearFirst(year, month, day);
    }

    private bool TryYearLast(int first)
    {
        byte separator = _rest[0];
        if (separator is not ((byte)'-' or (byte)'/' or (byte)'.' or (byte)' '))
            return false;
        _rest = _rest[1..];
        if (TryWord(Months, out int named))
            return (Skip(separator) || Skip((byte)',')) && TryYear(out int year) && TakeYearFirst(year, named, first);
        if (separator == (byte)' ' || !TryNumber(out int second, out int digits) || digits > 2 || !Skip(separator) || !TryYear(out int last))
            return false;
        (_year, _first, _second) = (last, first, second);
        Shown = first > 12 && second <= 12 ? DayOrder.DayFirst : second > 12 && first <= 12 ? DayOrder.MonthFirst : DayOrder.Unknown;
        return first is >= 1 and <= 31 && second is >= 1 and <= 31 && (first <= 12 || second <= 12);
    }

    private bool TryYear(out int year)
    {
        SkipSpaces();
        return TryNumber(out year, out int digits) && digits == 4;
    }

    private bool TakeYearFirst(int year, int month, int day)
    {
        (_year, _first, _second, _isYearFirst) = (year, month, day, true);
        return true;
    }

    private bool TryRestOfDay()
    {
        Skip((byte)',');
        if (!_rest.IsEmpty && (_rest[0] | 0x20) == (byte)'t')
            _rest = _rest[1..];
        SkipSpaces();
        if (_rest.IsEmpty || _rest[0] is < (byte)'0' or > (byte)'9')
            return _rest.IsEmpty;
        return TryClock() && TryZone();
    }

    private bool TryClock()
    {
        if (_isCompact)
            return TryCompactClock();
        int second = 0;
        long fractionTicks = 0;
        if (!TryNumber(out int hour, out int digits) || digits > 2 || !Skip((byte)':') || !TryNumber(out int minute, out digits) || digits != 2)
            return false;
        if (Skip((byte)':'))
        {
            if (!TryNumber(out second, out digits) || digits != 2)
                return false;
            if ((Skip((byte)'.') || Skip((byte)',')) && !TryFraction(out fractionTicks))
                return false;
        }
        SkipSpaces();
        bool isPm = TakeWord("pm"u8), isAm = !isPm && TakeWord("am"u8);
        if ((isAm || isPm) && hour is < 1 or > 12)
            return false;
        hour = isPm && hour < 12 ? hour + 12 : isAm && hour == 12 ? 0 : hour;
        TimeOfDay = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(fractionTicks);
        return hour < 24 && minute < 60 && second < 60;
    }

    // 130500 behind 20191001T.
    private bool TryCompactClock()
    {
        if (!TryNumber(out int number, out int digits) || digits is not (4 or 6))
            return false;
        int clock = digits == 4 ? number * 100 : number;
        var (hour, minute, second) = (clock / 10000, clock / 100 % 100, clock % 100);
        TimeOfDay = new(hour, minute, second);
        return hour < 24 && minute < 60 && second < 60;
    }

    private bool TryFraction(out long ticks)
    {
        ticks = 0;
        int digits = 0;
        for (; !_rest.IsEmpty && _rest[0] is >= (byte)'0' and <= (byte)'9'; _rest = _rest[1..], digits++)
            if (digits < 7)
                ticks = (10 * ticks) + _rest[0] - '0';
        for (int i = digits; i < 7; i++)
            ticks *= 10;
        return digits is > 0 and <= 9;
    }

    // Z, +02:00, +0200, +02, UTC, GMT+0200, EST, Europe/Berlin; a name in brackets behind an offset says the same again.
    private bool TryZone()
    {
        SkipSpaces();
        if (_rest.IsEmpty)
            return true;
        if (_rest[0] is >= (byte)'0' and <= (byte)'9')
            return true; // a year that stands last, which the caller reads
        if (_rest[0] is not ((byte)'+' or (byte)'-'))
        {
            int length = _rest.IndexOfAnyExcept(ZoneBytes);
            var name = length < 0 ? _rest : _rest[..length];
            if (name.IsEmpty)
                return false;
            _rest = _rest[name.Length..];
            if (ZoneText.OffsetOf(name) is { } known)
                Offset = known;
            else
                ZoneName = name;
        }
        if (!_rest.IsEmpty && _rest[0] is (byte)'+' or (byte)'-' && ZoneName.IsEmpty && !TryOffset())
            return false;
        SkipSpaces();
        if (!_rest.IsEmpty && _rest[0] is (byte)'(' or (byte)'[')
        {
            int close = _rest.IndexOfAny((byte)')', (byte)']');
            if (Offset is null || close < 0)
                return false;
            _rest = _rest[(close + 1)..];
            SkipSpaces();
        }
        return true;
    }

    private static ReadOnlySpan<byte> ZoneBytes => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/_"u8;

    private bool TryOffset()
    {
        int sign = _rest[0] == (byte)'-' ? -1 : 1;
        _rest = _rest[1..];
        if (!TryNumber(out int number, out int digits))
            return false;
        int hours = digits == 4 ? number / 100 : number, minutes = digits == 4 ? number % 100 : 0;
        if (digits <= 2 && Skip((byte)':') && (!TryNumber(out minutes, out int minuteDigits) || minuteDigits != 2))
            return false;
        if (digits is not (1 or 2 or 4) || hours > 14 || minutes > 59)
            return false;
        Offset = (Offset ?? TimeSpan.Zero) + (sign * new TimeSpan(hours, minutes, 0));
        return true;
    }

    private void SkipSpaces() => _rest = _rest.TrimStart(" \t"u8);

    private bool Skip(byte wanted)
    {
        bool isThere = !_rest.IsEmpty && _rest[0] == wanted;
        if (isThere)
            _rest = _rest[1..];
        return isThere;
    }

    private bool TryNumber(out int number, out int digits)
    {
        (number, digits) = (0, 0);
        for (; digits < 9 && digits < _rest.Length && _rest[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
            number = (10 * number) + _rest[digits] - '0';
        _rest = _rest[digits..];
        return digits > 0;
    }

    private bool TakeWord(ReadOnlySpan<byte> lower)
    {
        if (_rest.Length < lower.Length)
            return false;
        for (int i = 0; i < lower.Length; i++)
            if ((_rest[i] | 0x20) != lower[i])
                return false;
        _rest = _rest[lower.Length..];
        return true;
    }

    // The first three letters tell the word; the others must be letters, and a point may end it.
    private bool TryWord(ReadOnlySpan<byte> words, out int number)
    {
        number = 0;
        if (_rest.Length < 3)
            return false;
        for (int i = 0; i < words.Length; i += 3)
            if ((_rest[0] | 0x20) == words[i] && (_rest[1] | 0x20) == words[i + 1] && (_rest[2] | 0x20) == words[i + 2])
            {
                number = (i / 3) + 1;
                int length = 3;
                while (length < _rest.Length && (_rest[length] | 0x20) is >= 'a' and <= 'z')
                    length++;
                _rest = _rest[length..];
                Skip((byte)'.');
                return true;
            }
        return false;
    }
}
