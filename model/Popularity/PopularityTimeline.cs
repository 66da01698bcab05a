using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Popularity;

/// <summary>A query at one moment of a timeline.</summary>
public sealed class MomentQuery(int Period) : PartQuery
{
    /// <summary>The last whole period before the moment; −1 where there is none.</summary>
    public int Period { get; } = Period;
}

/// <summary>Decayed popularity as it stood at any moment: score(i) = ln(1 + Σ 2^(−(p − q)/h) over events of item i in periods q ≤ p), p being the last period that ended before the moment.</summary>
/// <remarks>
/// For evaluation, where each user is asked at another moment and must not see what came after it. Takes 4 bytes for each item and period. A server keeps
/// <see cref="DecayedCount"/> instead, which knows the present only.
/// </remarks>
public sealed class PopularityTimeline : IScorePart
{
    /// <summary>Periods at most: ten years of days.</summary>
    public const int PeriodsMax = 3_653;

    private readonly string[] _itemIds;
    private readonly long _firstMs, _periodMs;
    private readonly float[][] _scores;
    private readonly double[] _scales;

    /// <summary>Counts events.</summary>
    /// <param name="itemIds">Id of each row, shape (n).</param>
    /// <param name="events">Row and moment of each event, in any order.</param>
    /// <param name="halfLifeDays">h, in days, &gt; 0.</param>
    /// <param name="periodMs">A period, in milliseconds, &gt; 0.</param>
    /// <exception cref="ArgumentException">The events span more than <see cref="PeriodsMax"/> periods.</exception>
    public PopularityTimeline(string[] itemIds, IReadOnlyList<(int Row, long TimeMs)> events, double halfLifeDays, long periodMs = HistoryReading.DayMs)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLifeDays);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(periodMs);
        (_itemIds, _periodMs) = (itemIds, periodMs);
        _firstMs = events.Count == 0 ? 0 : events.Min(e => e.TimeMs);
        long periods = events.Count == 0 ? 0 : (events.Max(e => e.TimeMs) - _firstMs) / periodMs + 1;
        if (periods > PeriodsMax)
            throw new ArgumentException($"Events span at most {PeriodsMax} periods; got {periods}.", nameof(events));
        var counts = new int[periods][];
        foreach (var (row, timeMs) in events)
            (counts[(timeMs - _firstMs) / periodMs] ??= new int[itemIds.Length])[row]++;
        (_scores, _scales) = Decay(counts, itemIds.Length, Math.Pow(2, -(double)periodMs / (halfLifeDays * HistoryReading.DayMs)));
    }

    /// <inheritdoc/>
    public string Name => "trending";

    /// <inheritdoc/>
    public ReadOnlySpan<string> ItemIds => _itemIds;

    /// <inheritdoc/>
    public PartQuery Prepare(UserSignals signals)
    {
        int period = _scores.Length == 0 ? -1 : (int)Math.Clamp((signals.NowMs - _firstMs) / _periodMs - 1, -1, _scores.Length - 1);
        return new MomentQuery(signals.NowMs < _firstMs ? -1 : period) { Scale = period < 0 ? 0 : _scales[period] };
    }

    /// <inheritdoc/>
    public void Score(PartQuery query, Span<float> scores)
    {
        if (((MomentQuery)query).Period is >= 0 and var period)
            _scores[period].CopyTo(scores);
        else
            scores.Clear();
    }

    /// <inheritdoc/>
    public double Explain(PartQuery query, int row, Span<double> amounts)
    {
        amounts.Clear();
        return ((MomentQuery)query).Period is >= 0 and var period ? _scores[period][row] : 0;
    }

    private static (float[][] Scores, double[] Scales) Decay(int[][] counts, int itemCount, double factor)
    {
        var (scores, scales, sums) = (new float[counts.Length][], new double[counts.Length], new double[itemCount]);
        for (int period = 0; period < counts.Length; period++)
        {
            for (int row = 0; row < itemCount; row++)
                sums[row] = sums[row] * factor + (counts[period]?[row] ?? 0);
            scores[period] = Array.ConvertAll(sums, n => (float)Math.Log(1 + n));
            scales[period] = PopularityPart.ScaleOf(sums);
        }
        return (scores, scales);
    }
}
