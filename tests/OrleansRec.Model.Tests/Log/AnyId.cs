using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansRec.Model.Items;

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
        from text in Gen.OneOf(Gen.Constant((string?)null), Ids.Select(id => (string?)id))
        select new LoggedEvent(texts[0], texts[1], texts[2], value, timeMs * 1000L, hasSession ? texts[3] : null, key, text);

    public static Gen<UserLogRecord> UserRecords { get; } =
        from operation in Gen.Elements(
            UserLogOperation.Append, UserLogOperation.Append, UserLogOperation.Append, UserLogOperation.Remove, UserLogOperation.Erase, UserLogOperation.Configure,
            UserLogOperation.BeginMerge, UserLogOperation.EndMerge)
        from e in Events
        from settings in Settings
        select new UserLogRecord(operation, operation == UserLogOperation.Append ? e
            : new(e.UserId, "", "", 0, 0, null, operation == UserLogOperation.Remove ? e.EventKey : 0))
        {
            Settings = operation == UserLogOperation.Configure ? settings : null, Into = operation == UserLogOperation.BeginMerge ? e.ItemId : null,
        };

    public static Gen<LoggedSettings> Settings { get; } =
        from yes in Gen.ArrayOf(Gen.Elements(true, false), 3)
        from days in Gen.Choose(1, 36_500)
        from names in Gen.ListOf(Gen.OneOf(Ids, Gen.Elements("a", "")))
        select new LoggedSettings(yes[0], yes[1], yes[2] ? TimeSpan.FromDays(days) : null, [.. names.Select((n, i) => new LoggedAttribute($"name {i}", n))]);

    public static Gen<LoggedDetails?> Details { get; } =
        from given in Gen.ArrayOf(Gen.Elements(true, false), 9)
        from kind in Gen.Elements(Enum.GetValues<ItemKind>())
        from texts in Gen.ArrayOf(Ids, 6)
        from times in Gen.ArrayOf(Gen.Choose(0, int.MaxValue), 2)
        from values in Gen.ArrayOf(ArbMap.Default.GeneratorFor<float>().Where(float.IsFinite))
        select !given[0] ? null : new LoggedDetails(
            kind, given[1] ? texts[0] : null, given[2] ? times[0] / 10.0 : null, given[3] ? [texts[1], "tag"] : [], given[4] ? texts[2] : null,
            given[5] ? times[0] * 1000L : null, given[6] ? times[1] * 1000L : null, given[7] ? texts[3] : null, given[8] ? texts[4] : null, given[1] ? texts[5] : null,
            given[2] ? [new("text", values), new("image", [1])] : []);

    public static Gen<LoggedItem> Items { get; } =
        from id in Ids
        from texts in Gen.ListOf(Gen.OneOf(Ids, Gen.Elements("a", "")))
        from given in Gen.ArrayOf(Gen.Elements(true, false), 4)
        from price in Gen.Choose(0, 1_000_000)
        from stock in Gen.Choose(0, int.MaxValue)
        from details in Details
        select new LoggedItem(id, given[0] ? string.Concat(texts) : null, [.. texts], given[1] ? price / 100.0 : null, given[2] ? stock : null, given[3],
            [.. texts.Select((t, n) => new LoggedAttribute($"name {n}", t))], details);

    private static string Shorten(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > IdHash.IdBytesMax)
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        return text;
    }
}
