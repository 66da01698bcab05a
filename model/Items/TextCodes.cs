using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansRec.Model.Items;

/// <summary>Numbers for the texts of one column, given in the order in which they come. Texts are only added, so every version of the columns may read it while one adds.</summary>
internal sealed class TextCodes
{
    private readonly ConcurrentDictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private string[] _texts = new string[16];
    private double[] _numbers = new double[16];
    private volatile int _count;

    public int Count => _count;

    /// <summary>The text of a code that some version holds.</summary>
    public string this[int code] => Volatile.Read(ref _texts)[code];

    /// <summary>The number that the text of a code is, as JSON writes one; NaN where it is none.</summary>
    public double NumberAt(int code) => Volatile.Read(ref _numbers)[code];

    /// <summary>The finite number that a text is; NaN where it is none.</summary>
    public static double NumberOf(string text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number) ? number : double.NaN;

    /// <summary>The code of a text, or −1.</summary>
    public int Find(string text) => _codes.TryGetValue(text, out int code) ? code : -1;

    public int CodeOf(string text)
    {
        if (_codes.TryGetValue(text, out int code))
            return code;
        lock (_adding)
        {
            if (_codes.TryGetValue(text, out code))
                return code;
            code = _count;
            if (code == _texts.Length)
            {
                Volatile.Write(ref _texts, Longer(_texts));
                Volatile.Write(ref _numbers, Longer(_numbers));
            }
            _texts[code] = text;
            _numbers[code] = NumberOf(text);
            _count = code + 1;
            // Last, so that whoever finds a code finds its text.
            _codes[text] = code;
            return code;
        }
    }

    private static T[] Longer<T>(T[] values)
    {
        var longer = new T[values.Length * 2];
        values.CopyTo(longer, 0);
        return longer;
    }
}
