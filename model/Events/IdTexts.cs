namespace OrleansRec.Model;

/// <summary>Which ids are taken although they look like a mistake.</summary>
[Flags]
public enum IdLeniency
{
    /// <summary>None: what HTTP takes, and imports unless an option says otherwise.</summary>
    None = 0,

    /// <summary>Ids that stand for a missing one, such as null.</summary>
    NullLike = 1,

    /// <summary>Ids that begin or end with a space.</summary>
    EdgeSpaces = 2,
}

/// <summary>Ids that are a mistake of the program that wrote them: the word for a missing value, and ids with spaces at the edge.</summary>
/// <remarks>Taken as they are, the first makes one customer of all that have none, and the second makes two customers of one.</remarks>
public static class IdTexts
{
    private const string NoUuid = "00000000-0000-0000-0000-000000000000";

    /// <summary>The rule that a null-like id breaks, which names it in lower case; null for any other.</summary>
    /// <param name="id">Without spaces at the edge.</param>
    public static string? NullLikeRule(ReadOnlySpan<char> id) => id.Length switch
    {
        3 => RuleOf(id, "nan"),
        4 => RuleOf(id, "null") ?? RuleOf(id, "none"),
        6 => RuleOf(id, "(null)"),
        9 => RuleOf(id, "undefined") ?? RuleOf(id, "(not set)"),
        36 => RuleOf(id, NoUuid),
        _ => null,
    };

    /// <summary>Whether a text begins or ends with a space of any kind: the no-break space, tabs, line ends and the byte order mark too.</summary>
    /// <param name="text">Any text.</param>
    public static bool HasEdgeSpace(ReadOnlySpan<char> text) => !text.IsEmpty && (IsSpace(text[0]) || IsSpace(text[^1]));

    /// <summary>The text without spaces at its edges.</summary>
    /// <param name="text">Any text.</param>
    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        int start = 0, end = text.Length;
        while (start < end && IsSpace(text[start]))
            start++;
        while (end > start && IsSpace(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary>Refuses an id with spaces at the edge or one that stands for none; null where it is fine. What <see cref="EventRules.CheckId"/> refuses is not looked at.</summary>
    /// <param name="field">The field, as callers name it.</param>
    /// <param name="id">The id.</param>
    /// <param name="kept">What is taken all the same.</param>
    public static RuleViolation? Check(string field, string id, IdLeniency kept)
    {
        if (!kept.HasFlag(IdLeniency.EdgeSpaces) && HasEdgeSpace(id))
            return RuleViolation.Of(field, id, "must not begin or end with a space");
        return !kept.HasFlag(IdLeniency.NullLike) && NullLikeRule(id) is { } rule ? RuleViolation.Of(field, id, rule) : null;
    }

    // Reports count by the rule, so that each value is counted by itself.
    private static string? RuleOf(ReadOnlySpan<char> id, string text) =>
        id.Equals(text, StringComparison.OrdinalIgnoreCase) ? $"must be an id; '{text}' stands for a missing one" : null;

    // char.IsWhiteSpace has the no-break space (U+00A0) and not the mark (U+FEFF).
    private static bool IsSpace(char c) => c is ' ' or '\uFEFF' || (c is < '!' or > '~' && char.IsWhiteSpace(c));
}
