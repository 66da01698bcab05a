namespace OrleansRec.Model;

/// <summary>Means over users of how well lists of length n find the held-out items.</summary>
/// <param name="Users">Users measured.</param>
/// <param name="Precision">Hits / n.</param>
/// <param name="Recall">Hits / number of the user's test items.</param>
/// <param name="F1">2·P·R / (P + R) of each user, 0 without a hit.</param>
/// <param name="HitRate">Share of users with at least one hit.</param>
/// <param name="Ndcg">Σ 1/log₂(rank + 1) over hits, by the same sum of a list whose first min(n, test items) entries are all hits.</param>
/// <param name="Map">Σ precision at the rank of each hit, by min(n, test items).</param>
/// <param name="Mrr">1 / rank of the first hit, 0 without one.</param>
/// <param name="CatalogueCoverage">Distinct items in all lists / items in the catalogue.</param>
public readonly record struct RankingFigures(
    int Users, double Precision, double Recall, double F1, double HitRate, double Ndcg, double Map, double Mrr, double CatalogueCoverage);

/// <summary>Measures lists over the full catalogue, one user after another, at several lengths at once.</summary>
/// <remarks>
/// Ranks count from 1. Worked example, n = 3, test items {a, b}, list [a, x, b]: precision 2/3, recall 1, F1 0.8, NDCG (1 + 1/2) / (1 + 1/log₂3) =
/// 0.9197, MAP (1/1 + 2/3) / 2 = 0.8333, MRR 1.
/// </remarks>
public sealed class RankingMetrics
{
    private sealed class Sums
    {
        public double Precision, Recall, F1, HitRate, Ndcg, Map, Mrr;
        public readonly HashSet<string> Shown = [];
    }

    private readonly int _catalogueItems;
    private readonly SortedList<int, Sums> _byLength = [];
    private int _users;

    /// <summary>Measures nothing yet.</summary>
    /// <param name="catalogueItems">How many items a list could show.</param>
    /// <param name="lengths">The lengths n to measure at.</param>
    /// <exception cref="ArgumentOutOfRangeException">No item, no length, or a length below 1.</exception>
    public RankingMetrics(int catalogueItems, params ReadOnlySpan<int> lengths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(catalogueItems, 1);
        ArgumentOutOfRangeException.ThrowIfZero(lengths.Length, nameof(lengths));
        _catalogueItems = catalogueItems;
        foreach (int n in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(n, 1, nameof(lengths));
            _byLength[n] = new();
        }
    }

    /// <summary>The longest length: lists need no more entries.</summary>
    public int LengthMax => _byLength.Keys[^1];

    /// <summary>Adds one user.</summary>
    /// <param name="list">Best first, items of the training left out; a shorter list than n counts as it is.</param>
    /// <param name="testItems">What was held out, at least one item.</param>
    /// <exception cref="ArgumentException">There is no test item.</exception>
    public void Add(ReadOnlySpan<string> list, IReadOnlySet<string> testItems)
    {
        ArgumentNullException.ThrowIfNull(testItems);
        if (testItems.Count == 0)
            throw new ArgumentException("A user is measured on at least 1 test item; got 0.", nameof(testItems));
        _users++;
        foreach (var (n, sums) in _byLength)
            AddAt(n, sums, list[..Math.Min(n, list.Length)], testItems);
    }

    /// <summary>The means so far at one of the lengths; 0 everywhere without users.</summary>
    /// <exception cref="ArgumentException">The length is not measured.</exception>
    public RankingFigures At(int n)
    {
        if (!_byLength.TryGetValue(n, out var s))
            throw new ArgumentException($"Measured are the lengths {string.Join(", ", _byLength.Keys)}; got {n}.", nameof(n));
        double u = Math.Max(1, _users);
        return new(_users, s.Precision / u, s.Recall / u, s.F1 / u, s.HitRate / u, s.Ndcg / u, s.Map / u, s.Mrr / u, (double)s.Shown.Count / _catalogueItems);
    }

    private static void AddAt(int n, Sums sums, ReadOnlySpan<string> list, IReadOnlySet<string> testItems)
    {
        int hits = 0;
        double gain = 0, precisions = 0;
        for (int rank = 1; rank <= list.Length; rank++)
        {
            sums.Shown.Add(list[rank - 1]);
            if (!testItems.Contains(list[rank - 1]))
                continue;
            hits++;
            gain += Gain(rank);
            precisions += (double)hits / rank;
            if (hits == 1)
                sums.Mrr += 1.0 / rank;
        }
        if (hits == 0)
            return;
        int hitsMax = Math.Min(n, testItems.Count);
        double ideal = 0;
        for (int rank = 1; rank <= hitsMax; rank++)
            ideal += Gain(rank);
        double precision = (double)hits / n, recall = (double)hits / testItems.Count;
        sums.Precision += precision;
        sums.Recall += recall;
        sums.F1 += 2 * precision * recall / (precision + recall);
        sums.HitRate++;
        sums.Ndcg += gain / ideal;
        sums.Map += precisions / hitsMax;
    }

    internal static double Gain(int rank) => 1 / Math.Log2(rank + 1);
}
