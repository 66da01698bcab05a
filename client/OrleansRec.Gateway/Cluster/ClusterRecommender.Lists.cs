using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<RecommendationAnswer?> NextPageAsync(string recommendationId, NextInput next, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", next.UserId);
        if (next.K is < 1 or > ListOptions.KMax)
            throw ListRules.Broken("k", next.K.ToString(System.Globalization.CultureInfo.InvariantCulture), $"must be between 1 and {ListOptions.KMax}");
        return (await AskOnce(User(next.UserId).Next(recommendationId, next.K, cancellation), cancellation).ConfigureAwait(false))?.ToApi();
    }

    /// <inheritdoc/>
    public async Task<RulesAnswer> ListRulesAsync(CancellationToken cancellation = default) =>
        RulesOf(await Ask(() => _grains.ShopRules.Get(cancellation), cancellation).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<RulesAnswer> PutRuleAsync(string name, RuleInput rule, CancellationToken cancellation = default)
    {
        string json = JsonSerializer.Serialize(rule with { Name = NameOf(name, rule.Name) }, ApiJson.Default.RuleInput);
        return RulesOf(Took(await Ask(() => _grains.ShopRules.SetListRule(name, json, cancellation), cancellation).ConfigureAwait(false)));
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteRuleAsync(string name, CancellationToken cancellation = default) =>
        (await Ask(() => _grains.ShopRules.SetListRule(name, null, cancellation), cancellation, Repeated).ConfigureAwait(false)).WasThere;

    /// <inheritdoc/>
    public async Task<ScenariosAnswer> ListScenariosAsync(CancellationToken cancellation = default) =>
        ScenariosOf(await Ask(() => _grains.ShopRules.Get(cancellation), cancellation).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<ScenariosAnswer> PutScenarioAsync(string name, ScenarioInput scenario, CancellationToken cancellation = default)
    {
        string json = JsonSerializer.Serialize(scenario with { Name = NameOf(name, scenario.Name) }, ApiJson.Default.ScenarioInput);
        return ScenariosOf(Took(await Ask(() => _grains.ShopRules.SetScenario(name, json, cancellation), cancellation).ConfigureAwait(false)));
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteScenarioAsync(string name, CancellationToken cancellation = default) =>
        (await Ask(() => _grains.ShopRules.SetScenario(name, null, cancellation), cancellation, Repeated).ConfigureAwait(false)).WasThere;

    /// <summary>Asked again after an answer that was lost, the rule may be gone already: it was there.</summary>
    private static ShopChange Repeated(ShopChange answer) => answer with { WasThere = true };

    private static string NameOf(string path, string? body) =>
        body is null || body == path ? path : throw ListRules.Broken("name", body, $"must be the name in the path, {path}, or be left out");

    private static ShopRules Took(ShopChange change) => change.Field is { } field ? throw ListRules.Broken(field, change.Value, change.Rule!) : change.Rules;

    private static RulesAnswer RulesOf(ShopRules rules)
    {
        var set = new RuleSet(Array.ConvertAll(rules.ListRules, r => RankingJson.ReadRule(r.Name, r.Json)));
        return new(
            rules.Version, Array.ConvertAll(rules.ListRules, r => JsonSerializer.Deserialize(r.Json, ApiJson.Default.RuleInput)!),
            [.. RuleConflicts.Of(set, RuleFields.Catalogue).Select(c => new RuleConflictInfo(c.First, c.Second, c.What))]);
    }

    private static ScenariosAnswer ScenariosOf(ShopRules rules)
    {
        var own = rules.Scenarios.ToDictionary(s => s.Name, s => s.Json, StringComparer.Ordinal);
        IEnumerable<ScenarioInfo> builtIn = BuiltInScenarios.All.Values.Where(s => !own.ContainsKey(s.Name))
            .Select(s => new ScenarioInfo(Read(JsonSerializer.Serialize(s, RankingJson.Default.ListScenario)), IsBuiltIn: true));
        return new(rules.Version, [.. own.Values.Select(json => new ScenarioInfo(Read(json), IsBuiltIn: false)).Concat(builtIn).OrderBy(s => s.Scenario.Name, StringComparer.Ordinal)]);
    }

    private static ScenarioInput Read(string json) => JsonSerializer.Deserialize(json, ApiJson.Default.ScenarioInput)!;
}
