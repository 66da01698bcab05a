using System.Net;
using OrleansRec.Api;

namespace OrleansRec.Client;

public sealed partial class RecommenderClient
{
    /// <inheritdoc/>
    public Task<EventsAnswer> RecordEventsAsync(
        IReadOnlyList<EventInput> events, ListOptions? thenRecommend = null, CancellationToken cancellation = default)
    {
        if (thenRecommend is not null && !ApiPaths.FitsQuery(thenRecommend))
            throw RecommenderException.Invalid("thenRecommend", "candidates, exclude, a category with a comma or an expression", "must be asked for with RecommendFor");
        string path = "v1/events" + (thenRecommend is null ? "" : ApiPaths.ListQuery(thenRecommend, ("then", "recommend")));
        IReadOnlyList<EventInput> named = [.. events.Select(e => e.EventId is null ? e with { EventId = Guid.CreateVersion7().ToString("N") } : e)];
        return Send(HttpMethod.Post, path, named, ApiJson.Default.IReadOnlyListEventInput, ApiJson.Default.EventsAnswer, cancellation);
    }

    /// <inheritdoc/>
    public Task<RemovedEventAnswer?> RemoveEventAsync(string userId, string eventId, CancellationToken cancellation = default) =>
        DeleteOrNull(ApiPaths.Event(userId, eventId), ApiJson.Default.RemovedEventAnswer, cancellation);

    /// <inheritdoc/>
    public Task<EventTypesAnswer> ListEventTypesAsync(CancellationToken cancellation = default) =>
        Get("v1/event-types", ApiJson.Default.EventTypesAnswer, cancellation);

    /// <inheritdoc/>
    public Task<EventTypesAnswer> PutEventTypesAsync(IReadOnlyList<EventTypeInput> types, CancellationToken cancellation = default) =>
        Send(HttpMethod.Put, "v1/event-types", types, ApiJson.Default.IReadOnlyListEventTypeInput, ApiJson.Default.EventTypesAnswer, cancellation);

    /// <inheritdoc/>
    public Task<ItemsAnswer> PutItemAsync(string itemId, ItemInput item, CancellationToken cancellation = default) =>
        Send(HttpMethod.Put, ApiPaths.Item(itemId), item, ApiJson.Default.ItemInput, ApiJson.Default.ItemsAnswer, cancellation);

    /// <inheritdoc/>
    public Task<ItemsAnswer> PutItemsAsync(IReadOnlyList<ItemInput> items, CancellationToken cancellation = default) =>
        Send(HttpMethod.Post, "v1/items", items, ApiJson.Default.IReadOnlyListItemInput, ApiJson.Default.ItemsAnswer, cancellation);

    /// <inheritdoc/>
    public Task<ItemInfo?> GetItemAsync(string itemId, CancellationToken cancellation = default) =>
        GetOrNull(ApiPaths.Item(itemId), ApiJson.Default.ItemInfo, cancellation);

    /// <inheritdoc/>
    public Task<ItemPage> ListItemsAsync(string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default) =>
        Get("v1/items" + ApiPaths.Query(("cursor", cursor), ("count", Text(count))), ApiJson.Default.ItemPage, cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteItemAsync(string itemId, CancellationToken cancellation = default) => Did(HttpMethod.Delete, ApiPaths.Item(itemId), cancellation);

    /// <inheritdoc/>
    public Task<RecommendationAnswer?> SimilarAsync(string itemId, ListOptions? options = null, CancellationToken cancellation = default) =>
        GetOrNull($"{ApiPaths.Item(itemId)}/similar{QueryOnly(options, "similar items")}", ApiJson.Default.RecommendationAnswer, cancellation);

    /// <inheritdoc/>
    public Task<RecommendationAnswer?> SimilarByAsync(string itemId, string by, ListOptions? options = null, CancellationToken cancellation = default) =>
        GetOrNull($"{ApiPaths.Item(itemId)}/similar{QueryOnly(options, "similar items", ("by", by))}", ApiJson.Default.RecommendationAnswer, cancellation);

    /// <inheritdoc/>
    public Task<RecommendationAnswer?> BoughtTogetherAsync(string itemId, ListOptions? options = null, CancellationToken cancellation = default) =>
        GetOrNull($"{ApiPaths.Item(itemId)}/bought-together{QueryOnly(options, "what is bought together")}", ApiJson.Default.RecommendationAnswer, cancellation);

    /// <inheritdoc/>
    public Task<RecommendationAnswer> TrendingAsync(ListOptions? options = null, CancellationToken cancellation = default) =>
        Get($"v1/trending{QueryOnly(options, "what is trending")}", ApiJson.Default.RecommendationAnswer, cancellation);

    /// <summary>Options of a verb that takes them in its query alone.</summary>
    private static string QueryOnly(ListOptions? options, string what, params (string Name, string? Value)[] more)
    {
        options ??= new();
        return ApiPaths.FitsQuery(options)
            ? ApiPaths.ListQuery(options with { IncludeSeen = false }, more)
            : throw RecommenderException.Invalid("options", "candidates, exclude, a category with a comma, an expression or a scenario", $"must be absent for {what}");
    }

    /// <inheritdoc/>
    public Task<RecommendationAnswer> RecommendAsync(string userId, ListOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        return ApiPaths.FitsQuery(options) && userId is not ("" or "." or "..")
            ? Get($"{ApiPaths.User(userId)}/recommendations{ApiPaths.ListQuery(options)}", ApiJson.Default.RecommendationAnswer, cancellation)
            : RecommendForAsync(new(options) { UserId = userId }, cancellation);
    }

    /// <inheritdoc/>
    public Task<RecommendationAnswer> RecommendForAsync(RecommendationQuery query, CancellationToken cancellation = default) =>
        Send(HttpMethod.Post, "v1/recommendations", query, ApiJson.Default.RecommendationQuery, ApiJson.Default.RecommendationAnswer, cancellation);

    /// <inheritdoc/>
    /// <remarks>An answer that breaks off is not asked for again: the enumeration throws, and what came before it holds.</remarks>
    public IAsyncEnumerable<UserListAnswer> RecommendManyAsync(ManyListsQuery query, CancellationToken cancellation = default) =>
        _connection.Lines(
            "v1/recommendations/batch", Bytes(query, ApiJson.Default.ManyListsQuery), ApiJson.Default.UserListAnswer, cancellation);

    /// <inheritdoc/>
    public Task<ExplanationAnswer?> ExplainAsync(string userId, string itemId, CancellationToken cancellation = default) =>
        GetOrNull($"{ApiPaths.User(userId)}/explanations/{ApiPaths.Item(itemId)["v1/items/".Length..]}", ApiJson.Default.ExplanationAnswer, cancellation);

    /// <inheritdoc/>
    /// <remarks>Options that a query cannot carry are refused: candidates, exclude, basket, weights, boosts, context, preview.</remarks>
    public Task<WhyNotAnswer> WhyNotAsync(
        string userId, string itemId, ListOptions? options = null, string? recommendationId = null, CancellationToken cancellation = default)
    {
        options ??= new();
        if (!ApiPaths.FitsQuery(options with { Where = null, Segment = null, PageItem = null, Explain = false, Pages = false, Fields = null }))
            throw RecommenderException.Invalid("options", "candidates, exclude, basket, weights, boosts, context, preview or a category with a comma", "must be absent for why an item is not listed");
        string query = ApiPaths.ListQuery(
            options, ("where", options.Where), ("segment", options.Segment), ("pageItem", options.PageItem), ("recommendationId", recommendationId));
        return Get($"{ApiPaths.User(userId)}/why-not/{ApiPaths.Item(itemId)["v1/items/".Length..]}{query}", ApiJson.Default.WhyNotAnswer, cancellation);
    }

    /// <inheritdoc/>
    public Task<WhatIfAnswer> WhatIfAsync(string userId, WhatIfInput question, CancellationToken cancellation = default) =>
        Send(HttpMethod.Post, ApiPaths.User(userId) + "/what-if", question, ApiJson.Default.WhatIfInput, ApiJson.Default.WhatIfAnswer, cancellation);

    /// <inheritdoc/>
    public Task<SimilarUsersAnswer?> SimilarUsersAsync(string userId, int k = 10, CancellationToken cancellation = default) =>
        GetOrNull($"{ApiPaths.User(userId)}/similar{ApiPaths.Query(("k", Text(k)))}", ApiJson.Default.SimilarUsersAnswer, cancellation);

    /// <inheritdoc/>
    public Task<UserPage> ListUsersAsync(string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default) =>
        Get("v1/users" + ApiPaths.Query(("cursor", cursor), ("count", Text(count))), ApiJson.Default.UserPage, cancellation);

    /// <inheritdoc/>
    public Task<UserInfo?> GetUserAsync(string userId, CancellationToken cancellation = default) =>
        GetOrNull(ApiPaths.User(userId), ApiJson.Default.UserInfo, cancellation);

    /// <inheritdoc/>
    public Task<PutUserAnswer> PutUserAsync(string userId, UserInput user, CancellationToken cancellation = default) =>
        Send(HttpMethod.Put, ApiPaths.User(userId), user, ApiJson.Default.UserInput, ApiJson.Default.PutUserAnswer, cancellation);

    /// <inheritdoc/>
    public Task<MergedUserAnswer> MergeUserAsync(string userId, string from, CancellationToken cancellation = default) =>
        Send(HttpMethod.Post, ApiPaths.User(userId) + "/merge", new(from), ApiJson.Default.MergeInput, ApiJson.Default.MergedUserAnswer, cancellation);

    /// <inheritdoc/>
    public Task<UserExport?> ExportUserAsync(string userId, CancellationToken cancellation = default) =>
        GetOrNull(ApiPaths.User(userId) + "/export", ApiJson.Default.UserExport, cancellation);

    /// <inheritdoc/>
    public Task<ErasedUserAnswer?> DeleteUserAsync(string userId, CancellationToken cancellation = default) =>
        DeleteOrNull(ApiPaths.User(userId), ApiJson.Default.ErasedUserAnswer, cancellation);

    /// <inheritdoc/>
    public async Task<TrainingStartedAnswer> StartTrainingAsync(TrainingRequest? plan = null, CancellationToken cancellation = default)
    {
        try
        {
            return await Send(
                HttpMethod.Post, "v1/training", plan ?? new(), ApiJson.Default.TrainingRequest, ApiJson.Default.TrainingStartedAnswer, cancellation)
                .ConfigureAwait(false);
        }
        catch (RecommenderException e) when (e.Problem is { Status: (int)HttpStatusCode.Conflict, Version: { } version })
        {
            return new(false, version);
        }
    }

    /// <inheritdoc/>
    public Task<TrainingInfo> GetTrainingAsync(CancellationToken cancellation = default) => Get("v1/training", ApiJson.Default.TrainingInfo, cancellation);

    /// <inheritdoc/>
    public Task<bool> StopTrainingAsync(CancellationToken cancellation = default) => Did(HttpMethod.Delete, "v1/training", cancellation);

    /// <inheritdoc/>
    public Task<ModelsAnswer> ListModelsAsync(CancellationToken cancellation = default) => Get("v1/models", ApiJson.Default.ModelsAnswer, cancellation);

    /// <inheritdoc/>
    public Task<bool> PromoteAsync(long version, CancellationToken cancellation = default) =>
        Did(HttpMethod.Post, $"v1/models/{Text(version)}/promote", cancellation);

    /// <inheritdoc/>
    public Task<ServerStatus> GetStatusAsync(CancellationToken cancellation = default) => Get("v1/status", ApiJson.Default.ServerStatus, cancellation);

    /// <inheritdoc/>
    /// <remarks>Sent again only where it was refused: a second key whose text nobody has would stay behind.</remarks>
    public Task<NewKeyAnswer> CreateKeyAsync(KeyInput key, CancellationToken cancellation = default) =>
        Send(HttpMethod.Post, "v1/keys", key, ApiJson.Default.KeyInput, ApiJson.Default.NewKeyAnswer, cancellation, new(OnceOnly: true));

    /// <inheritdoc/>
    public Task<KeysAnswer> ListKeysAsync(CancellationToken cancellation = default) => Get("v1/keys", ApiJson.Default.KeysAnswer, cancellation);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string keyId, CancellationToken cancellation = default) =>
        Did(HttpMethod.Delete, $"v1/keys/{Uri.EscapeDataString(keyId)}", cancellation);

    /// <inheritdoc/>
    /// <remarks>Sent again only where it was refused, as a new key is.</remarks>
    public async Task<NewKeyAnswer?> RotateKeyAsync(string keyId, KeyRotation? rotation = null, CancellationToken cancellation = default)
    {
        try
        {
            return await Send(
                HttpMethod.Post, $"v1/keys/{Uri.EscapeDataString(keyId)}/rotate", rotation ?? new(), ApiJson.Default.KeyRotation, ApiJson.Default.NewKeyAnswer,
                cancellation, new(OnceOnly: true)).ConfigureAwait(false);
        }
        catch (RecommenderException e) when (e.Problem.Status == (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<AccessPage> ListAccessAsync(
        string? userId = null, string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default) =>
        Get((userId is null ? "v1/access" : $"{ApiPaths.User(userId)}/access") + ApiPaths.Query(("cursor", cursor), ("count", Text(count))),
            ApiJson.Default.AccessPage, cancellation);

    /// <inheritdoc/>
    public async Task<bool> SetQuotaAsync(string name, QuotaInfo quota, CancellationToken cancellation = default)
    {
        try
        {
            await Send(
                HttpMethod.Put, $"v1/tenants/{Uri.EscapeDataString(name)}/quota", quota, ApiJson.Default.QuotaInfo, ApiJson.Default.QuotaInfo, cancellation)
                .ConfigureAwait(false);
            return true;
        }
        catch (RecommenderException e) when (e.Problem.Status == (int)HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task<TenantsAnswer> ListTenantsAsync(CancellationToken cancellation = default) => Get("v1/tenants", ApiJson.Default.TenantsAnswer, cancellation);

    /// <inheritdoc/>
    /// <remarks>Sent again only where it was refused, as a key is.</remarks>
    public async Task<NewTenantAnswer?> CreateTenantAsync(TenantInput input, CancellationToken cancellation = default)
    {
        try
        {
            return await Send(
                HttpMethod.Post, "v1/tenants", input, ApiJson.Default.TenantInput, ApiJson.Default.NewTenantAnswer, cancellation, new(OnceOnly: true))
                .ConfigureAwait(false);
        }
        catch (RecommenderException e) when (e.Problem.Status == (int)HttpStatusCode.Conflict)
        {
            return null;
        }
    }
}
