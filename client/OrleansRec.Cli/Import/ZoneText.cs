using System.Text;

namespace OrleansRec.Cli.Import;

/// <summary>Names of time zones: the abbreviations that mean one offset, and the names of the IANA list, which the system knows.</summary>
internal static class ZoneText
{
    private const int NamesMax = 64;

    // RFC 2822 defines those of North America. IST, AST, SST and others mean several offsets and are refused.
    private static readonly (string Name, double Hours)[] Abbreviations =
    [
        ("Z", 0), ("UTC", 0), ("GMT", 0), ("UT", 0), ("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7),
        ("WET", 0), ("WEST", 1), ("BST", 1), ("CET", 1), ("CEST", 2), ("MEZ", 1), ("MESZ", 2), ("EET", 2), ("EEST", 3), ("MSK", 3), ("JST", 9),
    ];

    /// <summary>The offset of an abbreviation; null where it is none or means several.</summary>
    public static TimeSpan? OffsetOf(ReadOnlySpan<byte> name)
    {
        foreach (var (known, hours) in Abbreviations)
            if (Ascii.EqualsIgnoreCase(name, known))
                return TimeSpan.FromHours(hours);
        return null;
    }

    /// <summary>The zone of an option: an IANA name, an abbreviation or an offset such as +02:00.</summary>
    /// <exception cref="BadInputException">There is no such zone.</exception>
    public static TimeZoneInfo Parse(string text)
    {
        if (OffsetOf(Encoding.UTF8.GetBytes(text)) is { } offset)
            return Fixed(offset);
        if (text.Length > 0 && text[0] is '+' or '-' && TimeSpan.TryParse(text.TrimStart('+'), System.Globalization.CultureInfo.InvariantCulture, out var given) && given.Duration() <= TimeSpan.FromHours(14))
            return Fixed(given);
        return TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) ? zone
            : throw new BadInputException("time-zone", text, "must be a zone that the system knows, such as Europe/Berlin, an offset such as +02:00, or UTC");
    }

    /// <summary>The zone that a time names; remembered, because a file names few.</summary>
    public static TimeZoneInfo? Find(ReadOnlySpan<byte> name, Dictionary<string, TimeZoneInfo?> known)
    {
        string text = Encoding.UTF8.GetString(name);
        if (known.TryGetValue(text, out var zone))
            return zone;
        zone = text.Contains('/') && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var found) ? found : null;
        if (known.Count < NamesMax)
            known[text] = zone;
        return zone;
    }

    private static TimeZoneInfo Fixed(TimeSpan offset) =>
        offset == TimeSpan.Zero ? TimeZoneInfo.Utc : TimeZoneInfo.CreateCustomTimeZone($"{offset}", offset, null, null);
}
