using System.Numerics;

namespace OrleansRec.Model;

/// <summary>The equations of any row of one side against the fixed factors of the other, and their exact solution.</summary>
internal sealed unsafe class RowSystem
{
    private readonly AlsOptions options;
    private readonly ReadOnlyMemory<float> others;
    private readonly int otherRowCount;
    private readonly double globalMean;
    private readonly PairWeights weights;
    private readonly Lazy<AlignedBlock<double>> baseDouble;

    public RowSystem(AlsOptions options, ReadOnlyMemory<float> otherFactors, int otherRowCount, double[] gram, double globalMean)
    {
        int width = options.Width;
        IsExplicit = options.Objective == Objective.Explicit;
        if (otherFactors.Length != (long)otherRowCount * width)
            throw new ArgumentException($"{otherRowCount} rows of {width} floats are needed; got {otherFactors.Length} floats.", nameof(otherFactors));
        if (!IsExplicit && gram.Length != width * width)
            throw new ArgumentException($"A Gram matrix of {width * width} doubles is needed; got {gram.Length}.", nameof(gram));
        this.options = options;
        others = otherFactors;
        this.otherRowCount = otherRowCount;
        this.globalMean = globalMean;
        weights = new PairWeights(options);
        BaseSingle = Base(gram, KernelRung.Single);
        baseDouble = new(() => Base(gram, KernelRung.Double));
    }

    public bool IsExplicit { get; }

    public AlsOptions Options => options;

    /// <summary>How values enter an implicit row.</summary>
    public PairWeights Weights => weights;

    /// <summary>μ when explicit, else 0.</summary>
    public double GlobalMean => globalMean;

    public ReadOnlySpan<float> Others => others.Span;

    public ReadOnlyMemory<float> OthersMemory => others;

    /// <summary>w0·YᵀY in float, padded; zeros when explicit.</summary>
    public AlignedBlock<float> BaseSingle { get; }

    /// <summary>w0·YᵀY in double, padded.</summary>
    public AlignedBlock<double> BaseDouble => baseDouble.Value;

    /// <summary>λ' of a row with n pairs.</summary>
    public double Lambda(int pairCount) => Regularisation.Of(options, pairCount, otherRowCount);

    /// <summary>d: the weight of z·zᵀ.</summary>
    public double Excess(float r) => IsExplicit ? 1 : weights.Excess(r);

    /// <summary>t: the weight of z in b.</summary>
    public double Target(float r, float* y) => IsExplicit ? r - globalMean - y[options.Rank] : weights.Target(r);

    /// <summary>Solves a row in float, or in double where float cannot factorise it.</summary>
    public void SolveExactly(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> x, RowSolverScratch scratch, int upcoming = 0)
    {
        var single = scratch.Single;
        single.Collect(this, columns, values, BaseSingle, upcoming);
        if (single.Factorise(Lambda(columns.Length)))
        {
            single.Solve();
            single.Solution.Span[..x.Length].CopyTo(x);
            return;
        }
        var solved = scratch.Double;
        FactoriseInDouble(columns, values, solved);
        solved.Solve();
        var solution = solved.Solution.Span;
        for (int i = 0; i < x.Length; i++)
            x[i] = (float)solution[i];
    }

    /// <summary>Collects and factorises a row in double.</summary>
    /// <exception cref="ArithmeticException">The row's matrix is not positive definite even in double: λ is too small for these factors.</exception>
    public void FactoriseInDouble(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, NormalEquations<double> equations)
    {
        equations.Collect(this, columns, values, BaseDouble);
        double lambda = Lambda(columns.Length);
        if (!equations.Factorise(lambda))
            throw new ArithmeticException($"The equations of a row with {columns.Length} pairs are not positive definite; λ' is {lambda}.");
    }

    private AlignedBlock<T> Base<T>(double[] gram, DenseKernels<T> kernels)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = options.Width, size = kernels.Padded(width);
        var block = new AlignedBlock<T>(size * size);
        if (!IsExplicit)
            for (int i = 0; i < width; i++)
                for (int j = 0; j < width; j++)
                    block.Span[i * size + j] = T.CreateTruncating(options.BaseWeight * gram[i * width + j]);
        return block;
    }
}
