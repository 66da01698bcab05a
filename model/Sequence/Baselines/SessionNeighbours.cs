namespace OrleansRec.Model.Sequence.Baselines;

/// <summary>The items of the most similar histories: vector multiplication over indexed sessions (VMIS-kNN; Kersbergen, Sprangers, Schelter 2022).</summary>
/// <remarks>
/// A history's item at position p of l weighs p/l. Of each item the <see cref="SessionsMax"/> latest histories that have it are met; a history's similarity r is the sum of the weights it meets. The best
/// <see cref="NeighboursMax"/>, ties to the later one, give each of their items i: r · λ(d) · log(N/N_i), d being how many items ago the latest item in common was (1 is the last), λ(d) = 1 − d/10, or 0
/// from 10 on, N the number of histories and N_i of those with i. "Later" is the order of the rows. Not safe for several threads: it has room for one history.
/// </remarks>
public sealed class SessionNeighbours : ISequenceBaseline
{
    /// <summary>m: histories met through one item.</summary>
    public const int SessionsMax = 500;

    /// <summary>k: histories that recommend.</summary>
    public const int NeighboursMax = 100;

    private readonly SequenceRows _rows;
    private readonly ItemCounts _sessions;
    private readonly int[] _sessionCount;
    private readonly Dictionary<int, (double Similarity, int Distance)> _met = [];
    private readonly HashSet<int> _done = [];

    /// <summary>Indexes.</summary>
    /// <param name="rows">Histories to learn from, latest last.</param>
    public SessionNeighbours(SequenceRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _rows = rows;
        _sessions = ItemCounts.Of(rows.ItemCount, Enumerable.Range(0, rows.Count).SelectMany(user => rows[user].ToArray().Select(item => (item, user))));
        _sessionCount = [.. Enumerable.Range(0, rows.ItemCount).Select(item => _sessions.Others(item).Length)];
    }

    /// <inheritdoc/>
    public void AddScores(ReadOnlySpan<int> history, Span<double> scores)
    {
        Meet(history);
        foreach (var (session, (similarity, distance)) in _met.OrderByDescending(m => m.Value.Similarity).ThenByDescending(m => m.Key).Take(NeighboursMax))
        {
            double weight = similarity * Math.Max(0, 1 - distance / 10.0);
            _done.Clear();
            foreach (int item in _rows[session])
                if (_done.Add(item))
                    scores[item] += weight * Math.Log((double)_rows.Count / _sessionCount[item]);
        }
    }

    // From the last item back: an item that comes again weighs where it came last.
    private void Meet(ReadOnlySpan<int> history)
    {
        _met.Clear();
        _done.Clear();
        for (int p = history.Length - 1; p >= 0; p--)
        {
            if (!_done.Add(history[p]))
                continue;
            double weight = (p + 1.0) / history.Length;
            var sessions = _sessions.Others(history[p]);
            foreach (int session in sessions[Math.Max(0, sessions.Length - SessionsMax)..])
                _met[session] = _met.TryGetValue(session, out var before) ? (before.Similarity + weight, before.Distance) : (weight, history.Length - p);
        }
    }
}
