using System.Buffers;

namespace OrleansRec.Model.Hybrid;

/// <summary>The best rows of a block by scores that are there for every row.</summary>
public static class BlockLists
{
    /// <summary>The best of all rows, in the total order (score descending, then id ascending).</summary>
    /// <param name="scores">Shape (n); NaN is refused.</param>
    /// <param name="excluded">One bit a row; empty: none is left out.</param>
    /// <param name="ids">Id of each row, shape (n).</param>
    /// <param name="best">Receives the best, best first; its length is k.</param>
    /// <returns>How many there are: k, or fewer where fewer rows are left.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or a score is not a number.</exception>
    public static int Select(ReadOnlySpan<float> scores, ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids, Span<ScoredRow> best)
    {
        if (scores.Length != ids.Length)
            throw new ArgumentException($"{ids.Length} rows need as many scores; got {scores.Length}.", nameof(scores));
        TopK.RequireExcluded(excluded, ids.Length);
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ids);
        for (int first = 0; first < scores.Length; first += ItemScan.BlockRows)
            ItemScan.OfferBlock(RequireNumbers(scores.Slice(first, Math.Min(ItemScan.BlockRows, scores.Length - first))), first, excluded, ref heap);
        return heap.Sort();
    }

    /// <summary>The best n of a block for one user by one part; allocates what it returns, its buffers are rented.</summary>
    /// <param name="part">The part.</param>
    /// <param name="query">From the part's <see cref="IScorePart.Prepare"/>.</param>
    /// <param name="n">How many are wanted, ≥ 0.</param>
    /// <param name="excluded">One bit a row; empty: none is left out.</param>
    public static ScoredItem[] Best(IScorePart part, PartQuery query, int n, ReadOnlySpan<ulong> excluded)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        var ids = part.ItemIds;
        float[] scores = ArrayPool<float>.Shared.Rent(Math.Max(1, ids.Length));
        try
        {
            part.Score(query, scores.AsSpan(0, ids.Length));
            var rows = new ScoredRow[Math.Min(n, ids.Length)];
            int count = Select(scores.AsSpan(0, ids.Length), excluded, ids, rows);
            var best = new ScoredItem[count];
            for (int i = 0; i < count; i++)
                best[i] = new(ids[rows[i].Row], rows[i].Score);
            return best;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scores);
        }
    }

    private static ReadOnlySpan<float> RequireNumbers(ReadOnlySpan<float> scores) =>
        float.IsNaN(System.Numerics.Tensors.TensorPrimitives.Max(scores)) ? throw new ArgumentException("A score is not a number.", nameof(scores)) : scores;
}
