namespace OrleansRec.Model;

/// <summary>The fixed inputs of solving one side against the other; safe to use from many threads, each with its own scratch.</summary>
/// <remarks>
/// A row's solution depends on its own pairs and the other side alone, never on which shard or thread solves it; it may depend on the vector width.
/// Cost of a row with n pairs: n·k² + k³/3 + O(n·k + k²) operations exactly, s·(4·n·k + 2·k²) with s conjugate-gradient steps; no allocation.
/// Error: a row is solved in float from a Gram matrix summed in double; relative to |A| the backward error is about (n/128 + 128 + k)·2⁻²⁴. Where float finds A not
/// positive definite, the row is solved in double.
/// </remarks>
public sealed class HalfSweep
{
    private readonly AlsOptions options;
    private readonly RowSystem system;

    // A row's values as floats, where they are kept smaller.
    [ThreadStatic]
    private static float[]? t_values;

    /// <summary>Prepares a half-sweep.</summary>
    /// <param name="options">The options of the training.</param>
    /// <param name="otherFactors">Factors of the other side, row-major, shape (otherRowCount, <see cref="AlsOptions.Width"/>), finite; must not change meanwhile.</param>
    /// <param name="otherRowCount">N.</param>
    /// <param name="otherGram">YᵀY of the other side, shape (Width, Width); empty when explicit.</param>
    /// <param name="globalMean">μ when explicit, else 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public HalfSweep(AlsOptions options, ReadOnlyMemory<float> otherFactors, int otherRowCount, double[] otherGram, double globalMean)
    {
        this.options = options;
        system = new RowSystem(options, otherFactors, otherRowCount, otherGram, globalMean);
    }

    /// <summary>Scratch for one thread at a time; good for every half-sweep of the same rank and objective.</summary>
    public RowSolverScratch CreateScratch() => new(options.Width);

    /// <summary>Solves one row; a row without pairs becomes zero.</summary>
    /// <param name="rows">The side's pairs; columns are rows of the other side.</param>
    /// <param name="row">Which row.</param>
    /// <param name="x">In: the row's last value, from which conjugate gradient starts. Out: the solution. Shape (Width).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>, used by this thread alone.</param>
    /// <exception cref="ArgumentException"><paramref name="x"/> has another length.</exception>
    /// <exception cref="ArithmeticException">The row's matrix is not positive definite even in double: λ is too small for these factors.</exception>
    public void Solve(InteractionRows rows, int row, Span<float> x, RowSolverScratch scratch)
    {
        RequireWidth(x.Length);
        var columns = rows.Columns(row);
        t_values ??= [];
        var values = rows.Values(row, ref t_values);
        if (columns.IsEmpty)
            x.Clear();
        else if (options.Solver == RowSolver.Cholesky)
            system.SolveExactly(columns, values, x, scratch);
        else
            ConjugateGradient.Solve(system, columns, values, x, scratch.ConjugateGradient);
    }

    /// <summary>Adds a row's part of the objective, in double.</summary>
    /// <param name="rows">The side's pairs.</param>
    /// <param name="row">Which row.</param>
    /// <param name="x">The row's factors, shape (Width).</param>
    /// <param name="terms">terms[0] takes the observed pairs, less what <see cref="Loss.Total"/> adds for every pair; terms[1] takes λ'·|x|².</param>
    public void AddLoss(InteractionRows rows, int row, ReadOnlySpan<float> x, Span<double> terms)
    {
        RequireWidth(x.Length);
        var columns = rows.Columns(row);
        t_values ??= [];
        var values = rows.Values(row, ref t_values);
        if (columns.IsEmpty)
            return;
        terms[0] += ObservedLoss.Of(system, columns, values, x);
        AddRegularisation(rows, row, x, terms);
    }

    /// <summary>Adds a row's λ'·|x|² to terms[1]: all that the total needs of the side solved first.</summary>
    /// <param name="rows">The side's pairs.</param>
    /// <param name="row">Which row.</param>
    /// <param name="x">The row's factors, shape (Width).</param>
    /// <param name="terms">As in <see cref="AddLoss"/>.</param>
    public void AddRegularisation(InteractionRows rows, int row, ReadOnlySpan<float> x, Span<double> terms)
    {
        int pairCount = rows.Columns(row).Length;
        if (pairCount > 0)
            terms[1] += system.Lambda(pairCount) * WideDot.Of(x, x);
    }

    private void RequireWidth(int length)
    {
        if (length != options.Width)
            throw new ArgumentException($"A row holds {options.Width} floats; got {length}.", nameof(length));
    }
}
