using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Popularity;

/// <summary>A query that reads nothing of the user but the segment.</summary>
public sealed class PopularityQuery(string? Segment) : PartQuery
{
    /// <summary>The user's segment; null where it is not known.</summary>
    public string? Segment { get; } = Segment;
}

/// <summary>Popularity as a part: score(i) = ln(1 + n_i) over what is counted of the item, in the user's segment where that has any count.</summary>
/// <remarks>It is the same for all users of a segment, so all of it is offset and none comes from the past.</remarks>
public sealed class PopularityPart : ISparsePart
{
    private readonly string[] _itemIds;
    private readonly float[] _scores;
    private readonly Dictionary<string, float[]> _bySegment;
    private readonly double _scale;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<float[], int[]> _orders = [];

    /// <summary>Takes the counts of a block.</summary>
    /// <param name="name">The part's name, such as popular or trending.</param>
    /// <param name="itemIds">Id of each row, shape (n).</param>
    /// <param name="counts">Users, events, or decayed counts of each, ≥ 0, shape (n).</param>
    /// <param name="scale">The root of the mean square of ln(1 + n_i) over all items of the version; see <see cref="ScaleOf"/>.</param>
    /// <param name="bySegment">Counts within segments, each of shape (n).</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or a count is below 0.</exception>
    public PopularityPart(string name, string[] itemIds, double[] counts, double scale, IReadOnlyDictionary<string, double[]>? bySegment = null)
    {
        (Name, _itemIds, _scale) = (name, itemIds, scale);
        _scores = Scores(counts, itemIds.Length);
        _bySegment = bySegment?.ToDictionary(s => s.Key, s => Scores(s.Value, itemIds.Length), StringComparer.Ordinal) ?? [];
    }

    /// <summary>The root of the mean square of ln(1 + n) over all items of a version.</summary>
    public static double ScaleOf(IReadOnlyList<double> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return Math.Sqrt(counts.Sum(n => Math.Log(1 + n) * Math.Log(1 + n)) / Math.Max(1, counts.Count));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _itemIds;

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals) => new PopularityQuery(signals.Segment) { Scale = _scale };

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores) => ScoresOf(query).CopyTo(scores);

    /// <inheritdoc/>
    public void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        float[] own = ScoresOf(query);
        for (int n = 0; n < rows.Length; n++)
            scores[n] = own[rows[n]];
    }

    /// <inheritdoc/>
    public int Best(PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best)
    {
        float[] own = ScoresOf(query);
        int[] order = _orders.GetOrAdd(own, static (scores, ids) => OrderOf(scores, ids), _itemIds);
        int count = 0;
        for (int n = 0; n < order.Length && count < best.Length; n++)
            if (excluded.IsEmpty || !Items.RowWords.Has(excluded, order[n]))
                best[count++] = new(order[n], own[order[n]]);
        return count;
    }

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        amounts.Clear();
        return ScoresOf(query)[row];
    }

    private float[] ScoresOf(PartQuery query) =>
        ((PopularityQuery)query).Segment is { } segment && _bySegment.TryGetValue(segment, out float[]? own) ? own : _scores;

    /// <summary>The rows that score above 0, best first, then by id.</summary>
    private static int[] OrderOf(float[] scores, string[] ids)
    {
        int[] rows = [.. Enumerable.Range(0, scores.Length).Where(row => scores[row] > 0)];
        Array.Sort(rows, (a, b) => scores[a] != scores[b] ? scores[b].CompareTo(scores[a]) : string.CompareOrdinal(ids[a], ids[b]));
        return rows;
    }

    private static float[] Scores(double[] counts, int itemCount)
    {
        if (counts.Length != itemCount)
            throw new ArgumentException($"{itemCount} items need as many counts; got {counts.Length}.", nameof(counts));
        return Array.ConvertAll(counts, n => n >= 0 ? (float)Math.Log(1 + n) : throw new ArgumentException($"A count must be 0 or more; got {n}.", nameof(counts)));
    }
}
