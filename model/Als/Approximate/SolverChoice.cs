namespace OrleansRec.Model;

/// <summary>Which method solves a row: a function of the options and the row's number of pairs, so of nothing that could differ between runs.</summary>
/// <remarks>
/// The rules are where four steps of conjugate gradient, measured row by row (docs/ALGORITHM.md), take less time than the exact solution by enough to pay for what they leave
/// open: from rank 64 on always, from rank 32 on for rows of at most k pairs, whose exact solution is nearly all k³/3 of factorising. Below rank 32 a pair costs the exact
/// solver no more than the passes of conjugate gradient.
/// </remarks>
public static class SolverChoice
{
    /// <summary>From this rank on `auto` solves rows of at most k pairs by conjugate gradient.</summary>
    public const int ShortRowRankMin = 32;

    /// <summary>From this rank on `auto` solves every row by conjugate gradient.</summary>
    public const int EveryRowRankMin = 64;

    /// <summary>The method of a row: the option, or what `auto` takes.</summary>
    /// <param name="options">The options.</param>
    /// <param name="pairCount">n.</param>
    public static RowSolver Of(AlsOptions options, int pairCount)
    {
        if (options.Solver != RowSolver.Auto)
            return options.Solver;
        bool isFaster = options.Rank >= EveryRowRankMin || (options.Rank >= ShortRowRankMin && pairCount <= options.Rank);
        return isFaster ? RowSolver.ConjugateGradient : RowSolver.Cholesky;
    }

    /// <summary>Whether some row may be solved in the eigenbasis of the other side.</summary>
    internal static bool NeedsBasis(AlsOptions options) => Of(options, 0) != RowSolver.Cholesky;
}
