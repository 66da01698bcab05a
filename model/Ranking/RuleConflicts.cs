using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Ranking;

/// <summary>Two rules that stand in each other's way, or one that can never do anything.</summary>
/// <param name="First">A rule's name.</param>
/// <param name="Second">Another's; null where the first stands in its own way.</param>
/// <param name="What">What contradicts what, and which of them wins.</param>
public sealed record RuleConflict(string First, string? Second, string What);

/// <summary>Finds contradictions in a set of rules before a list shows them.</summary>
public static class RuleConflicts
{
    /// <summary>Contradictions between rules that can have an effect at one time in one scenario, in the order of rules.</summary>
    /// <param name="set">A valid set.</param>
    /// <param name="fields">The names that expressions may use.</param>
    public static IReadOnlyList<RuleConflict> Of(RuleSet set, RuleFields fields)
    {
        ListRule[] rules = [.. set.Rules.OrderByDescending(r => r.Priority).ThenBy(r => r.Name, StringComparer.Ordinal)];
        var conflicts = new List<RuleConflict>();
        foreach (ListRule rule in rules)
            if (rule.When is { } when && RuleExpression.Parse(when, fields, RuleType.Bool).Bind(new(0)) is { IsConstant: true, Constant: not true } && !ReadsRequest(when, fields))
                conflicts.Add(new(rule.Name, null, "its condition holds for no item"));
        for (int a = 0; a < rules.Length; a++)
            for (int b = a + 1; b < rules.Length; b++)
                if (Overlap(rules[a], rules[b]) && Against(rules[a], rules[b], fields) is { } what)
                    conflicts.Add(new(rules[a].Name, rules[b].Name, what));
        foreach (RuleKind kind in new[] { RuleKind.Promote, RuleKind.Floor })
            AddShares(rules, kind, conflicts);
        return conflicts;
    }

    /// <summary>Contradictions that the items show: pins that a filter or cap keeps out, and filters that together leave nothing. They depend on time, user and context.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="request">A request.</param>
    public static IReadOnlyList<RuleConflict> Of(CompiledRules rules, RankRequest request)
    {
        var active = rules.Active(request.Inputs.NowMs, request.Scenario);
        var eligibility = new Eligibility(request, active);
        var pins = new PinPlaces(request, active, eligibility, new(request, active));
        var conflicts = pins.LeftOut.Select(p => new RuleConflict(p.Rule, p.Rejection.Rule, $"the pin of {p.ItemId} is left out: {p.Rejection.Reason}")).ToList();
        CompiledRule[] filters = [.. active.Where(r => r.Rule.Kind == RuleKind.Filter)];
        var eligible = new ulong[RowWords.CountOf(request.Items.Count)];
        eligibility.Fill(eligible);
        if (filters.Length > 0 && RowWords.Count(eligible) == 0)
            conflicts.Add(new(filters[0].Rule.Name, filters.Length > 1 ? filters[1].Rule.Name : null, "the filters leave no item"));
        return conflicts;
    }

    private static bool ReadsRequest(string when, RuleFields fields) => !RuleExpression.Parse(when, fields, RuleType.Bool).IsOfItemsAlone;

    private static bool Overlap(ListRule a, ListRule b) =>
        (a.Until is not { } endA || b.From is not { } startB || startB < endA)
        && (b.Until is not { } endB || a.From is not { } startA || startA < endB)
        && (a.Scenarios is null || b.Scenarios is null || a.Scenarios.Intersect(b.Scenarios).Any());

    private static string? Against(ListRule first, ListRule second, RuleFields fields) => (first.Kind, second.Kind) switch
    {
        (RuleKind.Pin, RuleKind.Pin) when first.Position == second.Position => $"both pin place {first.Position}; the first wins",
        (RuleKind.Pin, RuleKind.Pin) when first.Item == second.Item => $"both pin {first.Item}; the first wins",
        (RuleKind.Boost, RuleKind.Bury) or (RuleKind.Bury, RuleKind.Boost) when AreSame(first.When, second.When, fields) => "one raises and one lowers the same items; both are applied",
        (RuleKind.Cap, RuleKind.Cap) when first.Field == second.Field => $"both cap {first.Field}; the smaller number wins",
        (RuleKind.Diversity, RuleKind.Diversity) => "only one diversity rule applies: the first",
        (RuleKind.Exploration, RuleKind.Exploration) when first.Positions!.Intersect(second.Positions!).Any() => "both explore a place; the first wins",
        (RuleKind.Exploration, RuleKind.Pin) when first.Positions!.Contains(second.Position!.Value) => $"place {second.Position} is explored and pinned; the pin wins",
        (RuleKind.Pin, RuleKind.Exploration) when second.Positions!.Contains(first.Position!.Value) => $"place {first.Position} is explored and pinned; the pin wins",
        (RuleKind.Filter, RuleKind.Filter) when AreOpposite(first.When!, second.When!, fields) => "what one keeps the other leaves out; no item is left",
        _ => null,
    };

    private static bool AreSame(string? first, string? second, RuleFields fields) =>
        first is null || second is null ? first == second : Key(first, fields) == Key(second, fields);

    private static bool AreOpposite(string first, string second, RuleFields fields) =>
        Key($"!({first})", fields) == Key(second, fields) || Key($"!({second})", fields) == Key(first, fields);

    /// <summary>Null where the text is too long for a bracket around it.</summary>
    private static string? Key(string text, RuleFields fields) => RuleExpression.Parse(text, fields, RuleType.Bool, out _)?.Key;

    private static void AddShares(ListRule[] rules, RuleKind kind, List<RuleConflict> conflicts)
    {
        ListRule[] shares = [.. rules.Where(r => r.Kind == kind)];
        for (int n = 1; n < shares.Length; n++)
        {
            ListRule[] together = [.. shares.Take(n).Where(r => Overlap(r, shares[n]))];
            double sum = shares[n].Share!.Value + together.Sum(r => r.Share!.Value);
            if (sum > 1)
                conflicts.Add(new(together[0].Name, shares[n].Name, FormattableString.Invariant($"shares add up to {sum:0.##}, more than a list has; those of less priority get what is left")));
        }
    }
}
