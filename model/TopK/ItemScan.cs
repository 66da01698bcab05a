using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>Scores of consecutive rows, a block at a time, offered to the best so far where they reach its threshold.</summary>
public static unsafe class ItemScan
{
    /// <summary>Rows scored before any is looked at: their scores stay in the first-level cache.</summary>
    public const int BlockRows = 128;

    /// <summary>The score of one row, with the bits that the scan gives it.</summary>
    public static float Score(ReadOnlySpan<float> query, ReadOnlySpan<float> items, int row, int width, float offset)
    {
        float score;
        fixed (float* x = query, y = items)
            KernelRung.Single.Dots(y + (nint)row * width, 1, width, x, &score);
        return score + offset;
    }

    /// <summary>The scores of all rows, with the bits that the scan gives them.</summary>
    public static void Scores(ReadOnlySpan<float> query, ReadOnlySpan<float> items, float offset, Span<float> scores)
    {
        fixed (float* x = query, y = items, into = scores)
            KernelRung.Single.Dots(y, scores.Length, query.Length, x, into);
        TensorPrimitives.Add(scores, offset, scores);
    }

    /// <summary>Offers every row that is not excluded.</summary>
    /// <param name="query">Shape (width).</param>
    /// <param name="items">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="factors">Multiplies each product, shape (n); empty: nothing does.</param>
    /// <param name="scale">Multiplies each product before; 1 where there are no factors.</param>
    /// <param name="offset">Added to each score.</param>
    /// <param name="excluded">One bit a row; empty: none.</param>
    /// <param name="best">Takes the rows.</param>
    internal static void Offer(
        ReadOnlySpan<float> query, ReadOnlySpan<float> items, int width, ReadOnlySpan<float> factors, float scale, float offset, ReadOnlySpan<ulong> excluded, ref BestRows best)
    {
        int rowCount = items.Length / width;
        float* scores = stackalloc float[BlockRows];
        fixed (float* x = query, y = items)
            for (int first = 0; first < rowCount; first += BlockRows)
            {
                int count = Math.Min(BlockRows, rowCount - first);
                KernelRung.Single.Dots(y + (nint)first * width, count, width, x, scores);
                var block = new Span<float>(scores, count);
                if (factors.IsEmpty)
                    TensorPrimitives.Add(block, offset, block);
                else
                {
                    TensorPrimitives.Multiply(block, scale, block);
                    TensorPrimitives.Multiply(block, factors.Slice(first, count), block);
                }
                OfferBlock(block, first, excluded, ref best);
            }
    }

    /// <summary>Offers the scores of consecutive rows, those that are not excluded.</summary>
    internal static void OfferBlock(ReadOnlySpan<float> scores, int first, ReadOnlySpan<ulong> excluded, ref BestRows best)
    {
        // Most blocks have no row that enters.
        if (TensorPrimitives.Max(scores) < best.Threshold)
            return;
        for (int n = 0; n < scores.Length; n++)
            if (scores[n] >= best.Threshold && !IsSet(excluded, first + n))
                best.Offer(first + n, scores[n]);
    }

    private static bool IsSet(ReadOnlySpan<ulong> bits, int row) => !bits.IsEmpty && (bits[row >> 6] >> (row & 63) & 1) != 0;
}
