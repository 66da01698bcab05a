namespace OrleansRec.Model.Rules;

/// <summary>Errors with the token that stands at a place.</summary>
internal static class RuleErrors
{
    private const int TokenCharsMax = 32;

    /// <summary>An error at a place in a text, or at the next token after white space.</summary>
    public static RuleError At(string text, int offset, string rule, string? nearest = null)
    {
        while (offset < text.Length && char.IsWhiteSpace(text[offset]))
            offset++;
        return new(offset + 1, Token(text, offset), rule, nearest);
    }

    private static string Token(string text, int start)
    {
        if (start >= text.Length)
            return "";
        int end = start + 1;
        if (text[start] is '"' or '\'')
            end = text.IndexOf(text[start], end) is >= 0 and int close ? close + 1 : text.Length;
        else if (IsWord(text[start]))
            while (end < text.Length && IsWord(text[end]))
                end++;
        else if (end < text.Length && "=&|".Contains(text[end]))
            end++;
        else if (char.IsHighSurrogate(text[start]) && end < text.Length)
            end++;
        return EventRules.Repair(text[start..Math.Min(end, start + TokenCharsMax)]);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
