namespace OrleansRec.Model.Hybrid;

/// <summary>A part that scores some rows, and finds its best, without a pass over the whole block.</summary>
/// <remarks>Scores are the bits that <see cref="IScorePart.Score"/> gives the same rows. Safe for many callers.</remarks>
public interface ISparsePart : IScorePart
{
    /// <summary>Scores some rows of the block; 0 for a row of which the part knows nothing.</summary>
    /// <param name="query">From <see cref="IScorePart.Prepare"/>.</param>
    /// <param name="rows">Rows of the block, in any order.</param>
    /// <param name="scores">Overwritten, shape as <paramref name="rows"/>.</param>
    void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores);

    /// <summary>The best of the rows that score above 0, in the total order (score descending, then id ascending).</summary>
    /// <param name="query">From <see cref="IScorePart.Prepare"/>.</param>
    /// <param name="excluded">One bit a row; empty: none is left out.</param>
    /// <param name="best">Receives the best, best first; its length is n.</param>
    /// <returns>How many there are.</returns>
    int Best(PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best);

    /// <summary>The scores of one query while a list is made of them. A part whose scores are a pass over something makes it once here.</summary>
    /// <param name="query">From <see cref="IScorePart.Prepare"/>.</param>
    IPartScores Open(PartQuery query) => new PartScores(this, query);
}

/// <summary>The scores of one part for one query. Not safe for several callers; dispose of it when the list is made.</summary>
public interface IPartScores : IDisposable
{
    /// <inheritdoc cref="ISparsePart.ScoreRows"/>
    void ScoreRows(ReadOnlySpan<int> rows, Span<float> scores);

    /// <inheritdoc cref="ISparsePart.Best"/>
    int Best(ReadOnlySpan<ulong> excluded, Span<ScoredRow> best);
}

/// <summary>Asks the part each time.</summary>
internal sealed class PartScores(ISparsePart part, PartQuery query) : IPartScores
{
    public void ScoreRows(ReadOnlySpan<int> rows, Span<float> scores) => part.ScoreRows(query, rows, scores);

    public int Best(ReadOnlySpan<ulong> excluded, Span<ScoredRow> best) => part.Best(query, excluded, best);

    public void Dispose()
    {
    }
}
