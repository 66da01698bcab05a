using System.Globalization;
using System.Text;

namespace OrleansRec.Model.Content;

/// <summary>Cuts text into tokens: words in lower case; of scripts that put no spaces between words, pairs of characters.</summary>
/// <remarks>
/// A word is a run of letters, digits and marks; full-width Latin letters and digits count as plain ones. Han, Hiragana, Katakana and Hangul give every two neighbours, and a lone character gives
/// itself: "红 Tasse 3" is [红, tasse, 3], "お茶碗" is [お茶, 茶碗]. Composed and decomposed accents are not made alike: that needs tables that a program with invariant globalisation does not have.
/// </remarks>
public static class Tokens
{
    /// <summary>Tokens of one text at most; those behind are not read.</summary>
    public const int CountMax = 4_096;

    /// <summary>Characters of one token at most; a longer word is cut there.</summary>
    public const int CharsMax = 64;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">Any text; lone surrogates separate words.</param>
    public static List<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<string>();
        var word = new StringBuilder();
        Rune last = default;
        bool hasLast = false, isAlone = false;
        foreach (Rune given in text.EnumerateRunes())
        {
            Rune rune = Plain(given);
            if (tokens.Count >= CountMax)
                return tokens;
            bool isIdeograph = IsUnspaced(rune);
            if (isIdeograph || !IsWord(rune))
                EndWord(tokens, word);
            if (!isIdeograph && isAlone)
                tokens.Add(last.ToString());
            if (isIdeograph)
            {
                if (hasLast)
                    tokens.Add(last.ToString() + rune);
                (isAlone, last, hasLast) = (!hasLast, rune, true);
                continue;
            }
            (hasLast, isAlone) = (false, false);
            if (IsWord(rune) && word.Length < CharsMax)
                word.Append(Rune.ToLowerInvariant(rune).ToString());
        }
        EndWord(tokens, word);
        if (isAlone)
            tokens.Add(last.ToString());
        return tokens;
    }

    private static void EndWord(List<string> tokens, StringBuilder word)
    {
        if (word.Length > 0)
            tokens.Add(word.ToString());
        word.Clear();
    }

    /// <summary>The plain form of a full-width one, U+FF01 to U+FF5E.</summary>
    private static Rune Plain(Rune rune) => rune.Value is >= 0xFF01 and <= 0xFF5E ? new(rune.Value - 0xFEE0) : rune;

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsUnspaced(Rune rune) => Rune.IsLetter(rune) && rune.Value is
        (>= 0x3040 and <= 0x30FF) or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7AF)
        or (>= 0x1100 and <= 0x11FF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3134F);
}
