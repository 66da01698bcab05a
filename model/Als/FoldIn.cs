namespace OrleansRec.Model;

/// <summary>The exact solution of one user's row against published item factors, and what each pair of the history adds to a score.</summary>
/// <remarks>
/// Solved in float and refined against residuals in double until the correction is below 10⁻⁴ of the vector; the next would be below 10⁻⁸, less than the
/// rounding of the answer to float. Where float does not converge, the row is solved in double.
/// </remarks>
public sealed unsafe class FoldIn
{
    private readonly AlsOptions options;
    private readonly RowSystem system;
    private readonly int itemCount;
    private readonly double globalMean;

    /// <summary>Prepares fold-in against one model; safe to use from many threads, each with its own scratch.</summary>
    /// <param name="options">The options that the model was trained with.</param>
    /// <param name="itemFactors">Y, row-major, shape (itemCount, <see cref="AlsOptions.Width"/>), finite.</param>
    /// <param name="itemCount">I.</param>
    /// <param name="gram">YᵀY, shape (Width, Width); empty when explicit.</param>
    /// <param name="globalMean">μ when explicit, else 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public FoldIn(AlsOptions options, ReadOnlyMemory<float> itemFactors, int itemCount, double[] gram, double globalMean)
    {
        this.options = options;
        this.itemCount = itemCount;
        this.globalMean = globalMean;
        system = new RowSystem(options, itemFactors, itemCount, gram, globalMean);
    }

    /// <summary>Scratch for one thread at a time; good for every model of the same rank and objective.</summary>
    public FoldInScratch CreateScratch() => new(options.Width);

    /// <summary>Solves a user's vector; without pairs it is zero.</summary>
    /// <param name="rows">Item rows of the user's pairs, ascending.</param>
    /// <param name="values">r of each pair.</param>
    /// <param name="x">The vector, shape (Width).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a row is not one of the model's.</exception>
    public void Solve(ReadOnlySpan<int> rows, ReadOnlySpan<float> values, Span<float> x, FoldInScratch scratch)
    {
        RequirePairs(rows, values);
        if (x.Length != options.Width)
            throw new ArgumentException($"A vector holds {options.Width} floats; got {x.Length}.", nameof(x));
        if (rows.IsEmpty)
        {
            x.Clear();
            return;
        }
        var single = scratch.Rows.Single;
        single.Collect(system, rows, values, system.BaseSingle);
        ReadOnlySpan<double> solution;
        if (single.Factorise(system.Lambda(rows.Length)) && scratch.Refinement.Solve(system, rows, values, single))
            solution = scratch.Refinement.Solution.Span;
        else
        {
            var exact = scratch.Rows.Double;
            system.FactoriseInDouble(rows, values, exact);
            exact.Solve();
            solution = exact.Solution.Span;
        }
        for (int i = 0; i < x.Length; i++)
            x[i] = (float)solution[i];
    }

    /// <summary>Turns a user's vector into the one whose product with an item's row, plus the answer, is the score.</summary>
    /// <param name="x">The user's vector, shape (Width).</param>
    /// <param name="query">Shape (Width).</param>
    /// <returns>What to add to each product: μ + user bias when explicit, else 0.</returns>
    public float Query(ReadOnlySpan<float> x, Span<float> query)
    {
        x.CopyTo(query);
        if (!system.IsExplicit)
            return 0;
        query[options.Rank] = 1;
        return (float)(globalMean + x[options.Rank]);
    }

    /// <summary>Splits a score over the history: score = offset + Σ amounts, amount j = weight j · similarity j (Hu, Koren, Volinsky 2008, section 5).</summary>
    /// <param name="rows">Item rows of the user's pairs, ascending, shape (n).</param>
    /// <param name="values">r of each pair, shape (n).</param>
    /// <param name="itemRow">The item whose score is explained.</param>
    /// <param name="amounts">What each pair adds to the score, shape (n).</param>
    /// <param name="similarities">zᵢᵀ·A⁻¹·zⱼ: how alike item and pair are to this user, shape (n).</param>
    /// <param name="weights">c·p when implicit, r − μ − item bias when explicit, shape (n).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>.</param>
    /// <returns>The offset: μ + item bias when explicit, else 0.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or a row is not one of the model's.</exception>
    public double Explain(
        ReadOnlySpan<int> rows, ReadOnlySpan<float> values, int itemRow, Span<double> amounts, Span<double> similarities, Span<double> weights, FoldInScratch scratch)
    {
        if ((uint)itemRow >= (uint)itemCount)
            throw new ArgumentOutOfRangeException(nameof(itemRow), itemRow, $"Rows are 0 … {itemCount - 1}.");
        Factorise(rows, values, scratch);
        return ExplainFactorised(rows, values, system.Others.Slice(itemRow * options.Width, options.Width), amounts, similarities, weights, scratch);
    }

    /// <summary>Makes a scratch ready for <see cref="ExplainFactorised"/>, once for any number of items.</summary>
    /// <param name="rows">Item rows of the user's pairs, ascending, shape (n).</param>
    /// <param name="values">r of each pair, shape (n).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>; not to be used for anything else before the last item.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a row is not one of the model's.</exception>
    public void Factorise(ReadOnlySpan<int> rows, ReadOnlySpan<float> values, FoldInScratch scratch)
    {
        RequirePairs(rows, values);
        if (!rows.IsEmpty)
            system.FactoriseInDouble(rows, values, scratch.Rows.Double);
    }

    /// <summary>As <see cref="Explain"/>, of pairs that are factorised, for an item by its factors: also one that is no row of the model.</summary>
    /// <param name="rows">As given to <see cref="Factorise"/>.</param>
    /// <param name="values">As given to <see cref="Factorise"/>.</param>
    /// <param name="item">The item's factors, with its bias behind them when explicit, shape (Width).</param>
    /// <param name="amounts">What each pair adds to the score, shape (n).</param>
    /// <param name="similarities">As in <see cref="Explain"/>, shape (n).</param>
    /// <param name="weights">As in <see cref="Explain"/>, shape (n).</param>
    /// <param name="scratch">As given to <see cref="Factorise"/>.</param>
    /// <returns>The offset: μ + item bias when explicit, else 0.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public double ExplainFactorised(
        ReadOnlySpan<int> rows, ReadOnlySpan<float> values, ReadOnlySpan<float> item, Span<double> amounts, Span<double> similarities, Span<double> weights, FoldInScratch scratch)
    {
        int width = options.Width;
        if (item.Length != width)
            throw new ArgumentException($"An item has {width} floats; got {item.Length}.", nameof(item));
        if (amounts.Length != rows.Length || similarities.Length != rows.Length || weights.Length != rows.Length)
            throw new ArgumentException($"{rows.Length} pairs need as many answers; got {amounts.Length}, {similarities.Length} and {weights.Length}.", nameof(amounts));
        double offset = system.IsExplicit ? globalMean + item[options.Rank] : 0;
        if (rows.IsEmpty)
            return offset;
        var equations = scratch.Rows.Double;
        Design(item, equations.Right.Span);
        equations.Solve();
        var others = system.Others;
        Span<double> z = scratch.Design;
        ReadOnlySpan<double> solution = equations.Solution.Span[..width];
        fixed (float* all = others)
            for (int n = 0; n < rows.Length; n++)
            {
                Design(others.Slice(rows[n] * width, width), z);
                similarities[n] = System.Numerics.Tensors.TensorPrimitives.Dot(z, solution);
                weights[n] = system.Target(values[n], all + (nint)rows[n] * width);
                amounts[n] = weights[n] * similarities[n];
            }
        return offset;
    }

    /// <summary>z: the factors, with 1 for the bias when explicit, and zeros behind.</summary>
    private void Design(ReadOnlySpan<float> y, Span<double> z)
    {
        z.Clear();
        for (int i = 0; i < y.Length; i++)
            z[i] = y[i];
        if (system.IsExplicit)
            z[options.Rank] = 1;
    }

    private void RequirePairs(ReadOnlySpan<int> rows, ReadOnlySpan<float> values)
    {
        if (rows.Length != values.Length)
            throw new ArgumentException($"{rows.Length} rows need as many values; got {values.Length}.", nameof(values));
        foreach (int row in rows)
            if ((uint)row >= (uint)itemCount)
                throw new ArgumentException($"Rows are 0 … {itemCount - 1}; got {row}.", nameof(rows));
    }
}

/// <summary>Buffers of one thread that folds users in.</summary>
public sealed class FoldInScratch
{
    private readonly int width;
    private Refinement? refinement;

    internal FoldInScratch(int width)
    {
        this.width = width;
        Rows = new RowSolverScratch(width);
        Design = new double[width];
    }

    internal RowSolverScratch Rows { get; }

    internal double[] Design { get; }

    internal Refinement Refinement => refinement ??= new(width);
}
