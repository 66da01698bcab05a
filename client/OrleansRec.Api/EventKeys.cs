using System.Globalization;

namespace OrleansRec.Api;

/// <summary>Event ids that name an event by its 64-bit key, such as <c>key:00c0ffee00c0ffee</c>.</summary>
/// <remarks>
/// The server keeps a key of each event, not the text of its id. An export names events so; importers, whose keys come from a line's content, send them so.
/// </remarks>
public static class EventKeys
{
    /// <summary>What such an id begins with.</summary>
    public const string Prefix = "key:";

    /// <summary>The id that names a key.</summary>
    public static string Format(ulong key) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{key:x16}");

    /// <summary>The key that an id names, where it has the form of <see cref="Format"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> eventId, out ulong key)
    {
        key = 0;
        return eventId.Length == Prefix.Length + 16 && eventId.StartsWith(Prefix, StringComparison.Ordinal)
            && ulong.TryParse(eventId[Prefix.Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key);
    }
}
