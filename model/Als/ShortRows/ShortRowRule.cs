namespace OrleansRec.Model;

/// <summary>Which rows are solved through as many equations as they have pairs: a function of the rank and of the row's own pairs, so of nothing that could differ between runs.</summary>
/// <remarks>
/// By operations n²·k + n³/3 stays below n·k² + k³/3 up to n = k. The bound is where it was measured to be faster (docs/ALGORITHM.md has the times): the small matrix fills
/// its tiles less well, and is padded to whole vectors, so the bound is a whole number of the widest ones.
/// </remarks>
internal static class ShortRowRule
{
    /// <summary>Below this rank a row costs about a microsecond whatever is done.</summary>
    public const int RankMin = 32;

    private const int LanesMax = 16;

    /// <summary>Pairs with d &gt; 0 at most: three quarters of k, in whole vectors.</summary>
    public static int RaisingMax(int width) => width * 3 / 4 / LanesMax * LanesMax;

    /// <summary>Pairs at most; those with d = 0 add no equation.</summary>
    public static int PairsMax(int width) => 4 * width;

    /// <summary>Whether rows may be solved so: the approximate solvers have their own way with short rows, which costs as little.</summary>
    public static bool Applies(AlsOptions options) => options.Solver == RowSolver.Cholesky && options.Rank >= RankMin;
}
