namespace OrleansRec.Model;

/// <summary>A number that stands for a time since 1970-01-01 UTC. Its size says its unit: files and requests are read by this one rule.</summary>
/// <remarks>
/// Seconds from 10⁸ (1973) to below 10¹¹ (the year 5138), milliseconds to below 10¹⁴, microseconds to below 10¹⁷: the three ranges are the same years, so a time after
/// March 1973 has one meaning. A smaller number is a clock time, a year or a date written without separators more often than a moment of 1970, and is refused; a larger one too.
/// <para>OrleansRec.Api, which does not refer to this project, compiles this file as a type of its own.</para>
/// </remarks>
#pragma warning disable IDE0040 // The other part makes it public; where this one is compiled alone, the type is internal.
static partial class UnixTime
#pragma warning restore IDE0040
{
    /// <summary>What a number must be, for messages.</summary>
    public const string Rule = "must be seconds (9 to 11 digits), milliseconds (12 to 14) or microseconds (15 to 17) since 1970-01-01 UTC";

    /// <summary>The smallest number of seconds.</summary>
    public const long SecondsMin = 100_000_000;

    private const long MillisecondsMin = SecondsMin * 1000, MicrosecondsMin = MillisecondsMin * 1000, End = MicrosecondsMin * 1000;

    /// <summary>Whether a whole number is a time, and which.</summary>
    /// <param name="number">Seconds, milliseconds or microseconds.</param>
    /// <param name="timeMs">Milliseconds since 1970-01-01 UTC; 0 where it is none.</param>
    public static bool TryRead(long number, out long timeMs)
    {
        timeMs = number switch
        {
            < SecondsMin or >= End => 0,
            < MillisecondsMin => number * 1000,
            < MicrosecondsMin => number,
            _ => number / 1000,
        };
        return timeMs != 0;
    }

    /// <summary>The same for a number with a fraction, which is dropped below a millisecond.</summary>
    /// <param name="number">Seconds, milliseconds or microseconds.</param>
    /// <param name="timeMs">Milliseconds since 1970-01-01 UTC; 0 where it is none.</param>
    public static bool TryRead(decimal number, out long timeMs)
    {
        timeMs = number is >= SecondsMin and < MillisecondsMin ? (long)(number * 1000)
            : number is >= MillisecondsMin and < End && TryRead((long)number, out long whole) ? whole : 0;
        return timeMs != 0;
    }

    /// <summary>The unit's name: seconds, milliseconds or microseconds; null where the number is no time.</summary>
    /// <param name="number">Any number.</param>
    public static string? UnitOf(long number) => number switch
    {
        < SecondsMin or >= End => null,
        < MillisecondsMin => "seconds",
        < MicrosecondsMin => "milliseconds",
        _ => "microseconds",
    };
}
