namespace OrleansRec.Model;

/// <summary>Solves rows of one side against the other in the eigenbasis of its Gram matrix.</summary>
/// <remarks>
/// Short rows are packed and solved one by one. Long rows, whose pairs would not stay in the second-level cache, are solved in step (<see cref="SharedPairs"/>); which of the
/// two a row is depends on its number of pairs and the rank alone. So does the method that <see cref="RowSolver.Auto"/> takes (<see cref="SolverChoice"/>).
/// </remarks>
internal sealed unsafe class ApproximateSolver(RowSystem system, RotatedSide side, bool fromZero)
{
    private readonly AlsOptions options = side.Options;
    private readonly int width = side.Options.Width;
    private readonly int size = side.Size;

    /// <summary>Whether a row is solved in step with others.</summary>
    public bool IsInStep(int pairCount) => pairCount > PackedPairs.PairsMax(size) && SolverChoice.Of(options, pairCount) == RowSolver.ConjugateGradient;

    /// <summary>Solves a range of rows but for those solved in step.</summary>
    /// <param name="rows">The side's pairs.</param>
    /// <param name="first">The first row.</param>
    /// <param name="end">Behind the last.</param>
    /// <param name="factors">Factors from row <paramref name="origin"/> on.</param>
    /// <param name="origin">See <paramref name="factors"/>.</param>
    /// <param name="scratch">Of this thread.</param>
    /// <param name="pause">Called between rows.</param>
    public void SolveRange(InteractionRows rows, int first, int end, Span<float> factors, int origin, RowSolverScratch scratch, Action pause)
    {
        var s = scratch.Approximate(size);
        var leaving = new RowsLeaving(side, s.Leaving, width, factors, origin);
        var state = s.InStep(1);
        for (int row = first; row < end; row++)
        {
            var columns = rows.Columns(row, ref s.Columns);
            var values = rows.Values(row, ref s.Values);
            var x = factors.Slice((row - origin) * width, width);
            RowSolver solver = SolverChoice.Of(options, columns.Length);
            if (columns.IsEmpty)
                x.Clear();
            else if (solver == RowSolver.Cholesky)
                system.SolveExactly(columns, values, x, scratch);
            else if (!IsInStep(columns.Length))
            {
                Enter(state[0], columns.Length, x);
                if (solver == RowSolver.ConjugateGradient)
                {
                    s.Packed.Take(side, columns, values);
                    ConjugateGradient.Solve(side, s.Packed, state, !fromZero);
                }
                else
                    SubspaceNewton.Solve(side, columns, values, state[0], !fromZero, s);
                leaving.Add(row, state[0].X.Span);
            }
            pause();
        }
        leaving.Flush();
    }

    /// <summary>Solves long rows in step.</summary>
    public void SolveInStep(InteractionRows rows, ReadOnlyMemory<int> numbers, Span<float> factors, int origin, RowSolverScratch scratch, Action pause)
    {
        var s = scratch.Approximate(size);
        var leaving = new RowsLeaving(side, s.Leaving, width, factors, origin);
        var states = s.InStep(numbers.Length);
        for (int i = 0; i < numbers.Length; i++)
            Enter(states[i], rows.CountOf(numbers.Span[i]), factors.Slice((numbers.Span[i] - origin) * width, width));
        s.Shared.Take(side, rows, numbers, pause);
        ConjugateGradient.Solve(side, s.Shared, states, !fromZero);
        for (int i = 0; i < numbers.Length; i++)
            leaving.Add(numbers.Span[i], states[i].X.Span);
        leaving.Flush();
    }

    private void Enter(ConjugateGradientRow state, int pairCount, ReadOnlySpan<float> factors)
    {
        state.Lambda = side.Lambda(pairCount);
        if (fromZero)
            state.X.Span.Clear();
        else
            fixed (float* x = factors, inside = state.X)
                side.Enter(x, inside);
    }
}
