namespace OrleansRec.Model.Ranking;

/// <summary>Makes the entries of a list, with the effect of every rule, and the reasons of what is not in it.</summary>
internal sealed class ListEntries(
    RankRequest request, IReadOnlyList<CompiledRule> active, Eligibility eligibility, GroupRule[] groups, CandidatePool pool, PinPlaces pins, ListFill fill)
{
    private Dictionary<int, PooledItem> _pooled = pool.Items.ToDictionary(item => item.Row);

    public RankedList Make(IReadOnlyList<int> chosen)
    {
        List<int> rows = pins.Arrange(chosen);
        RankedEntry[] entries = [.. rows.Select((row, n) => Entry(row, n + 1))];
        GroupExposure[] exposures = Array.ConvertAll(groups, g => g.Exposure(rows));
        return new(entries, pins.LeftOut, exposures, pool.Drawn) { Reason = row => Reason(row, rows, entries), Stand = Standing };
    }

    private RankedEntry Entry(int row, int position)
    {
        double? before = _pooled.TryGetValue(row, out PooledItem item) ? item.Base : null;
        var (score, effects) = pool.Effects(row, before ?? 0);
        double propensity = 1;
        if (pins.Has(row))
            effects.Add(new(pins.RuleOf(row), RuleKind.Pin, 0));
        else if (fill.Choices.TryGetValue(row, out var choice))
        {
            effects.Add(choice.Effect);
            propensity = choice.Propensity;
        }
        return new(row, request.Items.IdAt(row), position, before, score, propensity, effects);
    }

    private Rejection? Reason(int row, List<int> rows, RankedEntry[] entries)
    {
        if (rows.Contains(row))
            return null;
        if (eligibility.Reason(row) is { } reason)
            return reason;
        if (Pooled(row) is not { } item)
            return new(pool.IsExhausted ? RejectionReason.Candidates : RejectionReason.Rank);
        var caps = new Caps(request, active);
        foreach (int other in rows)
            caps.Add(other);
        double least = entries.Where(e => !pins.Has(e.Row)).Select(e => e.Score).DefaultIfEmpty(double.NegativeInfinity).Min();
        bool wouldRank = rows.Count < request.K || item.Score >= least;
        return wouldRank && caps.Full(row) is { } cap ? new(RejectionReason.Cap, cap) : InsteadOf(item, entries);
    }

    /// <summary>What took the place that the score alone would give: a rule that chose an entry with a lower score, or a pin.</summary>
    private Rejection InsteadOf(PooledItem item, RankedEntry[] entries)
    {
        if (Array.Find(entries, e => e.Score < item.Score && fill.Choices.ContainsKey(e.Row)) is { } chosen)
            return new(RejectionReason.Rank, fill.Choices[chosen.Row].Effect.Rule);
        RankedEntry? pinned = Array.FindLast(entries, e => pins.Has(e.Row));
        return pinned is not null && PlaceOf(item.Row) <= request.K ? new(RejectionReason.Pin, pins.RuleOf(pinned.Row)) : new(RejectionReason.Rank);
    }

    private CandidateStanding? Standing(int row) => Pooled(row) is { } item ? new(PlaceOf(row), item.Base, item.Score) : null;

    private int PlaceOf(int row)
    {
        int place = 1;
        while (pool.Items[place - 1].Row != row)
            place++;
        return place;
    }

    /// <summary>The item as a candidate; more are drawn until it is among them, up to the bound of the pool.</summary>
    private PooledItem? Pooled(int row)
    {
        while (!_pooled.ContainsKey(row) && !pool.IsExhausted && pool.Drawn < CandidatePool.DrawnMax)
        {
            pool.Draw();
            _pooled = pool.Items.ToDictionary(item => item.Row);
        }
        return _pooled.TryGetValue(row, out PooledItem found) ? found : null;
    }
}
