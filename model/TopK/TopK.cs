using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>The exact best k of many items, under the total order (score descending, then id ascending).</summary>
/// <remarks>A row's score has the same bits whichever method computes it and wherever the row lies. Nothing is allocated but what <see cref="Merge"/> returns.</remarks>
public static class TopK
{
    /// <summary>The best of all rows.</summary>
    /// <param name="query">Shape (width), finite.</param>
    /// <param name="items">Row-major, shape (n, width), finite.</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="offset">Added to each score.</param>
    /// <param name="excluded">One bit a row, the lowest first; a set bit leaves the row out. Empty: none is left out.</param>
    /// <param name="ids">Id of each row, shape (n).</param>
    /// <param name="best">Receives the best, best first; its length is k.</param>
    /// <returns>How many there are: k, or fewer where fewer rows are left.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static int Select(
        ReadOnlySpan<float> query, ReadOnlySpan<float> items, int width, float offset, ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids, Span<ScoredRow> best)
    {
        RequireShapes(query, items, width, ids);
        RequireExcluded(excluded, ids.Length);
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ids);
        ItemScan.Offer(query, items, width, [], 1, offset, excluded, ref heap);
        return heap.Sort();
    }

    /// <summary>The best of some rows.</summary>
    /// <param name="query">Shape (width), finite.</param>
    /// <param name="items">Row-major, shape (n, width), finite.</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="offset">Added to each score.</param>
    /// <param name="candidates">The rows to choose from, each once, in any order.</param>
    /// <param name="ids">Id of each row, shape (n).</param>
    /// <param name="best">Receives the best, best first; its length is k.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static int SelectAmong(
        ReadOnlySpan<float> query, ReadOnlySpan<float> items, int width, float offset, ReadOnlySpan<int> candidates, ReadOnlySpan<string> ids, Span<ScoredRow> best)
    {
        RequireShapes(query, items, width, ids);
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ids);
        foreach (int row in candidates)
        {
            if ((uint)row >= (uint)ids.Length)
                throw new ArgumentException($"Rows are 0 … {ids.Length - 1}; got {row}.", nameof(candidates));
            float score = ItemScan.Score(query, items, row, width, offset);
            if (score >= heap.Threshold)
                heap.Offer(row, score);
        }
        return heap.Sort();
    }

    /// <summary>The rows whose direction is nearest to a row's; the row itself is left out, and rows of length zero come with cosine 0.</summary>
    /// <param name="row">The row to compare with.</param>
    /// <param name="items">Row-major, shape (n, width), finite.</param>
    /// <param name="width">Floats in a row; of an explicit model the bias counts as one of them.</param>
    /// <param name="inverseNorms">From <see cref="InverseNorms"/>, shape (n).</param>
    /// <param name="excluded">One bit a row; empty: none is left out.</param>
    /// <param name="ids">Id of each row, shape (n).</param>
    /// <param name="best">Receives the best, best first, with the cosine as score.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static int NearestByCosine(
        int row, ReadOnlySpan<float> items, int width, ReadOnlySpan<float> inverseNorms, ReadOnlySpan<ulong> excluded, ReadOnlySpan<string> ids, Span<ScoredRow> best)
    {
        var query = items.Slice(row * width, width);
        RequireShapes(query, items, width, ids);
        RequireExcluded(excluded, ids.Length);
        if (inverseNorms.Length != ids.Length)
            throw new ArgumentException($"{ids.Length} rows need as many norms; got {inverseNorms.Length}.", nameof(inverseNorms));
        if (best.IsEmpty)
            return 0;
        var heap = new BestRows(best, ids) { LeftOut = row };
        ItemScan.Offer(query, items, width, inverseNorms, inverseNorms[row], 0, excluded, ref heap);
        return heap.Sort();
    }

    /// <summary>1/|y| of each row; 0 for a row of zeros, or of less than a normal float.</summary>
    /// <param name="items">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    public static float[] InverseNorms(ReadOnlySpan<float> items, int width)
    {
        var inverse = new float[items.Length / width];
        for (int row = 0; row < inverse.Length; row++)
        {
            float norm = TensorPrimitives.Norm(items.Slice(row * width, width));
            // Of less than a normal float the inverse would be infinite.
            inverse[row] = float.IsNormal(norm) ? 1 / norm : 0;
        }
        return inverse;
    }

    /// <summary>The best k of several sorted lists that share no item: what one list over all of them would hold.</summary>
    /// <param name="lists">Each best first.</param>
    /// <param name="k">How many are wanted.</param>
    public static ScoredItem[] Merge(IReadOnlyList<ScoredItem[]> lists, int k)
    {
        int total = 0;
        foreach (var list in lists)
            total += list.Length;
        var merged = new ScoredItem[Math.Min(k, total)];
        var next = new int[lists.Count];
        for (int i = 0; i < merged.Length; i++)
        {
            int from = -1;
            for (int l = 0; l < lists.Count; l++)
                if (next[l] < lists[l].Length && (from < 0 || lists[l][next[l]].CompareTo(lists[from][next[from]]) < 0))
                    from = l;
            merged[i] = lists[from][next[from]++];
        }
        return merged;
    }

    internal static void RequireShapes(ReadOnlySpan<float> query, ReadOnlySpan<float> items, int width, ReadOnlySpan<string> ids)
    {
        if (query.Length != width || items.Length != (long)ids.Length * width)
            throw new ArgumentException($"{ids.Length} rows of {width} floats and one query are needed; got {items.Length} and {query.Length} floats.", nameof(items));
    }

    internal static void RequireExcluded(ReadOnlySpan<ulong> excluded, int rowCount)
    {
        if (!excluded.IsEmpty && excluded.Length * 64L < rowCount)
            throw new ArgumentException($"{rowCount} rows need {(rowCount + 63) / 64} words of bits; got {excluded.Length}.", nameof(excluded));
    }
}
