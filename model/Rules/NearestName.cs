namespace OrleansRec.Model.Rules;

/// <summary>The known name that a mistyped one is nearest to, by the number of letters to change (Levenshtein 1966).</summary>
internal static class NearestName
{
    // Of longer names the distance is not worth its cost.
    private const int CharsMax = 64;

    /// <summary>The nearest name within a third of the letters, or two where there are four or more, ties by ordinal order; null where there is none or the name is known.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > CharsMax)
            return null;
        string? best = null;
        int least = Math.Max(name.Length > 3 ? 2 : 1, name.Length / 3) + 1;
        foreach (string candidate in known.Where(k => k.Length <= CharsMax).Order(StringComparer.Ordinal))
            if (Distance(name, candidate) is int distance && distance < least)
                (best, least) = (candidate, distance);
        return best == name ? null : best;
    }

    private static int Distance(string a, string b)
    {
        Span<int> above = stackalloc int[CharsMax + 1], row = stackalloc int[CharsMax + 1];
        for (int j = 0; j <= b.Length; j++)
            above[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + change);
            }
            row.CopyTo(above);
        }
        return above[b.Length];
    }
}
