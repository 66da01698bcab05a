using Orleans;

namespace OrleansRec.Contracts;

/// <summary>What a list is asked to be.</summary>
[GenerateSerializer, Immutable, Alias("rec.recommend-request")]
public sealed record RecommendRequest
{
    /// <summary>How many items at most; 1 … 1,000.</summary>
    [Id(0)] public int K { get; init; } = 10;

    /// <summary>Score only these items, or null for the whole catalogue.</summary>
    [Id(1)] public string[]? Candidates { get; init; }

    /// <summary>Leave these items out.</summary>
    [Id(2)] public string[]? Exclude { get; init; }

    /// <summary>Keep items that the user already has (by an event type that excludes).</summary>
    [Id(3)] public bool IncludeSeen { get; init; }

    /// <summary>Which items may appear, or null for all visible ones.</summary>
    [Id(4)] public ItemFilter? Filter { get; init; }

    /// <summary>Scenario, expressions, weights and context; null for a plain list.</summary>
    [Id(5)] public ListShape? Shape { get; init; }
}

/// <summary>Conditions on catalogue fields; an item must meet all that are given.</summary>
[GenerateSerializer, Immutable, Alias("rec.item-filter")]
public sealed record ItemFilter
{
    /// <summary>At least one of these categories.</summary>
    [Id(0)] public string[]? Categories { get; init; }

    /// <summary>None of these categories.</summary>
    [Id(1)] public string[]? NotCategories { get; init; }

    /// <summary>Price at least this.</summary>
    [Id(2)] public double? PriceMin { get; init; }

    /// <summary>Price at most this.</summary>
    [Id(3)] public double? PriceMax { get; init; }

    /// <summary>True: only items whose stock is known and above 0.</summary>
    [Id(4)] public bool? InStock { get; init; }
}

/// <summary>Where a recommended item came from.</summary>
public static class RecommendationSource
{
    /// <summary>Scored by the user's latent vector.</summary>
    public const string Personal = "personal";

    /// <summary>One of the most bought; the user has no usable history.</summary>
    public const string Popular = "popular";

    /// <summary>Near another item.</summary>
    public const string Similar = "similar";

    /// <summary>Like another item by title, brand, tags and categories, because the model does not know that one yet.</summary>
    public const string Content = "content";

    /// <summary>An item that the model does not know, scored by the factors that its content says.</summary>
    public const string New = "new";

    /// <summary>Bought together with another item.</summary>
    public const string Together = "together";

    /// <summary>Asked for most, lately.</summary>
    public const string Trending = "trending";

    /// <summary>Near what the request brings: the basket, the page's item.</summary>
    public const string Context = "context";

    /// <summary>Near the user's first few items.</summary>
    public const string FirstEvent = "first-event";

    /// <summary>Liked by most users of the user's segment.</summary>
    public const string Segment = "segment";

    /// <summary>Any item that may appear: nothing better was left.</summary>
    public const string Any = "any";

    /// <summary>A candidate of the caller of which nothing is known.</summary>
    public const string None = "none";

    /// <summary>A rule has put it there.</summary>
    public const string Rule = "rule";
}

/// <summary>How one item leads to others.</summary>
public static class ItemLink
{
    /// <summary>Title, brand, tags and categories.</summary>
    public const string Content = "content";

    /// <summary>Cosine of factors.</summary>
    public const string Factors = "factors";

    /// <summary>Users in common.</summary>
    public const string Neighbours = "neighbours";

    /// <summary>Baskets in common.</summary>
    public const string Together = "together";
}

/// <summary>One item of a list. Ranks count from 1.</summary>
[GenerateSerializer, Immutable, Alias("rec.recommended-item")]
public readonly record struct RecommendedItem(string ItemId, float Score, int Rank, string Source);

/// <summary>A list, and exactly which model, catalogue and history it was computed from.</summary>
[GenerateSerializer, Immutable, Alias("rec.recommendation-list")]
public sealed record RecommendationList(
    string RecommendationId, long ModelVersion, long CatalogueVersion, long HistoryVersion, RecommendedItem[] Items)
{
    /// <summary>One for each item where they were asked for; else null.</summary>
    [Id(0)] public EntryNote[]? Notes { get; init; }

    /// <summary>Items in common with the user's last list of the scenario in this visit, over the shorter one's length; null where steadiness was not asked for, or there was no such list.</summary>
    [Id(1)] public double? Overlap { get; init; }
}

/// <summary>The exact split of one score over a history.</summary>
/// <param name="ItemId">The item scored.</param>
/// <param name="ModelVersion">Under which model.</param>
/// <param name="HistoryVersion">From which history.</param>
/// <param name="Score">Its score: <paramref name="Offset"/> plus the sum of the contributions.</param>
/// <param name="Offset">What no event contributes: 0 when implicit, mean and biases when explicit.</param>
/// <param name="Contributions">One for each item of the history with factors, the largest first.</param>
[GenerateSerializer, Immutable, Alias("rec.explanation")]
public sealed record Explanation(
    string ItemId, long ModelVersion, long HistoryVersion, double Score, double Offset, Contribution[] Contributions);

/// <summary>What one item of the history adds to a score.</summary>
[GenerateSerializer, Immutable, Alias("rec.contribution")]
public readonly record struct Contribution(string ItemId, double Amount, double Similarity, double Weight);

/// <summary>The value r of one item in a user's history.</summary>
[GenerateSerializer, Immutable, Alias("rec.history-pair")]
public readonly record struct HistoryPair(string ItemId, float Value);

/// <summary>Scores one query over the whole catalogue. A stateless worker; key "0".</summary>
[Alias("rec.scoring")]
public interface IScoringGrain : IGrainWithStringKey
{
    /// <summary>The best items for a query vector under one model version.</summary>
    /// <exception cref="VersionGoneException">That version is no longer held; ask for the current one and try again.</exception>
    [Alias("top")]
    Task<RecommendationList> Top(ScoringQuery query, CancellationToken cancellation = default);

    /// <summary>The most popular items.</summary>
    [Alias("popular")]
    Task<RecommendationList> Popular(RecommendRequest request, [Immutable] string[] seen, CancellationToken cancellation = default);

    /// <summary>The items nearest to one by cosine of their factors, or by content where it has none; null where nothing is known of it.</summary>
    [Alias("similar")]
    Task<RecommendationList?> Similar(string itemId, RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>The items that one leads to in a given way; null where nothing is known of it in that way.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="by">See <see cref="ItemLink"/>.</param>
    /// <param name="request">The rest.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [Alias("beside")]
    Task<RecommendationList?> Beside(string itemId, string by, RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>What is asked for most, lately; filled up with the most popular items.</summary>
    [Alias("trending")]
    Task<RecommendationList> Trending(RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>The categories or brands of what is asked for most, lately.</summary>
    /// <param name="field">See <see cref="LabelField"/>.</param>
    /// <param name="k">How many at most; 1 … <see cref="LabelList.KMax"/>.</param>
    /// <param name="request">Which items count; its length is not read.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [Alias("trending-labels")]
    Task<LabelList> TrendingLabels(string field, int k, RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>A list for a history that belongs to no stored user.</summary>
    [Alias("for-history")]
    Task<RecommendationList> RecommendFor([Immutable] HistoryPair[] history, RecommendRequest request, CancellationToken cancellation = default);
}

/// <summary>A vector to score with.</summary>
/// <param name="ModelVersion">The model that the vector belongs to.</param>
/// <param name="HistoryVersion">The history that it was folded in from; copied to the list.</param>
/// <param name="Vector">Query, shape (width).</param>
/// <param name="Offset">Added to every score.</param>
/// <param name="Seen">Rows of the model to leave out.</param>
/// <param name="Request">The rest.</param>
/// <param name="SeenBeside">Ids to leave out that are no rows of the model; null for none.</param>
[GenerateSerializer, Immutable, Alias("rec.scoring-query")]
public sealed record ScoringQuery(
    long ModelVersion, long HistoryVersion, float[] Vector, float Offset, int[] Seen, RecommendRequest Request, string[]? SeenBeside = null);

/// <summary>A reader asked for a model version that is no longer held.</summary>
[GenerateSerializer, Alias("rec.version-gone")]
public sealed class VersionGoneException(string message) : Exception(message)
{
    /// <summary>For the version that was asked for.</summary>
    public static VersionGoneException Of(long version) => new($"Model version {version} is no longer held.");
}
