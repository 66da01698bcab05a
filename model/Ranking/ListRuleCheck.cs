using System.Globalization;
using OrleansRec.Model.Items;
using OrleansRec.Model.Rules;

namespace OrleansRec.Model.Ranking;

/// <summary>What is wrong with one rule.</summary>
internal sealed class ListRuleCheck
{
    private readonly List<RuleViolation> _violations = [];
    private readonly string _path;
    private readonly RuleFields _fields;

    private ListRuleCheck(string path, RuleFields fields) => (_path, _fields) = (path, fields);

    public static IReadOnlyList<RuleViolation> Of(string path, ListRule rule, RuleFields fields)
    {
        var check = new ListRuleCheck(path, fields);
        check.Common(rule);
        check.Members(rule);
        return check._violations;
    }

    private void Common(ListRule rule)
    {
        Require(rule.Name is { Length: >= 1 and <= RuleSet.NameCharsMax }, "name", rule.Name, $"must have 1 to {RuleSet.NameCharsMax} characters");
        Require(Enum.IsDefined(rule.Kind), "kind", rule.Kind.ToString(), "must be a kind of rule");
        Require(rule.From is not { } from || rule.Until is not { } until || from < until, "until", rule.Until?.ToString("O", CultureInfo.InvariantCulture), "must be after from");
        Require(rule.Scenarios is null or { Length: >= 1 and <= RuleSet.ScenariosMax }, "scenarios", $"{rule.Scenarios?.Length} scenarios", $"must be 1 to {RuleSet.ScenariosMax}, or be left out for all");
        Require(rule.Scenarios?.Any(string.IsNullOrEmpty) != true, "scenarios", "", "must each have a name");
        Expression("when", rule.When, RuleType.Bool);
    }

    private void Members(ListRule rule)
    {
        bool moves = rule.Kind is RuleKind.Boost or RuleKind.Bury;
        Only(moves, "factor", rule.Factor);
        Only(moves, "addend", rule.Addend);
        Only(rule.Kind == RuleKind.Pin, "item", rule.Item);
        Only(rule.Kind == RuleKind.Pin, "position", rule.Position);
        Only(rule.Kind is RuleKind.Promote or RuleKind.Floor, "share", rule.Share);
        Only(rule.Kind == RuleKind.Cap, "field", rule.Field);
        Only(rule.Kind == RuleKind.Cap, "most", rule.Most);
        Only(rule.Kind == RuleKind.Cap, "across", rule.Across);
        Only(rule.Kind == RuleKind.Fatigue, "perImpression", rule.PerImpression);
        Only(rule.Kind == RuleKind.Exploration, "positions", rule.Positions?.Length);
        Only(rule.Kind == RuleKind.Exploration, "probability", rule.Probability);
        Only(rule.Kind == RuleKind.Diversity, "lambda", rule.Lambda);
        Only(rule.Kind is not (RuleKind.Pin or RuleKind.Cap or RuleKind.Diversity), "when", rule.When);
        switch (rule.Kind)
        {
            case RuleKind.Filter:
                Require(rule.When is not null, "when", null, "must say which items are kept");
                break;
            case RuleKind.Boost or RuleKind.Bury:
                Score(rule);
                break;
            case RuleKind.Pin:
                if (EventRules.CheckId("item", rule.Item) is { } violation)
                    _violations.Add(violation with { Field = $"{_path}.item" });
                Require(rule.Position is >= 1 and <= RuleSet.PositionMax, "position", Show(rule.Position), $"must be 1 to {RuleSet.PositionMax}");
                break;
            case RuleKind.Cap:
                Cap(rule);
                break;
            case RuleKind.Fatigue:
                Require(rule.PerImpression is > 0 and < 1, "perImpression", Show(rule.PerImpression), "must be above 0 and below 1");
                break;
            case RuleKind.Promote or RuleKind.Floor:
                Require(rule.When is not null, "when", null, "must say which items get the share");
                Require(rule.Share is > 0 and <= 1, "share", Show(rule.Share), "must be above 0 and at most 1");
                break;
            case RuleKind.Exploration:
                Require(rule.Positions is { Length: >= 1 and <= RuleSet.PositionsMax }, "positions", $"{rule.Positions?.Length ?? 0} places", $"must be 1 to {RuleSet.PositionsMax} places");
                Require(rule.Positions?.All(p => p is >= 1 and <= RuleSet.PositionMax) != false, "positions", string.Join(", ", rule.Positions ?? []), $"must each be 1 to {RuleSet.PositionMax}");
                Require(rule.Probability is null or (> 0 and <= 1), "probability", Show(rule.Probability), "must be above 0 and at most 1");
                break;
            case RuleKind.Diversity:
                Require(rule.Lambda is >= 0 and <= 1, "lambda", Show(rule.Lambda), "must be 0 to 1");
                break;
        }
    }

    private void Score(ListRule rule)
    {
        Require(rule.Factor is null != rule.Addend is null, "factor", rule.Factor, "a rule has either a factor or an addend");
        Expression("factor", rule.Factor, RuleType.Number);
        Expression("addend", rule.Addend, RuleType.Number);
        bool isBoost = rule.Kind == RuleKind.Boost;
        if (Constant(rule.Factor) is { } factor)
            Require(isBoost ? factor is >= 1 and <= ScoreRule.FactorMax : factor is <= 1 and >= 1 / ScoreRule.FactorMax, "factor", rule.Factor,
                isBoost ? $"of a boost must be 1 to {Show(ScoreRule.FactorMax)}" : $"of a bury must be {Show(1 / ScoreRule.FactorMax)} to 1");
        if (Constant(rule.Addend) is { } addend)
            Require(isBoost ? addend is >= 0 and <= ScoreRule.AddendMax : addend is <= 0 and >= -ScoreRule.AddendMax, "addend", rule.Addend,
                isBoost ? $"of a boost must be 0 to {Show(ScoreRule.AddendMax)}" : $"of a bury must be -{Show(ScoreRule.AddendMax)} to 0");
    }

    private void Cap(ListRule rule)
    {
        Require(rule.Most >= 1, "most", Show(rule.Most), "must be 1 or more");
        bool isGroup = rule.Field is { Length: > 0 } field
            && (_fields.Items.IndexOf(field) is not (>= 0 and int index) || _fields.Items.KindOf(index) is ItemFieldKind.Label or ItemFieldKind.Labels or ItemFieldKind.Paths);
        Require(isGroup, "field", rule.Field, "must be a field of labels, such as brand, or an attribute");
    }

    private double? Constant(string? expression) =>
        expression is not null && RuleExpression.Parse(expression, _fields, RuleType.Number, out _) is { } parsed ? parsed.Bind(new(0)).Constant as double? : null;

    private void Expression(string member, string? text, RuleType type)
    {
        if (text is not null && RuleExpression.Parse(text, _fields, type, out RuleError? error) is null)
            _violations.Add(error!.In($"{_path}.{member}"));
    }

    private void Only(bool belongs, string member, object? value) =>
        Require(belongs || value is null, member, Convert.ToString(value, CultureInfo.InvariantCulture), "does not belong to a rule of this kind");

    private void Require(bool holds, string member, string? value, string rule)
    {
        if (!holds)
            _violations.Add(RuleViolation.Of($"{_path}.{member}", value, rule));
    }

    private static string? Show(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);
}
