using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OrleansRec.Silo.Import;

/// <summary>Reads a time: seconds or milliseconds since 1970-01-01 UTC, or a date and time, UTC where it names no offset.</summary>
internal static class TimeText
{
    /// <summary>A whole number below this is seconds (to the year 5138), from it on milliseconds (from the year 1973).</summary>
    private const long SecondsEnd = 100_000_000_000;

    /// <summary>Whether the text is a time, and which.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long timeMs)
    {
        if (Utf8Parser.TryParse(text, out long number, out int used) && used == text.Length)
        {
            timeMs = Math.Abs(number) < SecondsEnd ? number * 1000 : number;
            return true;
        }
        timeMs = 0;
        Span<char> chars = stackalloc char[64];
        if (text.Length > chars.Length || !Encoding.UTF8.TryGetChars(text, chars, out int length))
            return false;
        bool isTime = DateTimeOffset.TryParse(chars[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        timeMs = isTime ? time.ToUnixTimeMilliseconds() : 0;
        return isTime;
    }
}
