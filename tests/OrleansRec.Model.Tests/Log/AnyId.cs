using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace OrleansRec.Model.Tests;

/// <summary>Generates what the log must carry: any id that the rules let in, and events and items made of them.</summary>
internal static class AnyId
{
    private static readonly Gen<Rune> Runes = Gen.OneOf(
        Gen.Choose(1, 0x7F), Gen.Choose(0x80, 0x7FF), Gen.Choose(0x800, 0xD7FF), Gen.Choose(0xE000, 0xFFFF), Gen.Choose(0x10000, 0x10FFFF))
        .Select(code => new Rune(code));

    public static Gen<string> Ids { get; } =
        from length in Gen.Choose(1, 70)
        from runes in Gen.ArrayOf(Runes, length)
        select Shorten(string.Concat(runes.Select(r => r.ToString())));

    public static Gen<LoggedEvent> Events { get; } =
        from texts in Gen.ArrayOf(Gen.OneOf(Ids, Gen.Elements("a", "b", "c")), 4)
        from hasSession in Gen.Elements(true, false)
        from value in Gen.OneOf(Gen.Constant(1f), ArbMap.Default.GeneratorFor<float>().Where(float.IsFinite))
        from timeMs in Gen.Choose(0, int.MaxValue)
        from key in ArbMap.Default.GeneratorFor<ulong>()
        select new LoggedEvent(texts[0], texts[1], texts[2], value, timeMs * 1000L, hasSession ? texts[3] : null, key);

    public static Gen<UserLogRecord> UserRecords { get; } =
        from operation in Gen.Elements(UserLogOperation.Append, UserLogOperation.Append, UserLogOperation.Remove, UserLogOperation.Erase)
        from e in Events
        select new UserLogRecord(operation, operation == UserLogOperation.Append ? e
            : new(e.UserId, "", "", 0, 0, null, operation == UserLogOperation.Remove ? e.EventKey : 0));

    public static Gen<LoggedItem> Items { get; } =
        from id in Ids
        from texts in Gen.ListOf(Gen.OneOf(Ids, Gen.Elements("a", "")))
        from given in Gen.ArrayOf(Gen.Elements(true, false), 4)
        from price in Gen.Choose(0, 1_000_000)
        from stock in Gen.Choose(0, int.MaxValue)
        select new LoggedItem(id, given[0] ? string.Concat(texts) : null, [.. texts], given[1] ? price / 100.0 : null, given[2] ? stock : null, given[3],
            [.. texts.Select((t, n) => new LoggedAttribute($"name {n}", t))]);

    private static string Shorten(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > IdHash.IdBytesMax)
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        return text;
    }
}
