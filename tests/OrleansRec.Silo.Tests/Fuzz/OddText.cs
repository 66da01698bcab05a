using System.Text;

namespace OrleansRec.Silo.Tests.Fuzz;

/// <summary>Texts that break careless readers: empty, long, of other alphabets, of control characters, numbers that are none, pieces of other languages.</summary>
internal static class OddText
{
    /// <summary>Ids that are valid and odd. Few, so that a run of any length comes back to the same users and items and its state stays small.</summary>
    public static readonly string[] Ids =
    [
        .. Enumerable.Range(0, 40).Select(i => $"u{i}"), .. Enumerable.Range(0, 40).Select(i => $"tea-{i}"),
        "a b", "ä", "日本語", "😀", "a/b", "..", ".", "%", "%2F", "?", "#", "&x=1", "+", "\"", "'", "\\", "null", "0", "-1", "<script>alert(1)</script>", "a\u0301", "\u00E1",
        "'; DROP TABLE x;--", "{{7*7}}", "${jndi:ldap://x}", "CON", new('x', 256), new('é', 128), "key:0123456789abcdef", " ", "a ", " a",
    ];

    private static readonly string[] Odd =
    [
        "", "\0", "a\0b", "\r\n", "a\r\nSet-Cookie: x=1", "\t", "\u200B", "\uFEFF", "\uFFFD", "\u202E", new('x', 257), new('x', 5_000), new('é', 129), "NaN", "Infinity", "-Infinity",
        "1e309", "-0", "00", "1_000", "0x10", "9223372036854775808", "-9223372036854775809", "2147483648", "1.7976931348623157e308", "true", "False", "[]", "{}", "\"\"",
        "category:", "category:tea,price<=1", "!category:x,in-stock", "price<=NaN", "price>=1e999", ",,,,", "recommend", "purchase", "view", "rating", "2026-11-22T00:00:00Z",
        "0000-00-00", "9999-12-31T23:59:59.9999999Z", "-1", "0", "1", "1001", "10", "100", "../../etc/passwd", "%00", "%u0041", "\ud83d",
    ];

    private static readonly string[] Types = ["view", "click", "like", "cart", "purchase", "rating", "interaction"];

    public static string Id(Random dice) => dice.Next(10) == 0 ? Any(dice) : Ids[dice.Next(Ids.Length)];

    public static string EventType(Random dice) => dice.Next(8) == 0 ? Any(dice) : Types[dice.Next(Types.Length)];

    /// <summary>Any text: half of them from the list, half made of random characters.</summary>
    public static string Any(Random dice) => dice.Next(2) == 0 ? Odd[dice.Next(Odd.Length)] : Made(dice);

    /// <summary>A text in a target: escaped well, escaped badly or, where it may be, not at all.</summary>
    public static string InTarget(Random dice, string text) => dice.Next(20) switch
    {
        0 when text.All(c => c is > ' ' and < '\x7F' and not '#') => text,
        1 => Uri.EscapeDataString(Replace(text)) + "%",
        2 => Uri.EscapeDataString(Replace(text)) + "%zz",
        3 => "%FF%FE" + Uri.EscapeDataString(Replace(text)),
        4 => Uri.EscapeDataString(Uri.EscapeDataString(Replace(text))),
        _ => Uri.EscapeDataString(Replace(text)),
    };

    // Half a surrogate pair cannot be written as UTF-8.
    private static string Replace(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Made(Random dice)
    {
        var text = new StringBuilder();
        int length = dice.Next(4) == 0 ? dice.Next(400) : dice.Next(12);
        for (int i = 0; i < length; i++)
            text.Append(dice.Next(6) switch { 0 => (char)dice.Next(0x20), 1 => (char)dice.Next(0x20, 0xD7FF), _ => (char)dice.Next(0x20, 0x7F) });
        return text.ToString();
    }
}
