using System.Net;
using OrleansRec.Api;

namespace OrleansRec.Client;

public sealed partial class RecommenderClient
{
    /// <inheritdoc/>
    public async Task<RecommendationAnswer?> NextPageAsync(string recommendationId, NextInput next, CancellationToken cancellation = default)
    {
        try
        {
            return await Send(
                HttpMethod.Post, $"v1/recommendations/{Uri.EscapeDataString(recommendationId)}/next", next, ApiJson.Default.NextInput, ApiJson.Default.RecommendationAnswer,
                cancellation, new(OnceOnly: true)).ConfigureAwait(false);
        }
        catch (RecommenderException e) when (e.Problem.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<RulesAnswer> ListRulesAsync(CancellationToken cancellation = default) => Get("v1/rules", ApiJson.Default.RulesAnswer, cancellation);

    /// <inheritdoc/>
    public Task<RulesAnswer> PutRuleAsync(string name, RuleInput rule, CancellationToken cancellation = default) =>
        Send(HttpMethod.Put, $"v1/rules/{Uri.EscapeDataString(name)}", rule, ApiJson.Default.RuleInput, ApiJson.Default.RulesAnswer, cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteRuleAsync(string name, CancellationToken cancellation = default) => Did(HttpMethod.Delete, $"v1/rules/{Uri.EscapeDataString(name)}", cancellation);

    /// <inheritdoc/>
    public Task<ScenariosAnswer> ListScenariosAsync(CancellationToken cancellation = default) => Get("v1/scenarios", ApiJson.Default.ScenariosAnswer, cancellation);

    /// <inheritdoc/>
    public Task<ScenariosAnswer> PutScenarioAsync(string name, ScenarioInput scenario, CancellationToken cancellation = default) =>
        Send(HttpMethod.Put, $"v1/scenarios/{Uri.EscapeDataString(name)}", scenario, ApiJson.Default.ScenarioInput, ApiJson.Default.ScenariosAnswer, cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteScenarioAsync(string name, CancellationToken cancellation = default) => Did(HttpMethod.Delete, $"v1/scenarios/{Uri.EscapeDataString(name)}", cancellation);
}
