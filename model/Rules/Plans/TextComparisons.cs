using OrleansRec.Model.Items;

namespace OrleansRec.Model.Rules.Plans;

/// <summary>Compares texts, or searches one in the other, row by row.</summary>
internal sealed class TextComparisonBits(RuleOp op, TextsPlan left, TextsPlan right) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        using var lefts = new RentedTexts(left, rows);
        using var rights = new RentedTexts(right, rows);
        into.Clear();
        for (int n = 0; n < rows.Count; n++)
            if (lefts.Texts[n] is { } a && rights.Texts[n] is { } b && Holds(a, b))
                RowWords.Set(into, n, true);
    }

    private bool Holds(string a, string b) => op switch
    {
        RuleOp.StartsWith => a.StartsWith(b, StringComparison.Ordinal),
        RuleOp.Contains => a.Contains(b, StringComparison.Ordinal),
        RuleOp.Equal => a == b,
        RuleOp.NotEqual => a != b,
        _ => RuleConstants.Holds(op, string.CompareOrdinal(a, b)),
    };
}

/// <summary>Whether a label is one of some texts, or is there and none of them, by their codes.</summary>
internal sealed class LabelInListBits(ColumnName column, string[] list, bool isIn = true) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        into.Clear();
        if (column.Of(rows.Chunk) is not LabelChunk labels || column.Codes is not { } codes)
            return;
        Span<int> wanted = stackalloc int[RuleBounds.ListMax];
        int count = 0;
        foreach (string text in list)
            if (codes.Find(text) is >= 0 and int code)
                wanted[count++] = code;
        wanted = wanted[..count];
        for (int word = 0; word < into.Length; word++)
            into[word] = Word(labels.Codes.AsSpan(rows.First + word * 64, 64), wanted);
    }

    private ulong Word(ReadOnlySpan<int> codes, ReadOnlySpan<int> wanted)
    {
        ulong bits = 0;
        // No code of a text is −2.
        int first = wanted.Length > 0 ? wanted[0] : -2;
        for (int n = 0; n < codes.Length; n++)
        {
            bool isWanted = codes[n] == first || (wanted.Length > 1 && wanted.Contains(codes[n]));
            bits |= (isWanted == isIn && codes[n] >= 0 ? 1UL : 0) << n;
        }
        return bits;
    }
}

internal sealed class TextInListBits(TextsPlan texts, string[] list) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        using var rented = new RentedTexts(texts, rows);
        into.Clear();
        for (int n = 0; n < rows.Count; n++)
            if (rented.Texts[n] is { } text && list.AsSpan().Contains(text))
                RowWords.Set(into, n, true);
    }
}

/// <summary>Whether an item's labels hold a text, by codes; a path also holds its ancestors.</summary>
internal sealed class TextInLabelsBits(string text, ColumnName column) : BitsPlan
{
    private readonly string _text = column.ArePaths ? CategoryPath.Normal(text) : text;
    private bool[] _isMatch = [];

    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        into.Clear();
        if (column.Of(rows.Chunk) is not ListChunk lists || column.Codes is not { } codes)
            return;
        bool[] isMatch = Matches(codes);
        for (int n = 0; n < rows.Count; n++)
            foreach (int code in lists.At(rows.First + n))
                if (isMatch[code])
                {
                    RowWords.Set(into, n, true);
                    break;
                }
    }

    /// <summary>Which codes are meant; computed again when there are more of them than before.</summary>
    private bool[] Matches(TextCodes codes)
    {
        bool[] known = Volatile.Read(ref _isMatch);
        int count = codes.Count;
        if (known.Length >= count)
            return known;
        var matches = new bool[count];
        known.CopyTo(matches, 0);
        for (int code = known.Length; code < count; code++)
            matches[code] = column.ArePaths ? CategoryPath.IsWithin(codes[code], _text) : codes[code] == _text;
        Volatile.Write(ref _isMatch, matches);
        return matches;
    }
}

/// <summary>Whether an item's labels hold a text that differs from item to item.</summary>
internal sealed class TextsInLabelsBits(TextsPlan texts, ColumnName column) : BitsPlan
{
    public override void Fill(in RowRange rows, Span<ulong> into)
    {
        using var rented = new RentedTexts(texts, rows);
        into.Clear();
        if (column.Of(rows.Chunk) is not ListChunk lists || column.Codes is not { } codes)
            return;
        for (int n = 0; n < rows.Count; n++)
            if (rented.Texts[n] is { } text && Holds(lists.At(rows.First + n), codes, text))
                RowWords.Set(into, n, true);
    }

    private bool Holds(ReadOnlySpan<int> list, TextCodes codes, string text)
    {
        string wanted = column.ArePaths && !list.IsEmpty ? CategoryPath.Normal(text) : text;
        foreach (int code in list)
            if (column.ArePaths ? CategoryPath.IsWithin(codes[code], wanted) : codes[code] == wanted)
                return true;
        return false;
    }
}
