namespace OrleansRec.Model.Ranking;

/// <summary>Makes the entries of a list, with the effect of every rule, and the reasons of what is not in it.</summary>
internal sealed class ListEntries(
    RankRequest request, IReadOnlyList<CompiledRule> active, Eligibility eligibility, GroupRule[] groups, CandidatePool pool, PinPlaces pins, ListFill fill)
{
    private readonly Dictionary<int, PooledItem> _pooled = pool.Items.ToDictionary(item => item.Row);

    public RankedList Make(IReadOnlyList<int> chosen)
    {
        List<int> rows = pins.Arrange(chosen);
        RankedEntry[] entries = [.. rows.Select((row, n) => Entry(row, n + 1))];
        GroupExposure[] exposures = Array.ConvertAll(groups, g => g.Exposure(rows));
        return new(entries, pins.LeftOut, exposures, pool.Drawn) { Reason = row => Reason(row, rows, entries) };
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
        if (!_pooled.TryGetValue(row, out PooledItem item))
            return new(RejectionReason.Rank);
        var caps = new Caps(request, active);
        foreach (int other in rows)
            caps.Add(other);
        double least = entries.Where(e => !pins.Has(e.Row)).Select(e => e.Score).DefaultIfEmpty(double.NegativeInfinity).Min();
        bool wouldRank = rows.Count < request.K || item.Score >= least;
        return wouldRank && caps.Full(row) is { } cap ? new(RejectionReason.Cap, cap) : new(RejectionReason.Rank);
    }
}
