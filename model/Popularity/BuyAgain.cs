namespace OrleansRec.Model.Popularity;

/// <summary>Options of <see cref="BuyAgain"/>.</summary>
public sealed record BuyAgainOptions
{
    /// <summary>σ, how wide the time before the due moment is, as a share of the period.</summary>
    /// <value>0.25 by default; &gt; 0.</value>
    public double Spread { get; init; } = 0.25;

    /// <summary>After how many periods overdue the score halves.</summary>
    /// <value>2 by default; &gt; 0.</value>
    public double OverduePeriods { get; init; } = 2;

    /// <summary>Purchases of the same item nearer than this are one.</summary>
    /// <value>A day by default, milliseconds; ≥ 0.</value>
    public long SamePurchaseMs { get; init; } = Hybrid.HistoryReading.DayMs;
}

/// <summary>What a user is about to need again, by the user's own period for each item.</summary>
/// <remarks>
/// g is the median gap between the user's n ≥ 2 purchases of the item, d the time since the last, z = d/g. Score = n/(n + 1) · e^(−((1 − z)/σ)²/2) before it is due (z &lt; 1), n/(n + 1) ·
/// 2^(−(z − 1)/m) after. All of it comes from the purchases of that item, so the last purchase explains it.
/// </remarks>
public static class BuyAgain
{
    /// <summary>The score of one item; 0 for fewer than two purchases, where the user shows no period.</summary>
    /// <param name="purchasesMs">Moments of the user's purchases, in any order.</param>
    /// <param name="nowMs">The moment of the list; purchases after it are not read.</param>
    /// <param name="options">How.</param>
    public static double ScoreOf(ReadOnlySpan<long> purchasesMs, long nowMs, BuyAgainOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var times = Distinct(purchasesMs, nowMs, options.SamePurchaseMs);
        if (times.Count < 2)
            return 0;
        double period = MedianGap(times), z = (nowMs - times[^1]) / period, trust = times.Count / (times.Count + 1.0);
        return z < 1
            ? trust * Math.Exp(-0.5 * Math.Pow((1 - z) / options.Spread, 2))
            : trust * Math.Pow(2, -(z - 1) / options.OverduePeriods);
    }

    /// <summary>The best n items of a block, in the total order; items without a period are left out.</summary>
    /// <param name="purchases">The user's purchases of each item of the block, each item once.</param>
    /// <param name="nowMs">The moment of the list.</param>
    /// <param name="n">How many are wanted.</param>
    /// <param name="options">How.</param>
    public static ScoredItem[] Best(IEnumerable<(string ItemId, long[] TimesMs)> purchases, long nowMs, int n, BuyAgainOptions options) =>
        [.. purchases.Select(p => new ScoredItem(p.ItemId, (float)ScoreOf(p.TimesMs, nowMs, options))).Where(s => s.Score > 0).Order().Take(n)];

    private static List<long> Distinct(ReadOnlySpan<long> purchasesMs, long nowMs, long sameMs)
    {
        long[] sorted = purchasesMs.ToArray();
        Array.Sort(sorted);
        var kept = new List<long>();
        foreach (long time in sorted)
            if (time <= nowMs && (kept.Count == 0 || time - kept[^1] > sameMs))
                kept.Add(time);
        return kept;
    }

    private static double MedianGap(List<long> times)
    {
        long[] gaps = [.. times.Zip(times.Skip(1), (a, b) => b - a).Order()];
        return gaps.Length % 2 == 1 ? gaps[gaps.Length / 2] : (gaps[gaps.Length / 2 - 1] + gaps[gaps.Length / 2]) / 2.0;
    }
}

/// <summary>Lists that are an order of time: what a user had to do with last, and what came into the catalogue last.</summary>
public static class ByRecency
{
    /// <summary>The newest n of a block: score 2^(−age/h), then by id. Moments after now are not listed.</summary>
    /// <param name="moments">Item and moment, such as the user's last view of it or its first day in the catalogue; of an item given twice the newest counts.</param>
    /// <param name="nowMs">The moment of the list.</param>
    /// <param name="halfLifeMs">h, milliseconds, &gt; 0; it makes scores comparable and changes no order.</param>
    /// <param name="n">How many are wanted.</param>
    public static ScoredItem[] Newest(IEnumerable<(string ItemId, long TimeMs)> moments, long nowMs, long halfLifeMs, int n)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLifeMs);
        // Ordered by the moment itself: scores of old moments are equal as floats.
        return [.. moments.Where(m => m.TimeMs <= nowMs).GroupBy(m => m.ItemId, StringComparer.Ordinal).Select(g => (Id: g.Key, TimeMs: g.Max(m => m.TimeMs)))
            .OrderByDescending(m => m.TimeMs).ThenBy(m => m.Id, StringComparer.Ordinal).Take(n)
            .Select(m => new ScoredItem(m.Id, (float)Math.Pow(2, -(double)(nowMs - m.TimeMs) / halfLifeMs)))];
    }
}
