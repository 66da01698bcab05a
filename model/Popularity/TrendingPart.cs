using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Items;

namespace OrleansRec.Model.Popularity;

/// <summary>How much the decayed counts of the last day have faded at a moment.</summary>
public sealed class TrendingQuery(double Share) : PartQuery
{
    /// <summary>2^(−(d − last day)/h), 1 on the last day and before.</summary>
    public double Share { get; } = Share;
}

/// <summary>What is asked for lately, as a part: score(i) = ln(1 + n_i·2^(−(d − D)/h)), n_i = Σ 2^(−(D − q)/h) over the events of item i on the days q up to the last day D that was counted.</summary>
/// <remarks>The same for all users, so all of it is offset. Time fades all items alike, so their order is made once. At the moment of the last day it is <see cref="PopularityTimeline"/> of the same events.</remarks>
public sealed class TrendingPart : ISparsePart
{
    private readonly string[] _itemIds;
    private readonly double[] _counts;
    private readonly int[] _order;
    private readonly double _halfLifeDays;
    private readonly long _lastDay;
    private readonly int _versionItems;
    private readonly double[] _versionCounts;
    private volatile Moment? _moment;

    /// <summary>Takes the counts of a version for the rows of a block.</summary>
    /// <param name="itemIds">Id of each row of the block, shape (n).</param>
    /// <param name="rowOf">Which item of the version each row is; −1 for one that the version does not know, shape (n).</param>
    /// <param name="counts">The counts of the version.</param>
    /// <param name="halfLifeDays">h, in days, &gt; 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public TrendingPart(string[] itemIds, int[] rowOf, DailyCounts counts, double halfLifeDays)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (itemIds.Length != rowOf.Length)
            throw new ArgumentException($"{itemIds.Length} rows need as many numbers; got {rowOf.Length}.", nameof(rowOf));
        (_itemIds, _halfLifeDays, _lastDay, _versionItems) = (itemIds, halfLifeDays, counts.FirstDay + counts.DayCount - 1, counts.ItemCount);
        double[] shares = counts.SharesOf(halfLifeDays), all = [.. Enumerable.Range(0, counts.ItemCount).Select(item => counts.At(item, counts.DayCount - 1, shares))];
        _versionCounts = [.. all.Where(n => n > 0)];
        _counts = Array.ConvertAll(rowOf, item => item < 0 ? 0 : all[item]);
        _order = [.. Enumerable.Range(0, itemIds.Length).Where(row => _counts[row] > 0)];
        Array.Sort(_order, (a, b) => _counts[a] != _counts[b] ? _counts[b].CompareTo(_counts[a]) : string.CompareOrdinal(itemIds[a], itemIds[b]));
    }

    /// <inheritdoc/>
    public string Name => "trending";

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _itemIds;

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        double share = Math.Pow(2, -Math.Max(0, DailyCounts.DayOf(signals.NowMs) - _lastDay) / _halfLifeDays);
        return new TrendingQuery(share) { Scale = At(share).Scale };
    }

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores) => At(query).Scores.CopyTo(scores);

    /// <inheritdoc/>
    public void ScoreRows(PartQuery query, ReadOnlySpan<int> rows, Span<float> scores)
    {
        float[] all = At(query).Scores;
        for (int n = 0; n < rows.Length; n++)
            scores[n] = all[rows[n]];
    }

    /// <inheritdoc/>
    public int Best(PartQuery query, ReadOnlySpan<ulong> excluded, Span<ScoredRow> best)
    {
        if (best.IsEmpty)
            return 0;
        float[] scores = At(query).Scores;
        int count = 0;
        for (int n = 0; n < _order.Length && (count < best.Length || scores[_order[n]] == best[^1].Score); n++)
            if (scores[_order[n]] > 0 && (excluded.IsEmpty || !RowWords.Has(excluded, _order[n])))
                count = Take(_order[n], scores[_order[n]], best, count);
        return count;
    }

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        amounts.Clear();
        return At(query).Scores[row];
    }

    /// <summary>Puts a row at its place. Counts that differ may round to one score, which goes by id: so the order of counts is that of scores but for ties.</summary>
    private int Take(int row, float score, Span<ScoredRow> best, int count)
    {
        int at = count;
        while (at > 0 && best[at - 1].Score == score && string.CompareOrdinal(_itemIds[row], _itemIds[best[at - 1].Row]) < 0)
            at--;
        if (at == best.Length)
            return count;
        int kept = Math.Min(count, best.Length - 1);
        best[at..kept].CopyTo(best[(at + 1)..]);
        best[at] = new(row, score);
        return kept + 1;
    }

    private Moment At(PartQuery query) => At(((TrendingQuery)query).Share);

    /// <summary>Scores at a moment; those of the last one asked for are kept, because a share is that of a whole day.</summary>
    private Moment At(double share)
    {
        if (_moment is { } known && known.Share == share)
            return known;
        double squares = _versionCounts.Sum(n => Math.Log(1 + n * share) * Math.Log(1 + n * share));
        return _moment = new(share, Math.Sqrt(squares / Math.Max(1, _versionItems)), Array.ConvertAll(_counts, n => n == 0 ? 0 : (float)Math.Log(1 + n * share)));
    }

    private sealed record Moment(double Share, double Scale, float[] Scores);
}
