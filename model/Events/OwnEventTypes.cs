namespace OrleansRec.Model;

/// <summary>Event types of a tenant's own, beside those of the configuration.</summary>
/// <remarks>
/// Counters follow events one by one, so what an event has added must be what it takes away when it goes: a type's sign, and whether it counts as popular, are fixed
/// when the type is made. Weight, half-life and exclusion may change. A type that is left out of a new table is retired: its events stay.
/// </remarks>
public static class OwnEventTypes
{
    /// <summary>Own types of one tenant, retired ones included.</summary>
    public const int CountMax = 64;

    /// <summary>The longest half-life.</summary>
    public static readonly TimeSpan HalfLifeMax = TimeSpan.FromDays(36_500);

    /// <summary>The table after another one was asked for, in the order of the names; or why that is not possible.</summary>
    /// <param name="known">The table so far.</param>
    /// <param name="asked">What it shall be.</param>
    /// <param name="table">The table; <paramref name="known"/> where a rule is broken.</param>
    public static RuleViolation? Replace(IReadOnlyList<EventTypeRule> known, IReadOnlyList<EventTypeRule> asked, out IReadOnlyList<EventTypeRule> table)
    {
        table = known;
        var next = new SortedDictionary<string, EventTypeRule>(StringComparer.Ordinal);
        foreach (EventTypeRule rule in asked)
            if (Check(rule) is { } violation)
                return violation;
            else if (!next.TryAdd(rule.Type, rule))
                return RuleViolation.Of("type", rule.Type, "must be there once");
        foreach (EventTypeRule before in known)
        {
            if (!next.TryGetValue(before.Type, out EventTypeRule? now))
                next.Add(before.Type, before with { IsRetired = true });
            else if (now.IsNegative != before.IsNegative)
                return RuleViolation.Of("sign", before.Type, "must stay as it was when the type was made: its events are counted so");
            else if (now.CountsAsPopular != before.CountsAsPopular || now.Neutral != before.Neutral)
                return RuleViolation.Of("countsAsPopular", before.Type, "must stay as it was when the type was made: its events are counted so");
        }
        if (next.Count > CountMax)
            return RuleViolation.Of("types", $"{next.Count} types", $"must be at most {CountMax}, those included that were left out of the table later");
        table = [.. next.Values];
        return null;
    }

    private static RuleViolation? Check(EventTypeRule rule)
    {
        if (EventRules.CheckId("type", rule.Type) is { } violation)
            return violation;
        if (EventTypeRules.Default.TryGet(rule.Type, out _))
            return RuleViolation.Of("type", rule.Type, "must not be the name of a built-in type");
        if (!(rule.Weight is >= 0 and <= (float)AlsOptionsRules.WeightMax))
            return RuleViolation.Of("weight", rule.Weight.ToString(System.Globalization.CultureInfo.InvariantCulture), "must be between 0 and 1000000");
        return rule.HalfLife is { } half && (half <= TimeSpan.Zero || half > HalfLifeMax)
            ? RuleViolation.Of("halfLifeDays", half.TotalDays.ToString(System.Globalization.CultureInfo.InvariantCulture), "must be above 0 and at most 36500")
            : null;
    }
}
