using System.Globalization;
using System.Text;

namespace OrleansRec.Model.Items;

/// <summary>The words by which two items of a catalogue are alike: those of the title, and brand, tags and categories as words of their own kind.</summary>
/// <remarks>
/// A word is a run of letters and digits in lower case; of a run in Chinese, Japanese or Korean each pair of neighbours, because nothing stands between their words. A path
/// counts with every path above it. Worked example: "Red Mug" in "Home &gt; Kitchen" of brand Acme has red, mug, =Home, =Home &gt; Kitchen and @Acme.
/// </remarks>
public static class ContentWords
{
    /// <summary>Words of one item at most; the first ones count.</summary>
    public const int WordsMax = 256;

    private const char Category = '=', Brand = '@', Tag = '#';

    /// <summary>The words of an item, each once, in the order of title, brand, tags, categories.</summary>
    public static IReadOnlyList<string> Of(string? title, string? brand, IReadOnlyList<string> tags, IReadOnlyList<string> categories)
    {
        var words = new List<string>();
        AddText(words, title);
        if (brand is not null)
            Add(words, Brand + brand.ToLowerInvariant());
        foreach (string tag in tags)
            Add(words, Tag + tag.ToLowerInvariant());
        foreach (string category in categories)
            for (int end = category.Length; end >= 0; end = CategoryPath.EndOfParent(category, end))
                Add(words, Category + category[..end]);
        return words;
    }

    private static void AddText(List<string> words, string? text)
    {
        var run = new StringBuilder();
        Rune? before = null;
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            bool isIdeographic = IsIdeographic(rune);
            if (isIdeographic && before is { } left)
                Add(words, $"{left}{rune}");
            before = isIdeographic ? rune : null;
            if (!isIdeographic && (Rune.IsLetterOrDigit(rune) || (run.Length > 0 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)))
                run.Append(Rune.ToLowerInvariant(rune).ToString());
            else
                End();
        }
        End();

        void End()
        {
            if (run.Length > 0)
                Add(words, run.ToString());
            run.Clear();
        }
    }

    /// <summary>Han, Hiragana, Katakana and Hangul.</summary>
    private static bool IsIdeographic(Rune rune) => rune.Value is (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF) or (>= 0x20000 and <= 0x323AF);

    private static void Add(List<string> words, string word)
    {
        if (words.Count < WordsMax && !words.Contains(word))
            words.Add(word);
    }
}
