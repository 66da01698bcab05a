namespace OrleansRec.Model.Hybrid;

/// <summary>A part whose query reaches few rows of a block: those alone are scored and searched. Safe for many callers.</summary>
/// <param name="itemIds">Id of each row of the block, shape (n).</param>
public abstract class TouchedRowsPart(string[] itemIds) : ISparsePart
{
    private readonly TouchedRowsPool _pool = new(itemIds.Length);

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => itemIds;

    /// <inheritdoc/>
    public abstract PartQuery Prepare(UserSignals signals);

    /// <inheritdoc/>
    public abstract void Score(PartQuery query, Span<float> scores);

    /// <inheritdoc/>
    public void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        var touched = _pool.Take();
        Touch(query, touched);
        touched.Read(rows, scores);
        _pool.Return(touched);
    }

    /// <inheritdoc/>
    public int Best(PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best)
    {
        var touched = _pool.Take();
        Touch(query, touched);
        int count = touched.Best(excluded, itemIds, best);
        _pool.Return(touched);
        return count;
    }

    /// <inheritdoc/>
    public IPartScores Open(PartQuery query) => new HeldRows(this, query);

    /// <inheritdoc/>
    public abstract double Explain(PartQuery query, int row, Span<double> amounts);

    /// <summary>Adds what the query gives to every row that it reaches.</summary>
    private protected abstract void Touch(PartQuery query, TouchedRows touched);

    /// <summary>The rows of one query, touched when they are first asked for, and lent until the end.</summary>
    private sealed class HeldRows(TouchedRowsPart part, PartQuery query) : IPartScores
    {
        private TouchedRows? _touched;

        public void ScoreRows(ReadOnlySpan<int> rows, Span<float> scores) => Touched().Read(rows, scores);

        public int Best(ReadOnlySpan<ulong> excluded, Span<ScoredRow> best) => Touched().Best(excluded, part.ItemIds, best);

        public void Dispose()
        {
            if (_touched is not null)
                part._pool.Return(_touched);
            _touched = null;
        }

        private TouchedRows Touched()
        {
            if (_touched is not null)
                return _touched;
            _touched = part._pool.Take();
            part.Touch(query, _touched);
            return _touched;
        }
    }
}
