using OrleansRec.Model.Algebra;

namespace OrleansRec.Model.Content;

/// <summary>Factors for items that have no event yet, from their content: ridge regression of the trained factors on content vectors.</summary>
/// <remarks>
/// W minimises Σ_i n_i^p·|y_i − Wᵀ·c_i|² + λ|W|² over trained items. Solved as (CᵀC + λI)·W = CᵀY over tokens, or as W = Cᵀ·(CCᵀ + λI)⁻¹·Y over items, whichever has fewer equations
/// (of weighted rows). Cost n³/3 and 2n² for every 16 factors, n at most <see cref="SymmetricSolver.RowsMax"/>: of a larger catalogue the items with the most pairs are read. Off the hot path: once a training.
/// </remarks>
public sealed class ContentFactors
{
    private readonly ulong[] _tokens;
    private readonly float[] _weights;

    private ContentFactors(ulong[] tokens, float[] weights, int width) => (_tokens, _weights, Width) = (tokens, weights, width);

    /// <summary>Floats in a row of factors.</summary>
    public int Width { get; }

    /// <summary>Fits W.</summary>
    /// <param name="content">c of each trained item, shape (n).</param>
    /// <param name="factors">y of each, row-major, shape (n, width), finite.</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="lambda">λ, &gt; 0.</param>
    /// <param name="pairCounts">n_i: an item's factors are known the better the more pairs it has; they weigh √n_i. Null: all the same.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static ContentFactors Fit(SparseVector[] content, ReadOnlySpan<float> factors, int width, double lambda, int[]? pairCounts = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lambda);
        if (factors.Length != (long)content.Length * width || (pairCounts is not null && pairCounts.Length != content.Length))
            throw new ArgumentException($"{content.Length} items need as many rows of {width} factors, and counts; got {factors.Length} floats.", nameof(factors));
        ulong[] tokens = [.. content.SelectMany(c => c.Keys).Distinct().Order()];
        int[] read = [.. Enumerable.Range(0, content.Length).OrderByDescending(i => pairCounts?[i] ?? 0).Take(Math.Min(tokens.Length, content.Length) <= SymmetricSolver.RowsMax ? content.Length : SymmetricSolver.RowsMax).Order()];
        var rows = Array.ConvertAll(read, i => Weighed(content[i], tokens, pairCounts is null ? 1 : Math.Pow(pairCounts[i], 0.25)));
        var y = new double[read.Length * width];
        for (int n = 0; n < read.Length; n++)
            for (int f = 0; f < width; f++)
                y[n * width + f] = factors[read[n] * width + f] * (pairCounts is null ? 1 : Math.Pow(pairCounts[read[n]], 0.25));
        double[] w = tokens.Length == 0 ? [] : tokens.Length <= read.Length ? Primal(rows, y, width, tokens.Length, lambda) : Dual(rows, y, width, tokens.Length, lambda);
        return new(tokens, Array.ConvertAll(w, v => (float)v), width);
    }

    /// <summary>W that was fitted before.</summary>
    /// <param name="tokens">Ascending, distinct, shape (t).</param>
    /// <param name="weights">Row-major, shape (t, width), finite.</param>
    /// <param name="width">Floats in a row.</param>
    internal static ContentFactors From(ulong[] tokens, float[] weights, int width) => new(tokens, weights, width);

    /// <summary>Key of each token, ascending.</summary>
    internal ulong[] Tokens => _tokens;

    /// <summary>W, row-major, shape (tokens, width).</summary>
    internal float[] Weights => _weights;

    /// <summary>Wᵀ·c: the factors of an item by its content.</summary>
    /// <param name="content">c; tokens that no trained item had add nothing.</param>
    /// <param name="factors">Receives the factors, shape (width).</param>
    public void Predict(SparseVector content, Span<float> factors)
    {
        if (factors.Length != Width)
            throw new ArgumentException($"A row holds {Width} factors; got {factors.Length}.", nameof(factors));
        factors.Clear();
        for (int n = 0; n < content.Keys.Length; n++)
            if (Array.BinarySearch(_tokens, content.Keys[n]) is >= 0 and var token)
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(_weights.AsSpan(token * Width, Width), content.Values[n], factors, factors);
    }

    private static (int[] Tokens, double[] Values) Weighed(SparseVector content, ulong[] tokens, double weight) =>
        (Array.ConvertAll(content.Keys, key => Array.BinarySearch(tokens, key)), Array.ConvertAll(content.Values, v => v * weight));

    private static double[] Primal((int[] Tokens, double[] Values)[] rows, double[] y, int width, int tokenCount, double lambda)
    {
        double[] gram = new double[(long)tokenCount * tokenCount], right = new double[tokenCount * width];
        for (int n = 0; n < rows.Length; n++)
        {
            var (tokens, values) = rows[n];
            for (int i = 0; i < tokens.Length; i++)
            {
                for (int j = 0; j <= i; j++)
                    gram[(long)tokens[i] * tokenCount + tokens[j]] += values[i] * values[j];
                AddScaled(y.AsSpan(n * width, width), values[i], right.AsSpan(tokens[i] * width, width));
            }
        }
        return Solved(gram, tokenCount, lambda, right, width);
    }

    private static double[] Dual((int[] Tokens, double[] Values)[] rows, double[] y, int width, int tokenCount, double lambda)
    {
        int n = rows.Length;
        var gram = new double[(long)n * n];
        var dense = new double[tokenCount];
        for (int i = 0; i < n; i++)
        {
            for (int t = 0; t < rows[i].Tokens.Length; t++)
                dense[rows[i].Tokens[t]] = rows[i].Values[t];
            for (int j = 0; j <= i; j++)
                for (int t = 0; t < rows[j].Tokens.Length; t++)
                    gram[(long)i * n + j] += dense[rows[j].Tokens[t]] * rows[j].Values[t];
            foreach (int token in rows[i].Tokens)
                dense[token] = 0;
        }
        double[] a = Solved(gram, n, lambda, y, width), w = new double[tokenCount * width];
        for (int i = 0; i < n; i++)
            for (int t = 0; t < rows[i].Tokens.Length; t++)
                AddScaled(a.AsSpan(i * width, width), rows[i].Values[t], w.AsSpan(rows[i].Tokens[t] * width, width));
        return w;
    }

    private static double[] Solved(double[] gram, int n, double lambda, double[] right, int width)
    {
        for (int i = 0; i < n; i++)
            gram[(long)i * n + i] += lambda;
        var solver = SymmetricSolver.Factorise(gram, n);
        const int Columns = SymmetricSolver.ColumnsAtOnce;
        double[] x = new double[n * Columns], solved = new double[n * width];
        for (int first = 0; first < width; first += Columns)
        {
            int count = Math.Min(Columns, width - first);
            Array.Clear(x);
            for (int i = 0; i < n; i++)
                right.AsSpan(i * width + first, count).CopyTo(x.AsSpan(i * Columns));
            solver.Solve(x);
            for (int i = 0; i < n; i++)
                x.AsSpan(i * Columns, count).CopyTo(solved.AsSpan(i * width + first));
        }
        return solved;
    }

    private static void AddScaled(ReadOnlySpan<double> from, double factor, Span<double> into) =>
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(from, factor, into, into);
}
