using System.Buffers.Text;
using System.Globalization;

namespace OrleansRec.Cli.Import;

/// <summary>Reads a whole field as a number with one decimal mark; the other of comma and point may only separate groups of three digits.</summary>
internal static class NumberText
{
    private const int BytesMax = 64;

    /// <summary>Whether the field is a number, and which. NaN and infinities are numbers here, and refused by the rules of events.</summary>
    /// <param name="text">UTF-8, without spaces at the edges.</param>
    /// <param name="decimalMark">A point or a comma.</param>
    /// <param name="value">The number.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, char decimalMark, out double value)
    {
        if (decimalMark == '.' && Utf8Parser.TryParse(text, out value, out int used) && used == text.Length)
            return true;
        if (text.IndexOfAny((byte)',', (byte)'.') >= 0)
            return TryGrouped(text, (byte)decimalMark, out value);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryGrouped(ReadOnlySpan<byte> text, byte decimalMark, out double value)
    {
        value = 0;
        byte groupMark = decimalMark == (byte)'.' ? (byte)',' : (byte)'.';
        int end = text.IndexOf(decimalMark);
        ReadOnlySpan<byte> whole = end < 0 ? text : text[..end];
        if (text.Length > BytesMax || (whole.Contains(groupMark) && !AreGroups(whole.TrimStart("+-"u8), groupMark)))
            return false;
        Span<byte> plain = stackalloc byte[BytesMax];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == groupMark && i < whole.Length)
                continue;
            plain[length++] = text[i] == decimalMark ? (byte)'.' : text[i] == groupMark ? (byte)'?' : text[i];
        }
        return double.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    // One to three digits, then groups of three.
    private static bool AreGroups(ReadOnlySpan<byte> text, byte mark)
    {
        int first = text.IndexOf(mark);
        if (first is < 1 or > 3 || text[..first].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        for (text = text[first..]; !text.IsEmpty; text = text[4..])
            if (text.Length < 4 || text[0] != mark || text[1..4].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return false;
        return true;
    }
}
