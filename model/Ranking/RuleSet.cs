using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Ranking;

/// <summary>Named rules for lists, as data that can be stored and shown.</summary>
/// <param name="Rules">The rules; names are distinct.</param>
public sealed record RuleSet(IReadOnlyList<ListRule> Rules)
{
    /// <summary>Rules of a set, at most.</summary>
    public const int RulesMax = 200;

    /// <summary>Scenarios of one rule, at most.</summary>
    public const int ScenariosMax = 100;

    /// <summary>Characters of a name, at most.</summary>
    public const int NameCharsMax = 64;

    /// <summary>The last place that a rule may name.</summary>
    public const int PositionMax = 1000;

    /// <summary>Places of one exploration rule, at most: each costs a look at every item that it is about.</summary>
    public const int PositionsMax = 20;

    /// <summary>Caps of a set, at most.</summary>
    public const int CapsMax = 8;

    /// <summary>No rules but the default: one of a group of variants.</summary>
    public static RuleSet Empty { get; } = new([]);

    /// <summary>Everything that is wrong with the set, by field, value and rule; nothing: it can be compiled.</summary>
    /// <param name="fields">The names that expressions may use.</param>
    public IReadOnlyList<RuleViolation> Check(RuleFields fields)
    {
        if (Rules is null || Rules.Any(rule => rule is null))
            return [RuleViolation.Of("rules", null, "must be a list of rules")];
        if (Rules.Count > RulesMax)
            return [RuleViolation.Of("rules", $"{Rules.Count} rules", $"must be at most {RulesMax}")];
        var violations = new List<RuleViolation>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int n = 0; n < Rules.Count; n++)
        {
            ListRule rule = Rules[n];
            violations.AddRange(ListRuleCheck.Of($"rules[{n}]", rule, fields));
            if (rule.Name is not null && !names.Add(rule.Name))
                violations.Add(RuleViolation.Of($"rules[{n}].name", rule.Name, "must not be the name of another rule"));
        }
        if (Rules.Count(r => r.Kind == RuleKind.Cap) is > CapsMax and int caps)
            violations.Add(RuleViolation.Of("rules", $"{caps} caps", $"must hold at most {CapsMax} caps"));
        return violations;
    }

    /// <summary>Parses the expressions of all rules.</summary>
    /// <param name="fields">The names that expressions may use.</param>
    /// <exception cref="ArgumentException">The set is not valid; the message holds the first violation.</exception>
    public CompiledRules Compile(RuleFields fields) =>
        Compile(fields, out RuleViolation? first) ?? throw new ArgumentException($"The rules are refused: {first}", nameof(fields));

    /// <summary>Parses the expressions of all rules; null, with the first violation, where the set is not valid.</summary>
    /// <param name="fields">The names that expressions may use.</param>
    /// <param name="first">The first violation.</param>
    public CompiledRules? Compile(RuleFields fields, out RuleViolation? first)
    {
        first = Check(fields).FirstOrDefault();
        return first is null ? new(this, fields) : null;
    }

    /// <summary>The field of a cap: a column of labels, or an attribute, with or without "attributes." before it.</summary>
    internal static string? CapAttribute(string field, ItemFields items) =>
        field.StartsWith("attributes.", StringComparison.Ordinal) ? field["attributes.".Length..] : items.IndexOf(field) < 0 ? field : null;
}
