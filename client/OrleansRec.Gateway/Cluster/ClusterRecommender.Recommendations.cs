using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public Task<RecommendationAnswer> RecommendAsync(string userId, ListOptions? options = null, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        RecommendRequest request = ListRules.ToRequest(options ?? new(), _options.ListedIdsMax);
        // In a silo's own process a list that the user's grain keeps is read without a call; nothing is awaited then.
        return published?.Find(tenant, userId, request) is { } list ? Task.FromResult(list.ToApi()) : AskUser(userId, request, cancellation);
    }

    private async Task<RecommendationAnswer> AskUser(string userId, RecommendRequest request, CancellationToken cancellation) =>
        (await Ask(() => User(userId).Recommend(request, cancellation), cancellation).ConfigureAwait(false)).ToApi();

    /// <inheritdoc/>
    public async Task<RecommendationAnswer> RecommendForAsync(RecommendationQuery query, CancellationToken cancellation = default)
    {
        if (query.UserId is null == query.History is null)
            throw ListRules.Broken("userId", query.UserId, "must be given, or history, and not both");
        if (query.UserId is { } userId)
            return await RecommendAsync(userId, query, cancellation).ConfigureAwait(false);
        RecommendRequest request = ListRules.ToRequest(query, _options.ListedIdsMax);
        HistoryPair[] history = ListRules.ToPairs(query.History!, _options.ListedIdsMax);
        return (await Ask(() => _grains.Scoring.RecommendFor(history, request, cancellation), cancellation).ConfigureAwait(false)).ToApi();
    }

    /// <inheritdoc/>
    public async Task<ExplanationAnswer?> ExplainAsync(string userId, string itemId, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        ListRules.CheckId("itemId", itemId);
        return (await Ask(() => User(userId).Explain(itemId, cancellation), cancellation).ConfigureAwait(false))?.ToApi();
    }

    /// <inheritdoc/>
    public async Task<WhyNotAnswer> WhyNotAsync(
        string userId, string itemId, ListOptions? options = null, string? recommendationId = null, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        ListRules.CheckId("itemId", itemId);
        if (recommendationId is not null)
            ListRules.CheckId("recommendationId", recommendationId);
        RecommendRequest request = ListRules.ToRequest(options ?? new(), _options.ListedIdsMax);
        return (await Ask(() => User(userId).WhyNot(itemId, request, recommendationId, cancellation), cancellation).ConfigureAwait(false)).ToApi();
    }
}
