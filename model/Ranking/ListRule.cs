namespace OrleansRec.Model.Ranking;

/// <summary>One rule for lists, as data. Which members it needs says <see cref="RuleKind"/>; others stay null.</summary>
public sealed record ListRule
{
    /// <summary>Names the rule in effects and reasons; 1 … 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required RuleKind Kind { get; init; }

    /// <summary>The items it is about, as an expression; null: all.</summary>
    public string? When { get; init; }

    /// <summary>Of two rules of a kind the one with the larger number comes first; then by name.</summary>
    public int Priority { get; init; }

    /// <summary>It has no effect before; null: from always.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>It has no effect from then on; null: for ever.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Scenarios in which it has an effect; null: all.</summary>
    public string[]? Scenarios { get; init; }

    /// <summary>Boost, bury: an expression for the factor, such as <c>1.2</c> or <c>1 + item.rating / 10</c>. A boost never lowers and a bury never raises.</summary>
    public string? Factor { get; init; }

    /// <summary>Boost, bury: an expression for what is added to the score.</summary>
    public string? Addend { get; init; }

    /// <summary>Pin: the item's id.</summary>
    public string? Item { get; init; }

    /// <summary>Pin: the place, from 1.</summary>
    public int? Position { get; init; }

    /// <summary>Promote, floor: a share above 0, up to 1.</summary>
    public double? Share { get; init; }

    /// <summary>Cap: a field of labels or an attribute: brand, categories (the first one), group, store.</summary>
    public string? Field { get; init; }

    /// <summary>Cap: items with one value of the field, ≥ 1.</summary>
    public int? Most { get; init; }

    /// <summary>Cap: what it counts; null: a page, and a whole list for the field group.</summary>
    public CapScope? Across { get; init; }

    /// <summary>Fatigue: the factor for each impression, above 0 and below 1.</summary>
    public double? PerImpression { get; init; }

    /// <summary>Exploration: places, from 1.</summary>
    public int[]? Positions { get; init; }

    /// <summary>Exploration: how often a place is filled by chance, above 0, up to 1; null: 1.</summary>
    public double? Probability { get; init; }

    /// <summary>Diversity: the weight of the score, 0 … 1; that of being unlike the others is 1 − λ.</summary>
    public double? Lambda { get; init; }

    /// <summary>Whether it has an effect at a time, in a scenario.</summary>
    /// <param name="nowMs">Milliseconds since 1970-01-01 UTC.</param>
    /// <param name="scenario">The scenario; null: none, and only rules for all scenarios apply.</param>
    public bool IsActive(long nowMs, string? scenario) =>
        (From is not { } from || from.ToUnixTimeMilliseconds() <= nowMs)
        && (Until is not { } until || nowMs < until.ToUnixTimeMilliseconds())
        && (Scenarios is null || (scenario is not null && Scenarios.Contains(scenario)));
}
