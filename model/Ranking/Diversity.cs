namespace OrleansRec.Model.Ranking;

/// <summary>Maximal marginal relevance: λ · relevance − (1 − λ) · the largest similarity to an item before (Carbonell and Goldstein 1998).</summary>
/// <param name="lambda">λ, 0 … 1.</param>
/// <param name="similarity">How alike two rows are, 0 … 1.</param>
/// <param name="items">Candidates, best first.</param>
internal sealed class Diversity(double lambda, Func<int, int, double> similarity, IReadOnlyList<PooledItem> items)
{
    /// <summary>Candidates that are compared for one place.</summary>
    public const int WindowMax = 200;

    private readonly double[] _nearest = new double[items.Count];
    private readonly int[] _compared = new int[items.Count];
    private readonly double _best = items.Count == 0 ? 0 : items[0].Score;
    private readonly double _range = items.Count == 0 ? 0 : items[0].Score - items[Math.Min(WindowMax, items.Count) - 1].Score;

    /// <summary>The value of a candidate for the next place.</summary>
    /// <param name="index">Which candidate.</param>
    /// <param name="before">Rows at the places before.</param>
    public double ValueOf(int index, IReadOnlyList<int> before)
    {
        // Only what came since the candidate was last looked at is compared.
        for (; _compared[index] < before.Count; _compared[index]++)
            _nearest[index] = Math.Max(_nearest[index], similarity(items[index].Row, before[_compared[index]]));
        // Scores have any range; similarities have that of 0 to 1.
        double relevance = _range > 0 ? 1 - (_best - items[index].Score) / _range : 1;
        return lambda * relevance - (1 - lambda) * _nearest[index];
    }
}
