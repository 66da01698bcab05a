using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Ranking;

/// <summary>A rule with its expressions parsed.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="When">Its condition; null: every item.</param>
/// <param name="Amount">The factor or addend of a boost or bury.</param>
internal sealed record CompiledRule(ListRule Rule, RuleExpression? When, RuleExpression? Amount);

/// <summary>Rules with their expressions parsed, in their order: the larger priority first, then by name. Immutable; safe for many requests.</summary>
public sealed class CompiledRules
{
    /// <summary>The cap that holds where no rule caps the field group: one item of a group of variants.</summary>
    public const string DefaultGroupCap = "(one of a group)";

    private static readonly CompiledRule OneOfAGroup = new(new() { Name = DefaultGroupCap, Kind = RuleKind.Cap, Field = "group", Most = 1 }, null, null);

    private readonly CompiledRule[] _rules;

    internal CompiledRules(RuleSet set, RuleFields fields)
    {
        Set = set;
        _rules = [.. set.Rules.OrderByDescending(r => r.Priority).ThenBy(r => r.Name, StringComparer.Ordinal).Select(Compiled)];

        CompiledRule Compiled(ListRule rule) => new(
            rule,
            rule.When is null ? null : RuleExpression.Parse(rule.When, fields, RuleType.Bool),
            (rule.Factor ?? rule.Addend) is { } amount ? RuleExpression.Parse(amount, fields, RuleType.Number) : null);
    }

    /// <summary>The rules as data.</summary>
    public RuleSet Set { get; }

    /// <summary>Those that have an effect in a request, in their order.</summary>
    internal IReadOnlyList<CompiledRule> Active(long nowMs, string? scenario)
    {
        CompiledRule[] active = Array.FindAll(_rules, r => r.Rule.IsActive(nowMs, scenario));
        return Array.Exists(active, r => r.Rule is { Kind: RuleKind.Cap, Field: "group" }) ? active : [.. active, OneOfAGroup];
    }
}
