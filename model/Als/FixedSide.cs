namespace OrleansRec.Model;

/// <summary>The side of a half-sweep that stays as it is: its factors, and for the solvers that work in its eigenbasis its rows in that basis. One serves every shard of a process.</summary>
/// <remarks>The Cholesky solver reads the factors as they are, and of those that its short rows meet a second copy; the others read a second copy of all, padded, so they cost the memory of this side twice.</remarks>
public sealed class FixedSide
{
    private readonly RotatedSide? rotated;

    /// <summary>Takes a side; <see cref="Prepare"/> must have covered every row before a row is solved against it.</summary>
    /// <param name="options">The options of the training.</param>
    /// <param name="factors">Row-major, shape (rowCount, <see cref="AlsOptions.Width"/>), finite; must not change meanwhile.</param>
    /// <param name="rowCount">N.</param>
    /// <param name="gram">YᵀY, shape (Width, Width); empty when explicit.</param>
    /// <param name="globalMean">μ when explicit, else 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Cost O(k³) for the eigenbasis, where the solver has one.</remarks>
    public FixedSide(AlsOptions options, ReadOnlyMemory<float> factors, int rowCount, double[] gram, double globalMean)
    {
        (Options, Factors, RowCount) = (options, factors, rowCount);
        System = new RowSystem(options, factors, rowCount, gram, globalMean);
        if (SolverChoice.NeedsBasis(options))
            rotated = new RotatedSide(options, rowCount, gram, globalMean);
        if (ShortRowRule.Applies(options))
            ShortRows = new ShortRowSide(System, gram, rowCount, RowPassKernels.Chosen);
    }

    /// <summary>The options of the training.</summary>
    public AlsOptions Options { get; }

    /// <summary>The factors as they were given.</summary>
    public ReadOnlyMemory<float> Factors { get; }

    /// <summary>N.</summary>
    public int RowCount { get; }

    /// <summary>Whether <see cref="Prepare"/> has anything to do.</summary>
    public bool NeedsPreparation => rotated is not null;

    internal RowSystem System { get; }

    internal ShortRowSide? ShortRows { get; }

    internal RotatedSide? Rotated => rotated;

    /// <summary>Turns some rows into the eigenbasis; may run on many threads for different rows. Costs 2·k² operations a row.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="end">Behind the last row.</param>
    public void Prepare(int first, int end) => rotated?.Take(Factors.Span, first, end);
}
