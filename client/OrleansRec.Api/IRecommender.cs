namespace OrleansRec.Api;

/// <summary>
/// Every verb of the product. <c>RecommenderClient</c> carries them out over HTTP, <c>ClusterRecommender</c> by calling grains; endpoints, command line and
/// dashboard use no other door.
/// </summary>
/// <remarks>Every method throws <see cref="RecommenderException"/> where a rule is broken or the server cannot serve.</remarks>
public interface IRecommender
{
    /// <summary>Records events, durably; with <paramref name="thenRecommend"/> also answers a list for the last accepted event's user that knows them.</summary>
    Task<EventsAnswer> RecordEventsAsync(
        IReadOnlyList<EventInput> events, ListOptions? thenRecommend = null, CancellationToken cancellation = default);

    /// <summary>Takes one event back; null where the user has no such event.</summary>
    Task<RemovedEventAnswer?> RemoveEventAsync(string userId, string eventId, CancellationToken cancellation = default);

    /// <summary>The event types that events can have.</summary>
    Task<EventTypesAnswer> ListEventTypesAsync(CancellationToken cancellation = default);

    /// <summary>Replaces the tenant's own event types. A type that is left out is retired: its events stay.</summary>
    Task<EventTypesAnswer> PutEventTypesAsync(IReadOnlyList<EventTypeInput> types, CancellationToken cancellation = default);

    /// <summary>Adds or replaces one item.</summary>
    Task<ItemsAnswer> PutItemAsync(string itemId, ItemInput item, CancellationToken cancellation = default);

    /// <summary>Adds or replaces items.</summary>
    Task<ItemsAnswer> PutItemsAsync(IReadOnlyList<ItemInput> items, CancellationToken cancellation = default);

    /// <summary>One item; null where neither catalogue nor log knows it.</summary>
    Task<ItemInfo?> GetItemAsync(string itemId, CancellationToken cancellation = default);

    /// <summary>A page of items; cursor null begins at the start.</summary>
    Task<ItemPage> ListItemsAsync(string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default);

    /// <summary>Deletes an item: it is in no list until it is put again. False where nobody knows it.</summary>
    Task<bool> DeleteItemAsync(string itemId, CancellationToken cancellation = default);

    /// <summary>The items nearest to one, by content where the model does not know it; null where nothing is known of it.</summary>
    Task<RecommendationAnswer?> SimilarAsync(string itemId, ListOptions? options = null, CancellationToken cancellation = default);

    /// <summary>The items that one leads to in a given way, one of <see cref="SimilarBy"/>; null where nothing is known of it in that way.</summary>
    Task<RecommendationAnswer?> SimilarByAsync(string itemId, string by, ListOptions? options = null, CancellationToken cancellation = default);

    /// <summary>The items most bought in one order with an item, by what the published version has counted; null where it does not know the item.</summary>
    Task<RecommendationAnswer?> BoughtTogetherAsync(string itemId, ListOptions? options = null, CancellationToken cancellation = default);

    /// <summary>The items asked for most, lately; filled up with the most popular ones.</summary>
    Task<RecommendationAnswer> TrendingAsync(ListOptions? options = null, CancellationToken cancellation = default);

    /// <summary>The best items for a user now; popular ones for a user never seen.</summary>
    Task<RecommendationAnswer> RecommendAsync(string userId, ListOptions? options = null, CancellationToken cancellation = default);

    /// <summary>The full request: for a user or for a history.</summary>
    Task<RecommendationAnswer> RecommendForAsync(RecommendationQuery query, CancellationToken cancellation = default);

    /// <summary>The lists of one page, no item in two of them; earlier blocks choose first.</summary>
    Task<PageAnswer> RecommendPageAsync(string userId, PageQuery page, CancellationToken cancellation = default);

    /// <summary>The categories or brands of a user's best items, by <see cref="LabelKind"/>; <see cref="ListOptions.K"/> of them, at most <see cref="LabelKind.KMax"/>.</summary>
    Task<LabelsAnswer> RecommendLabelsAsync(string userId, string kind, ListOptions? options = null, CancellationToken cancellation = default);

    /// <summary>The categories or brands of what is asked for most, lately.</summary>
    Task<LabelsAnswer> TrendingLabelsAsync(string kind, ListOptions? options = null, CancellationToken cancellation = default);

    /// <summary>The next entries of a list that was asked for with <see cref="ListOptions.Pages"/>, without one of the earlier ones; null where it is not kept any more.</summary>
    Task<RecommendationAnswer?> NextPageAsync(string recommendationId, NextInput next, CancellationToken cancellation = default);

    /// <summary>The tenant's rules for lists.</summary>
    Task<RulesAnswer> ListRulesAsync(CancellationToken cancellation = default);

    /// <summary>Adds or replaces a rule; lists of every silo know it after the staleness period at the latest.</summary>
    Task<RulesAnswer> PutRuleAsync(string name, RuleInput rule, CancellationToken cancellation = default);

    /// <summary>Removes a rule; false where there is none of this name.</summary>
    Task<bool> DeleteRuleAsync(string name, CancellationToken cancellation = default);

    /// <summary>The scenarios, the tenant's and those that are built in.</summary>
    Task<ScenariosAnswer> ListScenariosAsync(CancellationToken cancellation = default);

    /// <summary>Adds or replaces a scenario.</summary>
    Task<ScenariosAnswer> PutScenarioAsync(string name, ScenarioInput scenario, CancellationToken cancellation = default);

    /// <summary>Removes a scenario of the tenant; one that is built in is then as the product has it. False where the tenant has none of this name.</summary>
    Task<bool> DeleteScenarioAsync(string name, CancellationToken cancellation = default);

    /// <summary>The lists of many users, or of all, each equal to the one that <see cref="RecommendAsync"/> answers. They come as they are made.</summary>
    IAsyncEnumerable<UserListAnswer> RecommendManyAsync(ManyListsQuery query, CancellationToken cancellation = default);

    /// <summary>Splits the score of one item over the user's history; null where no model is published or the item has no factors.</summary>
    Task<ExplanationAnswer?> ExplainAsync(string userId, string itemId, CancellationToken cancellation = default);

    /// <summary>Says where an item is in the list that a user would get with these options, or what keeps it out: a filter, rule, cap, window, stock, or others that rank before it.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="itemId">The item.</param>
    /// <param name="options">What the list is asked to be.</param>
    /// <param name="recommendationId">The list whose chance decides, where rules explore.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<WhyNotAnswer> WhyNotAsync(string userId, string itemId, ListOptions? options = null, string? recommendationId = null, CancellationToken cancellation = default);

    /// <summary>The list that a user would get with events added or removed, other options or other rules, and what differs from the real one. Nothing of it is stored.</summary>
    Task<WhatIfAnswer> WhatIfAsync(string userId, WhatIfInput question, CancellationToken cancellation = default);

    /// <summary>Users who like what a user likes, among the latest users of that user's newest items, 1 … 100 of them; null for a user never seen.</summary>
    Task<SimilarUsersAnswer?> SimilarUsersAsync(string userId, int k = 10, CancellationToken cancellation = default);

    /// <summary>A page of users; cursor null begins at the start.</summary>
    Task<UserPage> ListUsersAsync(string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default);

    /// <summary>A user at a glance; null for one never seen.</summary>
    Task<UserInfo?> GetUserAsync(string userId, CancellationToken cancellation = default);

    /// <summary>Replaces what the shop says of a user: attributes, consent, retention. It holds from the answer on.</summary>
    Task<PutUserAnswer> PutUserAsync(string userId, UserInput user, CancellationToken cancellation = default);

    /// <summary>Makes a visitor's events a user's, each once. Asked again it adds what has come since.</summary>
    Task<MergedUserAnswer> MergeUserAsync(string userId, string from, CancellationToken cancellation = default);

    /// <summary>Everything held about a user; null for one never seen.</summary>
    Task<UserExport?> ExportUserAsync(string userId, CancellationToken cancellation = default);

    /// <summary>Erases a user; null for one never seen.</summary>
    Task<ErasedUserAnswer?> DeleteUserAsync(string userId, CancellationToken cancellation = default);

    /// <summary>Starts a training; where one is under way, answers its version and <c>Started</c> false.</summary>
    Task<TrainingStartedAnswer> StartTrainingAsync(TrainingRequest? plan = null, CancellationToken cancellation = default);

    /// <summary>The training under way, or the last one.</summary>
    Task<TrainingInfo> GetTrainingAsync(CancellationToken cancellation = default);

    /// <summary>Stops the training under way; false where none is.</summary>
    Task<bool> StopTrainingAsync(CancellationToken cancellation = default);

    /// <summary>The model versions held.</summary>
    Task<ModelsAnswer> ListModelsAsync(CancellationToken cancellation = default);

    /// <summary>Makes a version the current one; false where it is not held.</summary>
    Task<bool> PromoteAsync(long version, CancellationToken cancellation = default);

    /// <summary>The server at a glance.</summary>
    Task<ServerStatus> GetStatusAsync(CancellationToken cancellation = default);

    /// <summary>Makes an API key.</summary>
    Task<NewKeyAnswer> CreateKeyAsync(KeyInput key, CancellationToken cancellation = default);

    /// <summary>The API keys, without the keys themselves.</summary>
    Task<KeysAnswer> ListKeysAsync(CancellationToken cancellation = default);

    /// <summary>Revokes an API key; false where there is none with this id.</summary>
    Task<bool> RevokeKeyAsync(string keyId, CancellationToken cancellation = default);

    /// <summary>Gives a key a new secret; the old one stays valid for the overlap. Null where there is none with this id.</summary>
    Task<NewKeyAnswer?> RotateKeyAsync(string keyId, KeyRotation? rotation = null, CancellationToken cancellation = default);

    /// <summary>Who looked at personal data, the latest first: at one user's, or at anybody's where no user is given.</summary>
    Task<AccessPage> ListAccessAsync(string? userId = null, string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default);

    /// <summary>Sets what a tenant may use; false where there is none of this name. For the operator.</summary>
    Task<bool> SetQuotaAsync(string name, QuotaInfo quota, CancellationToken cancellation = default);

    /// <summary>The tenants. For the operator.</summary>
    Task<TenantsAnswer> ListTenantsAsync(CancellationToken cancellation = default);

    /// <summary>Makes a tenant and its first admin key; null where there is one of this name. For the operator.</summary>
    Task<NewTenantAnswer?> CreateTenantAsync(TenantInput input, CancellationToken cancellation = default);
}

/// <summary>Bounds of a page.</summary>
public static class Paging
{
    /// <summary>Entries of a page where the caller gives no number.</summary>
    public const int CountDefault = 100;

    /// <summary>Entries of a page at most.</summary>
    public const int CountMax = 1000;
}
