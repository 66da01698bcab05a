namespace OrleansRec.Model.Tests.Rules;

/// <summary>Texts of expressions from a seed: valid ones by the grammar, nearly valid ones by small changes, and garbage.</summary>
internal sealed class AnyRule(Random random)
{
    private static readonly string[] Texts = ["\"Acme\"", "\"brand 3\"", "'tag 1'", "\"c0\"", "\"c1 > d0\"", "\"1\"", "\"\"", "\"title 1\"", "\"\\u00e9\""];
    private static readonly string[] Tokens =
    [
        "item", ".", "price", "user", "context", "now", "&&", "||", "!", "==", "!=", "<", "<=", "in", "+", "-", "*", "/", "(", ")", "[", "]", ",", "?", ":", "\"", "'", "\\", "1", "1e9", "1e999",
        "has", "size", "startsWith", "true", " ", "\n", "=", "&", "é", "𝄞", "\0", "attributes", "duration", "timestamp", "\"7d\"", "\"2026-01-01\"", "𐀀", "0x1", "5.", ".5", "\ud800",
    ];

    public string Bool(int depth) => random.Next(depth <= 0 ? 8 : 16) switch
    {
        0 => $"{Number(depth - 1)} {Comparison()} {Number(depth - 1)}",
        1 => $"{Text(depth - 1)} {Comparison()} {Text(depth - 1)}",
        2 => $"{Time(depth - 1)} {Comparison()} {Time(depth - 1)}",
        3 => $"{Text(depth - 1)} in {Pick("item.tags", "item.categories", "user.list", "[\"Acme\", 'tag 2', user.text]", "[\"1\"]", "[]")}",
        4 => $"{Number(depth - 1)} in {Pick("[1, 2, user.number]", "user.numbers", "[3]", "(user.flag ? user.numbers : [5, user.text])", "(item.visible ? user.numbers : user.list)")}",
        5 => Pick("item.visible", "user.flag", "true", "false", "has(item.price)", "has(item.tags)", "has(user.text)", "has(item.attributes.attribute1)"),
        6 => Pick("item.visible == user.flag", "item.visible != false", "user.text == context.other", "user.any != user.list", "user.number < context.other"),
        7 => $"{Text(depth - 1)}.{Pick("startsWith", "contains")}({Text(depth - 1)})",
        8 or 9 => $"({Bool(depth - 1)} && {Bool(depth - 1)})",
        10 or 11 => $"({Bool(depth - 1)} || {Bool(depth - 1)})",
        12 => $"!({Bool(depth - 1)})",
        13 => $"({Bool(depth - 1)} ? {Bool(depth - 1)} : {Bool(depth - 1)})",
        14 => $"{Bool(depth - 1)} && {Bool(depth - 1)} || {Bool(depth - 1)}",
        _ => $"(({Bool(depth - 1)}) == {Pick("true", "item.visible", "user.flag")})",
    };

    public string Number(int depth) => random.Next(depth <= 0 ? 6 : 12) switch
    {
        0 or 1 => Pick("item.price", "item.stock", "item.rating"),
        2 => Pick("0", "1", "2.5", "1e3", "0.001", "1e308"),
        3 => Pick("user.number", "context.number", "user.text"),
        4 => Pick("item.attributes.attribute1", "item.attribute2", "double(item.attributes.attribute3)"),
        5 => Pick("size(item.tags)", "item.categories.size()", "size(item.title)", "size(user.list)", "duration(\"1d2h\")"),
        6 => $"({Number(depth - 1)} + {Number(depth - 1)})",
        7 => $"({Number(depth - 1)} - {Number(depth - 1)})",
        8 => $"{Number(depth - 1)} * {Number(depth - 1)}",
        9 => $"({Number(depth - 1)} / ({Number(depth - 1)}))",
        10 => $"-({Number(depth - 1)})",
        // Of two attributes a condition is a text: only in a sum is it clear that they are numbers.
        _ => $"({Bool(depth - 1)} ? 0 + {Number(depth - 1)} : {Number(depth - 1)} - 0)",
    };

    /// <summary>Mostly one or two changes to a valid text; else tokens in any order.</summary>
    public string NotQuite()
    {
        if (random.Next(3) == 0)
            return string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => Pick(Tokens)));
        string text = Bool(3);
        for (int change = random.Next(3); change >= 0 && text.Length > 0; change--)
        {
            int at = random.Next(text.Length);
            text = random.Next(3) switch
            {
                0 => text.Remove(at, Math.Min(1 + random.Next(4), text.Length - at)),
                1 => text.Insert(at, Pick(Tokens)),
                _ => text[..at] + (char)random.Next(random.Next(2) == 0 ? 128 : 0x10000) + text[(at + 1)..],
            };
        }
        return text;
    }

    private string Text(int depth) => random.Next(depth <= 0 ? 4 : 5) switch
    {
        0 => Pick("item.brand", "item.title", "item.id", "item.kind"),
        1 => Pick(Texts),
        2 => Pick("user.text", "context.other"),
        3 => Pick("item.attributes.attribute0", "item.attributes.unknown", "item.attribute4"),
        _ => $"({Bool(depth - 1)} ? {Text(depth - 1)} : {Text(depth - 1)})",
    };

    private string Time(int depth) => random.Next(depth <= 0 ? 4 : 5) switch
    {
        0 or 1 => Pick("item.from", "item.until"),
        2 => Pick("now", "now - duration(\"1s\")", "timestamp(\"1970-01-01T00:00:00.05Z\")"),
        3 => Pick("user.time", "item.from + 0.01"),
        _ => $"({Bool(depth - 1)} ? {Time(depth - 1)} : {Time(depth - 1)})",
    };

    private string Comparison() => Pick("==", "!=", "<", "<=", ">", ">=");

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
