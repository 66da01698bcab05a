namespace OrleansRec.Model.Sequence.Baselines;

/// <summary>The neighbours of the last item: cosine of the sets of users, |U_i ∩ U_j| / √(|U_i|·|U_j|).</summary>
public sealed class LastItemNeighbours : ISequenceBaseline
{
    /// <summary>A user with more distinct items counts with the latest of them: pairs grow with the square.</summary>
    public const int ItemsMax = 500;

    private readonly ItemCounts _together;
    private readonly int[] _users;

    /// <summary>Counts.</summary>
    /// <param name="rows">Histories to learn from.</param>
    public LastItemNeighbours(SequenceRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _users = new int[rows.ItemCount];
        for (int user = 0; user < rows.Count; user++)
            foreach (int item in ItemsOf(rows, user))
                _users[item]++;
        _together = ItemCounts.Of(rows.ItemCount, Enumerable.Range(0, rows.Count).SelectMany(user => Pairs(ItemsOf(rows, user))));
    }

    /// <inheritdoc/>
    public void AddScores(ReadOnlySpan<int> history, Span<double> scores)
    {
        if (history.IsEmpty)
            return;
        int last = history[^1];
        ReadOnlySpan<int> others = _together.Others(last), counts = _together.Counts(last);
        for (int n = 0; n < others.Length; n++)
            scores[others[n]] += counts[n] / Math.Sqrt((double)_users[last] * _users[others[n]]);
    }

    private static int[] ItemsOf(SequenceRows rows, int user) => [.. rows[user].ToArray().Reverse().Distinct().Take(ItemsMax)];

    private static IEnumerable<(int, int)> Pairs(int[] items) => items.SelectMany(item => items.Where(other => other != item).Select(other => (item, other)));
}
