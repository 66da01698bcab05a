using System.Text.Json;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Grains.Shop;

/// <summary>Rules and scenarios for lists.</summary>
public sealed partial class ShopRulesGrain
{
    public Task<ShopChange> SetListRule(string name, string? json, CancellationToken cancellation = default) => Set(
        name, json, _rules.ListRules, CheckRule, next => _rules with { ListRules = next });

    public Task<ShopChange> SetScenario(string name, string? json, CancellationToken cancellation = default) => Set(
        name, json, _rules.Scenarios, CheckScenario, next => _rules with { Scenarios = next });

    private async Task<ShopChange> Set(
        string name, string? json, NamedJson[] known, Func<string, string, RuleViolation?> check, Func<NamedJson[], ShopRules> put)
    {
        NamedJson before = Array.Find(known, k => k.Name == name);
        bool wasThere = before.Name is not null;
        if (json is not null && check(name, json) is { } violation)
            return new(_rules, wasThere, violation.Field, violation.Value, violation.Rule);
        if (json == before.Json)
            return new(_rules, wasThere);
        IEnumerable<NamedJson> others = known.Where(k => k.Name != name);
        NamedJson[] next = [.. (json is null ? others : others.Append(new(name, json, _rules.Version + 1))).OrderBy(k => k.Name, StringComparer.Ordinal)];
        await Write(put(next));
        return new(_rules, wasThere);
    }

    /// <summary>The rule together with those that there are: bounds on a set hold for all of them, and for each scenario's own beside them.</summary>
    private RuleViolation? CheckRule(string name, string json)
    {
        try
        {
            ListRule rule = RankingJson.ReadRule(name, json);
            if (new RuleSet([rule]).Check(RuleFields.Catalogue) is [var own, ..])
                return own with { Field = own.Field.Replace("rules[0].", "", StringComparison.Ordinal) };
            ListRule[] all = [.. _rules.ListRules.Where(r => r.Name != name).Select(r => RankingJson.ReadRule(r.Name, r.Json)), rule];
            return Together(all, Scenarios());
        }
        catch (JsonException e)
        {
            return RuleViolation.Of("rule", json, e.Message);
        }
    }

    private RuleViolation? CheckScenario(string name, string json)
    {
        try
        {
            ListScenario scenario = RankingJson.ReadScenario(name, json);
            if (scenario.Check(RuleFields.Catalogue) is [var own, ..])
                return own;
            if (_rules.Scenarios.Count(s => s.Name != name) >= ListScenario.ScenariosMax)
                return RuleViolation.Of("name", name, $"a tenant has at most {ListScenario.ScenariosMax} scenarios of its own");
            return Together([.. _rules.ListRules.Select(r => RankingJson.ReadRule(r.Name, r.Json))], [scenario]);
        }
        catch (JsonException e)
        {
            return RuleViolation.Of("scenario", json, e.Message);
        }
    }

    private IEnumerable<ListScenario> Scenarios() => BuiltInScenarios.All.Values.Concat(_rules.Scenarios.Select(s => RankingJson.ReadScenario(s.Name, s.Json)));

    private static RuleViolation? Together(ListRule[] rules, IEnumerable<ListScenario> scenarios)
    {
        if (new RuleSet(rules).Check(RuleFields.Catalogue) is [var broken, ..])
            return broken;
        foreach (ListScenario scenario in scenarios)
            if (new RuleSet([.. rules, .. scenario.Rules]).Check(RuleFields.Catalogue) is [var together, ..])
                return together with { Rule = $"{together.Rule}, together with the rules of scenario {scenario.Name}" };
        return null;
    }
}
