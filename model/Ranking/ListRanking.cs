using OrleansRec.Model.Items;

namespace OrleansRec.Model.Ranking;

/// <summary>Applies rules to candidates and makes the final list. Pure: the same request, rules and candidates give the same list.</summary>
/// <remarks>
/// Order of power: eligibility (hidden, stock, window, kind, filter), caps, pins, promotes and floors, steadiness, exploration, diversity, and scores with boosts, buries and fatigue.
/// What is weaker never breaks what is stronger. A list has min(k, M) entries; M is how many eligible candidates caps let into one list beside its pins (docs/RULES.md, "Length").
/// </remarks>
public static class ListRanking
{
    /// <summary>Makes a list.</summary>
    /// <param name="request">What it is made from.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="candidates">Best first; rows of the request's items, none twice.</param>
    public static RankedList Of(RankRequest request, CompiledRules rules, ICandidates candidates) => Of(request, rules, _ => candidates);

    /// <summary>Makes a list of candidates that are searched for among the eligible items alone.</summary>
    /// <param name="request">What it is made from.</param>
    /// <param name="rules">The rules.</param>
    /// <param name="search">Gives candidates, best first; takes one bit a row, which is set for every eligible item.</param>
    public static RankedList Of(RankRequest request, CompiledRules rules, Func<ReadOnlyMemory<ulong>, ICandidates> search)
    {
        var active = rules.Active(request.Inputs.NowMs, request.Scenario);
        var eligibility = new Eligibility(request, active);
        var eligible = new ulong[RowWords.CountOf(request.Items.Count)];
        eligibility.Fill(eligible);
        var pins = new PinPlaces(request, active, eligibility, new(request, active));
        GroupRule[] groups = GroupsOf(request, active, eligible);
        BoundScoreRule[] scores = [.. active.Where(r => r.Rule.Kind is RuleKind.Boost or RuleKind.Bury or RuleKind.Fatigue).Select(r => new BoundScoreRule(r, request))];
        var pool = new CandidatePool(request, search(eligible), eligible, scores);
        do
            pool.Draw();
        while (!IsEnough(request, active, groups, pool, pins));
        ListFill fill = Fill();
        if (fill.Chosen.Count + pins.Rows.Count < request.K && !pool.IsExhausted)
        {
            // Chance or caps of several kinds took a way that the candidates so far cannot end.
            while (!pool.IsExhausted)
                pool.Draw();
            fill = Fill();
        }
        List<int> chosen = fill.Chosen;
        if (chosen.Count + pins.Rows.Count < request.K)
            chosen = CapMatching.Extend(new(request, active), chosen, [.. pins.Rows.Values], [.. pool.Items.Select(i => i.Row)], request.K);
        return new ListEntries(request, active, eligibility, groups, pool, pins, fill).Make(chosen);

        ListFill Fill()
        {
            var made = new ListFill(request, active, groups, pool, pins, new(request, active), eligible);
            made.Run();
            return made;
        }
    }

    private static GroupRule[] GroupsOf(RankRequest request, IReadOnlyList<CompiledRule> active, ulong[] eligible)
    {
        IEnumerable<GroupRule> own = active.Where(r => r.Rule.Kind is RuleKind.Promote or RuleKind.Floor).Select(r => new GroupRule(r, request, eligible));
        return request.Steady is { Share: > 0 } steady ? [.. own, new(steady, request, eligible)] : [.. own];
    }

    /// <summary>Whether more candidates could change the list.</summary>
    private static bool IsEnough(RankRequest request, IReadOnlyList<CompiledRule> active, GroupRule[] groups, CandidatePool pool, PinPlaces pins)
    {
        if (pool.IsExhausted)
            return true;
        var caps = new Caps(request, active);
        foreach (int row in pins.Rows.Values)
            caps.Add(row);
        int wanted = request.K - pins.Rows.Count;
        double last = double.PositiveInfinity;
        foreach (PooledItem item in pool.Items)
        {
            if (wanted == 0)
                break;
            if (pins.Has(item.Row) || !caps.Fits(item.Row))
                continue;
            caps.Add(item.Row);
            last = item.Score;
            wanted--;
        }
        if (wanted > 0)
            return false;
        return pool.Drawn >= CandidatePool.DrawnMax || (pool.IsBefore(last) && groups.All(g => pool.Items.Count(i => g.Has(i.Row)) >= g.Needed(request.K)));
    }
}
