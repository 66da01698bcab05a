using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansRec.Model;

/// <summary>What a row scores, with the bits that the plain scan gives it: its product with the query plus an offset, or its cosine.</summary>
internal readonly unsafe ref struct ItemScores
{
    private const int LineFloats = 16;

    /// <summary>Rows asked of memory before the one that is scored.</summary>
    private const int Ahead = 6;

    private readonly ReadOnlySpan<float> query;
    private readonly ReadOnlySpan<float> items;
    private readonly ReadOnlySpan<float> factors;
    private readonly int width;
    private readonly float offset;
    private readonly float scale;

    /// <summary>query · row + offset.</summary>
    public ItemScores(ReadOnlySpan<float> query, ReadOnlySpan<float> items, int width, float offset)
    {
        this.query = query;
        this.items = items;
        this.width = width;
        this.offset = offset;
        scale = 1;
    }

    /// <summary>(query · row · scale) · factor of the row.</summary>
    public ItemScores(ReadOnlySpan<float> query, ReadOnlySpan<float> items, int width, float scale, ReadOnlySpan<float> factors)
    {
        this.query = query;
        this.items = items;
        this.width = width;
        this.scale = scale;
        this.factors = factors;
    }

    public ReadOnlySpan<float> Query => query;

    public float Offset => offset;

    public bool AreCosines => !factors.IsEmpty;

    /// <summary>Offers rows, those that are not excluded; answers how many it scored.</summary>
    public int Offer(ReadOnlySpan<int> rows, ref BestRows best)
    {
        float product;
        fixed (float* x = query, y = items)
            for (int n = 0; n < rows.Length; n++)
            {
                if (n + Ahead < rows.Length)
                    Prefetch(y + (nint)rows[n + Ahead] * width);
                int row = rows[n];
                KernelRung.Single.Dots(y + (nint)row * width, 1, width, x, &product);
                float score = factors.IsEmpty ? product + offset : product * scale * factors[row];
                if (score >= best.Threshold)
                    best.Offer(row, score);
            }
        return rows.Length;
    }

    /// <summary>The least product, in exact arithmetic, that can still give a score of <paramref name="threshold"/>; −∞ where nothing is known.</summary>
    /// <param name="threshold">A score.</param>
    /// <param name="inverseNorm">The largest factor of the rows in question.</param>
    public double LeastProduct(float threshold, double inverseNorm)
    {
        // 2⁻²² is four half units in the last place of a float; a score takes two roundings from the product.
        const double Rounding = 1.0 / (1 << 22);
        if (!AreCosines)
            return (double)threshold - offset - Rounding * (Math.Abs(threshold) + Math.Abs((double)offset));
        return threshold > 0 ? threshold * (1 - Rounding) / (scale * inverseNorm) : double.NegativeInfinity;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(float* row)
    {
        if (Sse.IsSupported)
            for (int j = 0; j < width; j += LineFloats)
                Sse.Prefetch0(row + j);
    }
}
