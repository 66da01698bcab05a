namespace OrleansRec.Model;

/// <summary>What the factorisation predicts.</summary>
public enum Objective
{
    /// <summary>Preference, from how often or how strongly a user chose an item (Hu, Koren, Volinsky 2008).</summary>
    Implicit,

    /// <summary>A rating, from given ratings, with global mean and biases (Zhou et al. 2008, ALS-WR).</summary>
    Explicit,
}

/// <summary>How the value r of an observed pair becomes its weight in the implicit objective.</summary>
public enum Confidence
{
    /// <summary>c = α·r, and 1 for every other pair (as the package `implicit` reads it).</summary>
    Scaled,

    /// <summary>c = 1 + α·r, and 1 for every other pair (Hu, Koren, Volinsky 2008, section 4).</summary>
    OnePlus,

    /// <summary>An observed pair adds weight α·r to (1 − x·y)², every pair adds weight α0 to (x·y)² (Rendle et al. 2021, equation 1).</summary>
    Unobserved,
}

/// <summary>How a row's equations are solved.</summary>
public enum RowSolver
{
    /// <summary>Exactly, by a Cholesky factorisation.</summary>
    Cholesky,

    /// <summary>Approximately, by a few preconditioned conjugate-gradient steps.</summary>
    ConjugateGradient,

    /// <summary>Approximately, by one Newton step in each block of coordinates in turn (iALS++).</summary>
    Subspace,

    /// <summary>By whichever of exact and conjugate gradient is faster at this rank and row length; see <see cref="SolverChoice"/>.</summary>
    Auto,
}

/// <summary>How several events of one user with one item become the value r of the pair.</summary>
public enum PairValue
{
    /// <summary>The sum of (weight of the type · value) over the events.</summary>
    Sum,

    /// <summary>The largest of (weight of the type · value).</summary>
    Max,

    /// <summary>The value of the latest event by time, then by order of arrival.</summary>
    Last,
}

/// <summary>Everything that a training's result depends on besides the interactions.</summary>
public sealed record AlsOptions
{
    /// <summary>What is predicted.</summary>
    /// <value>Implicit by default.</value>
    public Objective Objective { get; init; } = Objective.Implicit;

    /// <summary>k, the number of latent factors.</summary>
    /// <value>64 by default; 1 … 1,024. Time per sweep grows with k², memory with k.</value>
    public int Rank { get; init; } = 64;

    /// <summary>λ, the weight of the squared factors.</summary>
    /// <value>10 by default; &gt; 0.</value>
    public double Lambda { get; init; } = 10;

    /// <summary>ν: λ is multiplied by (n + α0·N)^ν for a row with n pairs against N rows of the other side (implicit), or n^ν (explicit).</summary>
    /// <value>Null means 0 (constant λ) when implicit, 1 when explicit; 0 … 2.</value>
    public double? LambdaExponent { get; init; }

    /// <summary>α, the factor from r to confidence.</summary>
    /// <value>1 by default; &gt; 0. Not read by the explicit objective.</value>
    public double Alpha { get; init; } = 1;

    /// <summary>How r becomes a weight.</summary>
    /// <value>Scaled by default. Not read by the explicit objective.</value>
    public Confidence Confidence { get; init; } = Confidence.Scaled;

    /// <summary>α0, the weight of every pair when <see cref="Confidence"/> is Unobserved; the other two readings have 1.</summary>
    /// <value>1 by default; &gt; 0.</value>
    public double UnobservedWeight { get; init; } = 1;

    /// <summary>How many sweeps, each users then items.</summary>
    /// <value>15 by default; 1 … 1,000.</value>
    public int Sweeps { get; init; } = 15;

    /// <summary>The seed of the start values.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How rows are solved.</summary>
    /// <value>Cholesky by default.</value>
    public RowSolver Solver { get; init; } = RowSolver.Cholesky;

    /// <summary>Steps of the conjugate-gradient solver at most.</summary>
    /// <value>4 by default; 1 … 100. A step costs 4·n·k operations for a row with n pairs.</value>
    public int ConjugateGradientSteps { get; init; } = 4;

    /// <summary>The conjugate-gradient solver ends before its last step where the error it estimates is this small beside the row.</summary>
    /// <value>0.001 by default; 0 … 1. Both are measured in the norm of the row's own equations; 0 takes all steps.</value>
    public double ConjugateGradientTolerance { get; init; } = 1e-3;

    /// <summary>Factors in a block of the subspace solver.</summary>
    /// <value>32 by default; 1 … 1,024. Larger blocks come nearer to the exact solution and cost n·k a factor more; a block is rounded up to whole vectors.</value>
    public int SubspaceBlock { get; init; } = 32;

    /// <summary>Rounds of the subspace solver over all blocks of a row.</summary>
    /// <value>4 by default; 1 … 100. Rounds after the first keep what it factorised and cost 6·n·k operations.</value>
    public int SubspaceRounds { get; init; } = 4;

    /// <summary>How the events of a pair become r.</summary>
    /// <value>Null means Sum when implicit, Last when explicit.</value>
    public PairValue? PairValue { get; init; }

    /// <summary>The ν in force.</summary>
    public double EffectiveLambdaExponent => LambdaExponent ?? (Objective == Objective.Explicit ? 1 : 0);

    /// <summary>The reading of several events in force.</summary>
    public PairValue EffectivePairValue => PairValue ?? (Objective == Objective.Explicit ? Model.PairValue.Last : Model.PairValue.Sum);

    /// <summary>The weight α0 of every pair: 0 when explicit.</summary>
    public double BaseWeight => Objective == Objective.Explicit ? 0 : Confidence == Confidence.Unobserved ? UnobservedWeight : 1;

    /// <summary>Floats in a row of factors: k, and one more, the bias, last, when explicit.</summary>
    public int Width => Objective == Objective.Explicit ? Rank + 1 : Rank;
}
