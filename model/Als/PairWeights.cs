namespace OrleansRec.Model;

/// <summary>How the value r of a pair enters a row's equations (A = w0·YᵀY + Σ d·y·yᵀ + λ'I, b = Σ c·p·y) and the loss.</summary>
/// <remarks>
/// | reading | c | d |
/// | Scaled | α·|r| | α·|r| − 1 |
/// | OnePlus | 1 + α·|r| | α·|r| |
/// | Unobserved | α·|r| | α·|r| |
/// A pair with r &lt;= 0 has preference p = 0: chosen against, with the confidence of |r|.
/// </remarks>
internal readonly struct PairWeights
{
    private readonly double alpha;
    private readonly double addedToConfidence;
    private readonly double takenForBase;

    public PairWeights(AlsOptions options)
    {
        alpha = options.Alpha;
        addedToConfidence = options.Confidence == Confidence.OnePlus ? 1 : 0;
        takenForBase = options.Confidence == Confidence.Unobserved ? 0 : 1;
    }

    /// <summary>c, the weight of (p − s)².</summary>
    public double WeightOf(float r) => addedToConfidence + alpha * Math.Abs(r);

    /// <summary>d, the weight of y·yᵀ beyond that in the Gram matrix.</summary>
    public double Excess(float r) => WeightOf(r) - takenForBase;

    /// <summary>c·p, the weight of y on the right-hand side.</summary>
    public double Target(float r) => r > 0 ? WeightOf(r) : 0;

    /// <summary>c·(p − s)² less what the sum over all pairs, w0·s², counts for this pair already.</summary>
    public double Loss(float r, double s)
    {
        double miss = (r > 0 ? 1 : 0) - s;
        return WeightOf(r) * miss * miss - takenForBase * s * s;
    }
}
