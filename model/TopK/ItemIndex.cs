using System.Numerics;

namespace OrleansRec.Model;

/// <summary>Makes the exact top k of a factor matrix cheap: what it answers equals <see cref="TopK"/> to the last bit, in scores, order and ties.</summary>
/// <remarks>
/// Rows are kept by falling norm in blocks, as codes of seven bits. A block that cannot reach the list by its norm ends the search; of the others the codes say, in whole
/// numbers and with a bound on their error, which rows can, and only those are scored with the floats. Immutable; safe for any number of readers; a search allocates nothing.
/// The matrix itself stays with the caller, who passes the one that the index was made of.
/// </remarks>
public sealed unsafe partial class ItemIndex
{
    /// <summary>Below so many rows the plain scan is as fast.</summary>
    public const int RowsMin = 512;

    // Where a filter leaves one row in N or fewer, these are scored one by one: at once; or in the place of the plain scan, which reads every row. Measured by `bench topk`.
    private const int RowsPerAllowed = 32, RowsPerAllowedOfScan = 4;

    private readonly ItemCodes? codes;
    private readonly float[] inverseNorms;
    private readonly int rowCount;
    private readonly int width;

    /// <param name="items">Row-major, shape (n, width), finite.</param>
    /// <param name="width">Floats in a row.</param>
    public ItemIndex(ReadOnlySpan<float> items, int width)
    {
        if (width < 1 || items.Length % width != 0)
            throw new ArgumentException($"Rows have {width} floats; got {items.Length}.", nameof(items));
        this.width = width;
        rowCount = items.Length / width;
        inverseNorms = TopK.InverseNorms(items, width);
        codes = rowCount < RowsMin ? null : ItemCodes.Of(items, width, inverseNorms);
    }

    /// <summary>1/|y| of each row, as <see cref="TopK.InverseNorms"/> has it.</summary>
    public ReadOnlySpan<float> InverseNorms => inverseNorms;

    /// <summary>Bytes that an index of so many rows takes.</summary>
    public static long BytesOf(long rowCount, int width) => (rowCount < RowsMin ? 0 : ItemCodes.BytesOf(rowCount, width, ItemCodes.BlocksOf(rowCount))) + rowCount * sizeof(float);

    /// <summary>As <see cref="TopK.Select"/>.</summary>
    /// <param name="query">Shape (width), finite.</param>
    /// <param name="items">The matrix that the index was made of.</param>
    /// <param name="offset">Added to each score.</param>
    /// <param name="excluded">One bit a row, the lowest first; a set bit leaves the row out. Empty: none is left out.</param>
    /// <param name="ids">Id of each row, shape (n).</param>
    /// <param name="best">Receives the best, best first; its length is k.</param>
    /// <returns>How many there are: k, or fewer where fewer rows are left.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public int Select(ReadOnlySpan<float> query, ReadOnlySpan<float> items, float offset, ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids, Span<ScoredRow> best)
    {
        RequireShapes(query, items, excluded, ids);
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ids);
        var scores = new ItemScores(query, items, width, offset);
        if (float.IsFinite(offset) && TrySearch(scores, excluded, ref heap))
            return heap.Sort();
        if (!LeavesOneIn(RowsPerAllowedOfScan, excluded))
            return TopK.Select(query, items, width, offset, excluded, ids, best);
        heap = new BestRows(best, ids);
        OfferAllowed(scores, excluded, ref heap);
        return heap.Sort();
    }

    /// <summary>As <see cref="TopK.NearestByCosine"/>.</summary>
    /// <param name="row">The row to compare with.</param>
    /// <param name="items">The matrix that the index was made of.</param>
    /// <param name="excluded">One bit a row; empty: none is left out.</param>
    /// <param name="ids">Id of each row, shape (n).</param>
    /// <param name="best">Receives the best, best first, with the cosine as score.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public int NearestByCosine(int row, ReadOnlySpan<float> items, ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids, Span<ScoredRow> best)
    {
        var query = items.Slice(row * width, width);
        RequireShapes(query, items, excluded, ids);
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ids) { LeftOut = row };
        return inverseNorms[row] > 0 && TrySearch(new(query, items, width, inverseNorms[row], inverseNorms), excluded, ref heap)
            ? heap.Sort()
            : TopK.NearestByCosine(row, items, width, inverseNorms, excluded, ids, best);
    }

    /// <summary>False where the plain scan has to answer.</summary>
    private bool TrySearch(in ItemScores scores, ReadOnlySpan<ulong> excluded, ref BestRows best)
    {
        if (codes is null)
            return false;
        if (LeavesOneIn(RowsPerAllowed, excluded))
        {
            OfferAllowed(scores, excluded, ref best);
            return true;
        }
        int* query = stackalloc int[codes.Groups];
        if (!QueryCode.TryMake(scores.Query, new(query, codes.Groups), out QueryCode code))
            return false;
        return new CodeSearch(codes, query, code, width, givesUp: true).Take(0, codes.BlockCount, scores, excluded, ref best);
    }

    /// <summary>Whether a filter leaves one row in a number of rows, or fewer.</summary>
    private bool LeavesOneIn(int rows, ReadOnlySpan<ulong> excluded)
    {
        if (excluded.IsEmpty)
            return false;
        int allowed = 0, few = rowCount / rows;
        for (int word = 0; word < rowCount >> 6 && allowed <= few; word++)
            allowed += BitOperations.PopCount(~excluded[word]);
        return allowed <= few;
    }

    private void OfferAllowed(in ItemScores scores, ReadOnlySpan<ulong> excluded, ref BestRows best)
    {
        int* rows = stackalloc int[64];
        for (int word = 0; word << 6 < rowCount; word++)
        {
            int count = 0;
            for (ulong bits = ~excluded[word]; bits != 0; bits &= bits - 1)
                if ((word << 6) + BitOperations.TrailingZeroCount(bits) is int row && row < rowCount)
                    rows[count++] = row;
            if (count > 0)
                scores.Offer(new(rows, count), ref best);
        }
    }

    private void RequireShapes(ReadOnlySpan<float> query, ReadOnlySpan<float> items, ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids)
    {
        TopK.RequireShapes(query, items, width, ids);
        TopK.RequireExcluded(excluded, ids.Length);
        if (ids.Length != rowCount)
            throw new ArgumentException($"The index is of {rowCount} rows; got {ids.Length}.", nameof(items));
    }
}
