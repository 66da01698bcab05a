using System.Globalization;
using OrleansRec.Contracts;
using OrleansRec.Grains.Shop;
using OrleansRec.Model;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Grains.Serving;

/// <summary>Scenario and rules of one request, checked and compiled.</summary>
/// <param name="Scenario">The scenario; null: none.</param>
/// <param name="Rules">The tenant's rules, the scenario's and the request's.</param>
public sealed record ListPlan(ListScenario? Scenario, CompiledRules Rules)
{
    /// <summary>The rule that the conditions of a request are.</summary>
    public const string RequestFilter = "(filter)";

    /// <summary>The rule that the filter of a scenario is.</summary>
    public const string ScenarioFilter = "(scenario)";

    /// <summary>Reads a request.</summary>
    /// <exception cref="ListRefusedException">The request names an unknown scenario, or one of its expressions is not valid.</exception>
    public static ListPlan Of(ShopLists lists, RecommendRequest request)
    {
        ListScenario? scenario = ScenarioOf(lists, request.Shape);
        (ListRule Rule, string Field)[] own = [.. RulesOf(scenario, request)];
        if (own.Length == 0)
            return new(scenario, scenario is null ? lists.Plain : request.Shape?.Preview is null ? lists.RulesOf(scenario.Name) : With(lists, scenario.Rules));
        string key = ShopLists.KeyOf(scenario?.Name, own.Select(o => o.Rule));
        bool isKept = request.Shape?.Preview is null;
        if (isKept && lists.Kept(key) is { } known)
            return new(scenario, known);
        foreach ((ListRule rule, string field) in own)
            if (new RuleSet([rule]).Check(RuleFields.Catalogue) is [var broken, ..])
                throw new ListRefusedException(FieldOf(broken.Field, field), broken.Value, broken.Rule);
        CompiledRules rules = With(lists, [.. scenario?.Rules ?? [], .. own.Select(o => o.Rule)]);
        if (isKept)
            lists.Keep(key, rules);
        return new(scenario, rules);
    }

    private static CompiledRules With(ShopLists lists, IReadOnlyList<ListRule> more) =>
        lists.With(more, out RuleViolation? together) ?? throw new ListRefusedException("filter", together!.Value, together.Rule);

    /// <summary>Where a rule of the request is wrong, told by the request's own names.</summary>
    private static string FieldOf(string ofRule, string field) => field.StartsWith("boosts", StringComparison.Ordinal)
        ? ofRule.Replace("rules[0]", field, StringComparison.Ordinal)
        : ofRule.Replace("rules[0].when", field, StringComparison.Ordinal);

    private static ListScenario? ScenarioOf(ShopLists lists, ListShape? shape)
    {
        if (shape?.Preview is { } json)
        {
            ListScenario tried = Read(json);
            return tried.Check(RuleFields.Catalogue) is [var broken, ..] ? throw new ListRefusedException($"preview.{broken.Field}", broken.Value, broken.Rule) : tried;
        }
        if (shape?.Scenario is not { } name)
            return null;
        return lists.Scenarios.TryGetValue(name, out ListScenario? known)
            ? known
            : throw new ListRefusedException("scenario", name, $"must be one of {string.Join(", ", lists.Scenarios.Keys.Order(StringComparer.Ordinal))}");
    }

    private static ListScenario Read(string json)
    {
        try
        {
            return RankingJson.ReadScenario("preview", json);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new ListRefusedException("preview", json.Length > RuleViolation.ShownCharsMax ? json[..RuleViolation.ShownCharsMax] : json, e.Message);
        }
    }

    private static IEnumerable<(ListRule Rule, string Field)> RulesOf(ListScenario? scenario, RecommendRequest request)
    {
        if (scenario?.Filter is { } of)
            yield return (Filter(ScenarioFilter, of), "preview.filter");
        string[] conditions = request.Filter is { } given ? [.. FilterText.Of(given)] : [];
        for (int n = 0; n < conditions.Length; n++)
            yield return (Filter($"(condition {n + 1})", conditions[n]), "filter");
        if (request.Shape?.Filter is { } filter)
            yield return (Filter(RequestFilter, filter), "filter");
        ListBoost[] boosts = request.Shape?.Boosts ?? [];
        for (int n = 0; n < boosts.Length; n++)
            yield return (new()
            {
                Name = $"(boost {n + 1})", Kind = boosts[n].Factor >= 1 ? RuleKind.Boost : RuleKind.Bury, When = boosts[n].When,
                Factor = boosts[n].Factor.ToString("R", CultureInfo.InvariantCulture),
            }, $"boosts[{n}]");
    }

    private static ListRule Filter(string name, string when) => new() { Name = name, Kind = RuleKind.Filter, When = when };
}
