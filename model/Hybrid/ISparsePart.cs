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
}

/// <summary>Scores of the few rows that a query touches: a dense array of zeros, and the list of rows that are not zero any more.</summary>
/// <remarks>Lent by a part and given back clean, so a query costs what it touches. One array of floats, ints and bits a block for each caller at once.</remarks>
internal sealed class TouchedRows(int rowCount)
{
    private readonly float[] _scores = new float[rowCount];
    private readonly int[] _rows = new int[rowCount];
    private readonly ulong[] _isTouched = new ulong[Items.RowWords.CountOf(rowCount)];
    private int _count;

    /// <summary>Adds to the score of a row.</summary>
    public void Add(int row, float amount)
    {
        ulong bit = 1UL << row;
        if ((_isTouched[row >> 6] & bit) == 0)
        {
            _isTouched[row >> 6] |= bit;
            _rows[_count++] = row;
        }
        _scores[row] += amount;
    }

    /// <summary>Scores of some rows.</summary>
    public void Read(ReadOnlySpan<int> rows, Span<float> scores)
    {
        for (int n = 0; n < rows.Length; n++)
            scores[n] = _scores[rows[n]];
    }

    /// <summary>The best of the rows that score above 0.</summary>
    public int Best(ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids, Span<ScoredRow> best)
    {
        TopK.RequireExcluded(excluded, ids.Length);
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ids);
        foreach (int row in _rows.AsSpan(0, _count))
            if (_scores[row] > 0 && _scores[row] >= heap.Threshold && (excluded.IsEmpty || !Items.RowWords.Has(excluded, row)))
                heap.Offer(row, _scores[row]);
        return heap.Sort();
    }

    /// <summary>Back to zeros.</summary>
    public void Clear()
    {
        foreach (int row in _rows.AsSpan(0, _count))
        {
            _scores[row] = 0;
            _isTouched[row >> 6] = 0;
        }
        _count = 0;
    }
}

/// <summary>Lends <see cref="TouchedRows"/> of one block; there are never more than there were callers at once.</summary>
internal sealed class TouchedRowsPool(int rowCount)
{
    private readonly System.Collections.Concurrent.ConcurrentBag<TouchedRows> _free = [];

    /// <summary>All zero; give it back.</summary>
    public TouchedRows Take() => _free.TryTake(out var rows) ? rows : new(rowCount);

    /// <summary>Cleans and keeps it.</summary>
    public void Return(TouchedRows rows)
    {
        rows.Clear();
        _free.Add(rows);
    }
}
