namespace OrleansRec.Model.Ranking;

/// <summary>Candidates of a list, best first under the total order (score, then id), of which more can be drawn.</summary>
public interface ICandidates
{
    /// <summary>Takes the next candidates.</summary>
    /// <param name="into">Receives them, best first.</param>
    /// <returns>How many there are; fewer than asked for: there are no more.</returns>
    int Draw(Span<ScoredRow> into);
}

/// <summary>Candidates that are all known.</summary>
/// <param name="rows">Best first; no row twice.</param>
public sealed class KnownCandidates(IReadOnlyList<ScoredRow> rows) : ICandidates
{
    private int _drawn;

    /// <inheritdoc/>
    public int Draw(Span<ScoredRow> into)
    {
        int count = Math.Min(into.Length, rows.Count - _drawn);
        for (int n = 0; n < count; n++)
            into[n] = rows[_drawn++];
        return count;
    }
}

/// <summary>Candidates by exact search, those alone that a filter leaves: a longer list is searched for when more are drawn.</summary>
/// <param name="index">The index of the matrix.</param>
/// <param name="factors">Row-major, shape (n, width), in the order of the items' rows.</param>
/// <param name="query">Shape (width), finite.</param>
/// <param name="offset">Added to each score.</param>
/// <param name="eligible">One bit a row; only rows whose bit is set are candidates, shape (⌈n / 64⌉) or longer.</param>
/// <param name="ids">Id of each row, shape (n).</param>
/// <remarks>Draws of doubling sizes cost at most about twice the search for all that is drawn.</remarks>
public sealed class IndexCandidates(ItemIndex index, ReadOnlyMemory<float> factors, ReadOnlyMemory<float> query, float offset, ReadOnlyMemory<ulong> eligible, string[] ids) : ICandidates
{
    private readonly ulong[] _excluded = Inverse(eligible.Span);
    private int _drawn;
    private bool _isExhausted;

    /// <inheritdoc/>
    public int Draw(Span<ScoredRow> into)
    {
        if (_isExhausted || into.IsEmpty)
            return 0;
        int wanted = (int)Math.Min((long)_drawn + into.Length, ids.Length);
        var best = new ScoredRow[wanted];
        int found = index.Select(query.Span, factors.Span, offset, _excluded, ids, best);
        int count = found - _drawn;
        best.AsSpan(_drawn, count).CopyTo(into);
        _isExhausted = count < into.Length;
        _drawn = found;
        return count;
    }

    private static ulong[] Inverse(ReadOnlySpan<ulong> eligible)
    {
        var excluded = new ulong[eligible.Length];
        for (int word = 0; word < excluded.Length; word++)
            excluded[word] = ~eligible[word];
        return excluded;
    }
}
