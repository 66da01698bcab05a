namespace OrleansRec.Model;

/// <summary>The fixed inputs of solving one side against the other; safe to use from many threads, each with its own scratch.</summary>
/// <remarks>
/// A row's solution depends on its own pairs and the other side alone, never on which shard or thread solves it; it may depend on the vector width.
/// Cost of a row with n pairs: n·k² + k³/3 + O(n·k + k²) operations exactly, n²·k + n³/3 + O(n·k + k²) where that is fewer (<see cref="ShortRowEquations"/>); see
/// <see cref="RowSolver"/> for the others; no allocation but for growth of scratch and, with the first short rows, the other side's rows in its eigenbasis.
/// Error: a row is solved in float from a Gram matrix summed in double; relative to |A| the backward error is about (n/m + m + k)·2⁻²⁴ with panels of m = 32 … 128 rows. Where float finds A not
/// positive definite, the row is solved in double.
/// </remarks>
public sealed class HalfSweep
{
    private readonly FixedSide side;
    private readonly AlsOptions options;
    private readonly RowSystem system;
    private readonly ApproximateSolver? approximate;

    // A row's values as floats, where they are kept smaller.
    [ThreadStatic]
    private static float[]? t_values;

    [ThreadStatic]
    private static int[]? t_columns;

    /// <summary>Prepares a half-sweep on one thread.</summary>
    /// <param name="options">The options of the training.</param>
    /// <param name="otherFactors">Factors of the other side, row-major, shape (otherRowCount, <see cref="AlsOptions.Width"/>), finite; must not change meanwhile.</param>
    /// <param name="otherRowCount">N.</param>
    /// <param name="otherGram">YᵀY of the other side, shape (Width, Width); empty when explicit.</param>
    /// <param name="globalMean">μ when explicit, else 0.</param>
    /// <param name="fromZero">Whether the approximate solvers begin at zero, as users do, and not at the row's last value, as items do.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public HalfSweep(AlsOptions options, ReadOnlyMemory<float> otherFactors, int otherRowCount, double[] otherGram, double globalMean, bool fromZero = false)
        : this(new FixedSide(options, otherFactors, otherRowCount, otherGram, globalMean), fromZero) => side.Prepare(0, otherRowCount);

    /// <summary>Takes a fixed side that may be shared with others.</summary>
    /// <param name="side">The other side.</param>
    /// <param name="fromZero">As above.</param>
    public HalfSweep(FixedSide side, bool fromZero)
    {
        (this.side, options, system) = (side, side.Options, side.System);
        if (side.Rotated is { } rotated)
            approximate = new(system, rotated, fromZero);
    }

    /// <summary>Floats in a row.</summary>
    public int Width => options.Width;

    /// <summary>Scratch for one thread at a time; good for every half-sweep of the same rank and objective.</summary>
    public RowSolverScratch CreateScratch() => new(options.Width);

    /// <summary>Divides the rows of a side into batches of even work, for workers to take one by one. No result depends on the division.</summary>
    /// <param name="rows">The side's pairs.</param>
    /// <param name="pieces">How many batches to aim at.</param>
    public RowBatch[] Divide(InteractionRows rows, int pieces) => RowBatches.Of(rows, pieces, options.Width / 2 + 1, approximate);

    /// <summary>Solves a batch of rows.</summary>
    /// <param name="rows">The side's pairs; columns are rows of the other side.</param>
    /// <param name="batch">One of <see cref="Divide"/>.</param>
    /// <param name="factors">In: every row's last value. Out: the batch's solutions. Row-major, shape (rows, Width).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>, used by this thread alone.</param>
    /// <param name="pause">Called at least about once in a tenth of a millisecond or a row, where that takes longer: the worker may yield there.</param>
    /// <param name="observed">Takes <see cref="Observed"/> of the batch's rows, shape (rows); empty where nobody asks.</param>
    public void Solve(
        InteractionRows rows, RowBatch batch, Span<float> factors, RowSolverScratch scratch, Action pause, Span<double> observed = default)
    {
        if (factors.Length != (long)rows.RowCount * options.Width)
            throw new ArgumentException($"{rows.RowCount} rows of {options.Width} floats are needed; got {factors.Length} floats.", nameof(factors));
        if (!batch.InStep.IsEmpty)
            approximate!.SolveInStep(rows, batch.InStep, factors, 0, scratch, pause);
        else if (approximate is not null)
            approximate.SolveRange(rows, batch.First, batch.End, factors, 0, scratch, pause);
        else
            SolveExactly(rows, batch, factors, scratch, pause, observed);
        if (approximate is not null && !observed.IsEmpty)
            Observe(rows, batch, factors, observed);
    }

    private void SolveExactly(InteractionRows rows, RowBatch batch, Span<float> factors, RowSolverScratch scratch, Action pause, Span<double> observed)
    {
        var leaving = side.ShortRows is { } shortRows ? new RowsLeaving(shortRows, scratch.Leaving, options.Width, factors, 0) : default;
        var window = new ColumnWindow(rows, ref scratch.Columns);
        t_values ??= [];
        for (int row = batch.First; row < batch.End; row++)
        {
            var columns = window.Take(row, out int upcoming);
            var values = rows.Values(row, ref t_values);
            if (TrySolveShort(columns, values, scratch, out var inside))
            {
                if (leaving.IsFull)
                    Leave(rows, ref leaving, factors, observed);
                leaving.Add(row, inside);
            }
            else
            {
                var x = factors.Slice(row * options.Width, options.Width);
                if (columns.IsEmpty)
                    x.Clear();
                else
                    system.SolveExactly(columns, values, x, scratch, upcoming);
                if (!observed.IsEmpty)
                    observed[row] = ObservedLoss.Of(system, columns, values, x);
            }
            pause();
        }
        if (side.ShortRows is not null)
            Leave(rows, ref leaving, factors, observed);
    }

    private void Leave(InteractionRows rows, ref RowsLeaving leaving, ReadOnlySpan<float> factors, Span<double> observed)
    {
        var taken = leaving.Taken;
        leaving.Flush();
        if (!observed.IsEmpty)
            foreach (int row in taken)
                observed[row] = Observed(rows, row, factors.Slice(row * options.Width, options.Width));
    }

    /// <summary>Solves a row that is short, in the eigenbasis; false where it is not.</summary>
    private bool TrySolveShort(scoped ReadOnlySpan<int> columns, scoped ReadOnlySpan<float> values, RowSolverScratch scratch, out ReadOnlySpan<float> inside)
    {
        inside = default;
        if (side.ShortRows is not { } shortRows || columns.IsEmpty || columns.Length > ShortRowRule.PairsMax(options.Width))
            return false;
        inside = scratch.Short.X;
        return scratch.Short.TrySolve(shortRows, columns, values);
    }

    private void Observe(InteractionRows rows, RowBatch batch, ReadOnlySpan<float> factors, Span<double> observed)
    {
        foreach (int row in batch.InStep.Span)
            observed[row] = Observed(rows, row, factors.Slice(row * options.Width, options.Width));
        for (int row = batch.First; row < batch.End; row++)
            if (!approximate!.IsInStep(rows.CountOf(row)))
                observed[row] = Observed(rows, row, factors.Slice(row * options.Width, options.Width));
    }

    /// <summary>Solves one row; a row without pairs becomes zero.</summary>
    /// <param name="rows">The side's pairs; columns are rows of the other side.</param>
    /// <param name="row">Which row.</param>
    /// <param name="x">In: the row's last value, from which the approximate solvers may start. Out: the solution. Shape (Width).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>, used by this thread alone.</param>
    /// <exception cref="ArgumentException"><paramref name="x"/> has another length.</exception>
    /// <exception cref="ArithmeticException">The row's matrix is not positive definite even in double: λ is too small for these factors.</exception>
    public void Solve(InteractionRows rows, int row, Span<float> x, RowSolverScratch scratch)
    {
        RequireWidth(x.Length);
        int pairCount = rows.CountOf(row);
        if (pairCount == 0)
        {
            x.Clear();
            return;
        }
        if (approximate is not null)
        {
            if (approximate.IsInStep(pairCount))
                approximate.SolveInStep(rows, new[] { row }, x, row, scratch, static () => { });
            else
                approximate.SolveRange(rows, row, row + 1, x, row, scratch, static () => { });
            return;
        }
        t_values ??= [];
        var columns = rows.Columns(row, ref scratch.Columns);
        var values = rows.Values(row, ref t_values);
        if (TrySolveShort(columns, values, scratch, out var inside))
        {
            var leaving = new RowsLeaving(side.ShortRows!, scratch.Leaving, options.Width, x, row);
            leaving.Add(row, inside);
            leaving.Flush();
        }
        else
            system.SolveExactly(columns, values, x, scratch);
    }

    /// <summary>A row's observed pairs in the objective, in double, less what <see cref="Loss.Total"/> adds for every pair. Cheapest just after the row was solved: its factors are in cache.</summary>
    /// <param name="rows">The side's pairs.</param>
    /// <param name="row">Which row.</param>
    /// <param name="x">The row's factors, shape (Width).</param>
    public double Observed(InteractionRows rows, int row, ReadOnlySpan<float> x)
    {
        RequireWidth(x.Length);
        t_values ??= [];
        t_columns ??= [];
        return ObservedLoss.Of(system, rows.Columns(row, ref t_columns), rows.Values(row, ref t_values), x);
    }

    /// <summary>Adds a row's part of the objective, in double.</summary>
    /// <param name="rows">The side's pairs.</param>
    /// <param name="row">Which row.</param>
    /// <param name="x">The row's factors, shape (Width).</param>
    /// <param name="terms">terms[0] takes <see cref="Observed"/>; terms[1] takes λ'·|x|².</param>
    public void AddLoss(InteractionRows rows, int row, ReadOnlySpan<float> x, Span<double> terms)
    {
        terms[0] += Observed(rows, row, x);
        AddRegularisation(rows, row, x, terms);
    }

    /// <summary>Adds a row's λ'·|x|² to terms[1]: all that the total needs of the side solved first.</summary>
    /// <param name="rows">The side's pairs.</param>
    /// <param name="row">Which row.</param>
    /// <param name="x">The row's factors, shape (Width).</param>
    /// <param name="terms">As in <see cref="AddLoss"/>.</param>
    public void AddRegularisation(InteractionRows rows, int row, ReadOnlySpan<float> x, Span<double> terms)
    {
        int pairCount = rows.CountOf(row);
        if (pairCount > 0)
            terms[1] += system.Lambda(pairCount) * WideDot.Of(x, x);
    }

    private void RequireWidth(int length)
    {
        if (length != options.Width)
            throw new ArgumentException($"A row holds {options.Width} floats; got {length}.", nameof(length));
    }
}
