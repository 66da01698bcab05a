namespace OrleansRec.Model;

/// <summary>The exact solution of one user's row against published item factors.</summary>
public sealed class FoldIn
{
    private readonly AlsOptions options;
    private readonly ReadOnlyMemory<float> items;
    private readonly int itemCount;
    private readonly double[] gram;
    private readonly double globalMean;
    private readonly PairWeights pairWeights;

    /// <summary>Prepares fold-in against one model; safe to use from many threads, each with its own scratch.</summary>
    /// <param name="options">The options that the model was trained with.</param>
    /// <param name="itemFactors">Y, row-major, shape (itemCount, <see cref="AlsOptions.Width"/>).</param>
    /// <param name="itemCount">I.</param>
    /// <param name="gram">YᵀY, shape (Width, Width); empty when explicit.</param>
    /// <param name="globalMean">μ when explicit, else 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public FoldIn(AlsOptions options, ReadOnlyMemory<float> itemFactors, int itemCount, double[] gram, double globalMean)
    {
        if (itemFactors.Length != (long)itemCount * options.Width)
            throw new ArgumentException($"{itemCount} rows of {options.Width} floats are needed; got {itemFactors.Length} floats.", nameof(itemFactors));
        if (options.Objective == Objective.Implicit && gram.Length != options.Width * options.Width)
            throw new ArgumentException($"A Gram matrix of {options.Width * options.Width} doubles is needed; got {gram.Length}.", nameof(gram));
        this.options = options;
        items = itemFactors;
        this.itemCount = itemCount;
        this.gram = gram;
        this.globalMean = globalMean;
        pairWeights = new PairWeights(options);
    }

    /// <summary>Scratch for one thread at a time.</summary>
    public FoldInScratch CreateScratch() => new(options.Width);

    /// <summary>Solves a user's vector; without pairs it is zero.</summary>
    /// <param name="rows">Item rows of the user's pairs, ascending.</param>
    /// <param name="values">r of each pair.</param>
    /// <param name="x">The vector, shape (Width).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>.</param>
    public void Solve(ReadOnlySpan<int> rows, ReadOnlySpan<float> values, Span<float> x, FoldInScratch scratch)
    {
        if (rows.IsEmpty)
        {
            x.Clear();
            return;
        }
        var b = scratch.Vector;
        Array.Clear(b);
        for (int n = 0; n < rows.Length; n++)
        {
            double target = Target(rows[n], values[n]);
            for (int i = 0; i < b.Length; i++)
                b[i] += target * Design(rows[n], i);
        }
        Factorise(rows, values, scratch);
        SolveFactored(scratch.Matrix, b);
        for (int i = 0; i < b.Length; i++)
            x[i] = (float)b[i];
    }

    /// <summary>Turns a user's vector into the one whose product with an item's row, plus the answer, is the score.</summary>
    /// <param name="x">The user's vector, shape (Width).</param>
    /// <param name="query">Shape (Width).</param>
    /// <returns>What to add to each product: μ + user bias when explicit, else 0.</returns>
    public float Query(ReadOnlySpan<float> x, Span<float> query)
    {
        x.CopyTo(query);
        if (options.Objective != Objective.Explicit)
            return 0;
        query[options.Rank] = 1;
        return (float)(globalMean + x[options.Rank]);
    }

    /// <summary>Splits a score over the history: score = offset + Σ amounts, amount j = weight j · similarity j (Hu, Koren, Volinsky 2008, section 5).</summary>
    /// <param name="rows">Item rows of the user's pairs, ascending, shape (n).</param>
    /// <param name="values">r of each pair, shape (n).</param>
    /// <param name="itemRow">The item whose score is explained.</param>
    /// <param name="amounts">What each pair adds to the score, shape (n).</param>
    /// <param name="similarities">yᵢᵀ·A⁻¹·yⱼ: how alike item and pair are to this user, shape (n).</param>
    /// <param name="weights">c·p when implicit, r − μ − item bias when explicit, shape (n).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>.</param>
    /// <returns>The offset: μ + item bias when explicit, else 0.</returns>
    public double Explain(
        ReadOnlySpan<int> rows, ReadOnlySpan<float> values, int itemRow, Span<double> amounts, Span<double> similarities, Span<double> weights, FoldInScratch scratch)
    {
        var w = scratch.Vector;
        for (int i = 0; i < w.Length; i++)
            w[i] = Design(itemRow, i);
        if (!rows.IsEmpty)
        {
            Factorise(rows, values, scratch);
            SolveFactored(scratch.Matrix, w);
        }
        for (int n = 0; n < rows.Length; n++)
        {
            double similarity = 0;
            for (int i = 0; i < w.Length; i++)
                similarity += w[i] * Design(rows[n], i);
            similarities[n] = similarity;
            weights[n] = Target(rows[n], values[n]);
            amounts[n] = weights[n] * similarity;
        }
        return options.Objective == Objective.Explicit ? globalMean + items.Span[itemRow * options.Width + options.Rank] : 0;
    }

    private double Design(int row, int i) =>
        options.Objective == Objective.Explicit && i == options.Rank ? 1 : items.Span[row * options.Width + i];

    private double Target(int row, float r) =>
        options.Objective == Objective.Explicit ? r - globalMean - items.Span[row * options.Width + options.Rank] : pairWeights.Target(r);

    private void Factorise(ReadOnlySpan<int> rows, ReadOnlySpan<float> values, FoldInScratch scratch)
    {
        int width = options.Width;
        var a = scratch.Matrix;
        bool isExplicit = options.Objective == Objective.Explicit;
        for (int i = 0; i < a.Length; i++)
            a[i] = isExplicit ? 0 : options.BaseWeight * gram[i];
        double lambda = Regularisation.Of(options, rows.Length, itemCount);
        for (int i = 0; i < width; i++)
            a[i * width + i] += lambda;
        for (int n = 0; n < rows.Length; n++)
        {
            double excess = isExplicit ? 1 : pairWeights.Excess(values[n]);
            for (int i = 0; i < width; i++)
                for (int j = 0; j <= i; j++)
                    a[i * width + j] += excess * Design(rows[n], i) * Design(rows[n], j);
        }
        for (int j = 0; j < width; j++)
            for (int i = j; i < width; i++)
            {
                double sum = a[i * width + j];
                for (int p = 0; p < j; p++)
                    sum -= a[i * width + p] * a[j * width + p];
                a[i * width + j] = i == j ? Math.Sqrt(sum) : sum / a[j * width + j];
            }
    }

    private static void SolveFactored(double[] l, double[] b)
    {
        int width = b.Length;
        for (int j = 0; j < width; j++)
        {
            double z = b[j];
            for (int p = 0; p < j; p++)
                z -= l[j * width + p] * b[p];
            b[j] = z / l[j * width + j];
        }
        for (int j = width - 1; j >= 0; j--)
        {
            double z = b[j];
            for (int p = j + 1; p < width; p++)
                z -= l[p * width + j] * b[p];
            b[j] = z / l[j * width + j];
        }
    }
}

/// <summary>Buffers of one thread that folds users in.</summary>
public sealed class FoldInScratch
{
    internal FoldInScratch(int width)
    {
        Matrix = new double[width * width];
        Vector = new double[width];
    }

    internal double[] Matrix { get; }

    internal double[] Vector { get; }
}
