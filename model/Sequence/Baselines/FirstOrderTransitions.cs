namespace OrleansRec.Model.Sequence.Baselines;

/// <summary>What followed the last item: the share of its followers, as a first-order Markov chain estimates it.</summary>
public sealed class FirstOrderTransitions : ISequenceBaseline
{
    private readonly ItemCounts _next;

    /// <summary>Counts.</summary>
    /// <param name="rows">Histories to learn from.</param>
    public FirstOrderTransitions(SequenceRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _next = ItemCounts.Of(rows.ItemCount, Enumerable.Range(0, rows.Count).SelectMany(user => Steps(rows[user].ToArray())));
    }

    /// <inheritdoc/>
    public void AddScores(ReadOnlySpan<int> history, Span<double> scores)
    {
        if (history.IsEmpty)
            return;
        ReadOnlySpan<int> others = _next.Others(history[^1]), counts = _next.Counts(history[^1]);
        double total = 0;
        foreach (int count in counts)
            total += count;
        for (int n = 0; n < others.Length; n++)
            scores[others[n]] += counts[n] / total;
    }

    private static IEnumerable<(int, int)> Steps(int[] items) => items.Skip(1).Select((item, n) => (items[n], item));
}
