namespace OrleansRec.Model;

/// <summary>Better factors for an item as its first events come, without a training: the item's own row of the next half-sweep, pulled towards what its content says.</summary>
/// <remarks>
/// Minimises the item's part of the objective with (λ' + μ)|y|² in place of λ'|y|², where μ·(content factors) stands on the right: y = (A + μI)⁻¹·(b + μ·y_c). Without events it is the content's row
/// scaled only by the pull of the unobserved users; with many it is the trained row. Implicit models only.
/// </remarks>
public sealed class ItemFoldIn
{
    private readonly AlsOptions _options;
    private readonly double[] _userGram;
    private readonly int _userCount;

    /// <summary>Prepares fold-in against the users of one version.</summary>
    /// <param name="options">The options of the training; implicit.</param>
    /// <param name="userGram">XᵀX over all users, shape (Width, Width).</param>
    /// <param name="userCount">U.</param>
    /// <exception cref="ArgumentException">The model is explicit, or the shape does not fit.</exception>
    public ItemFoldIn(AlsOptions options, double[] userGram, int userCount)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Objective != Objective.Implicit)
            throw new ArgumentException("Items are folded in on implicit models; got an explicit one.", nameof(options));
        if (userGram.Length != options.Width * options.Width)
            throw new ArgumentException($"The Gram matrix holds {options.Width * options.Width} numbers; got {userGram.Length}.", nameof(userGram));
        (_options, _userGram, _userCount) = (options, userGram, userCount);
    }

    /// <summary>Solves an item's row.</summary>
    /// <param name="users">Vector of each user with an event on the item, row-major, shape (n, Width).</param>
    /// <param name="values">r of each, shape (n).</param>
    /// <param name="prior">Factors from content, shape (Width); empty: none.</param>
    /// <param name="priorWeight">μ, ≥ 0: how strongly the content holds, in the units of λ'.</param>
    /// <param name="y">Receives the row, shape (Width).</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public void Solve(ReadOnlySpan<float> users, ReadOnlySpan<float> values, ReadOnlySpan<float> prior, double priorWeight, Span<float> y)
    {
        int k = _options.Width;
        ArgumentOutOfRangeException.ThrowIfNegative(priorWeight);
        if (users.Length != values.Length * k || y.Length != k || (!prior.IsEmpty && prior.Length != k))
            throw new ArgumentException($"{values.Length} users need as many vectors of {k}; got {users.Length} floats.", nameof(users));
        var a = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(k, k, (i, j) => _options.BaseWeight * _userGram[i * k + j]);
        var b = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(k);
        var weights = new PairWeights(_options);
        for (int n = 0; n < values.Length; n++)
        {
            var x = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.DenseOfArray(Array.ConvertAll(users.Slice(n * k, k).ToArray(), v => (double)v));
            a += weights.Excess(values[n]) * x.OuterProduct(x);
            b += weights.Target(values[n]) * x;
        }
        double mu = prior.IsEmpty ? 0 : priorWeight, ridge = Regularisation.Of(_options, values.Length, _userCount) + mu;
        for (int i = 0; i < k; i++)
        {
            a[i, i] += ridge;
            b[i] += prior.IsEmpty ? 0 : mu * prior[i];
        }
        var solution = a.Cholesky().Solve(b);
        for (int i = 0; i < k; i++)
            y[i] = (float)solution[i];
    }
}
