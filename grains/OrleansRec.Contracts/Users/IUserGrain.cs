using Orleans;

namespace OrleansRec.Contracts;

/// <summary>One user's view of the product: history and latent vector in memory, checked against the shard. Key: the user id.</summary>
[Alias("rec.user")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Records events of this user; durable when it returns.</summary>
    [Alias("record")]
    Task<AppendAnswer> Record([Immutable] EventRecord[] events, CancellationToken cancellation = default);

    /// <summary>Records events and answers with a list that already knows them.</summary>
    [Alias("record-then-recommend")]
    Task<RecordedList> RecordThenRecommend([Immutable] EventRecord[] events, RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>Users who like what this one likes, the most alike first; null for a user never seen.</summary>
    /// <param name="k">How many at most; 1 … 100.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [Alias("similar-users")]
    Task<SimilarUser[]?> SimilarUsers(int k, CancellationToken cancellation = default);

    /// <summary>The best items for this user now.</summary>
    [Alias("recommend")]
    Task<RecommendationList> Recommend(RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>The lists of one page, no item in two of them: those of earlier blocks are left out of later ones. All are of one history version, one model and one state of the catalogue.</summary>
    /// <param name="blocks">What each list is asked to be; see <c>PageRules</c> for the bounds.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [Alias("recommend-page")]
    Task<RecommendationList[]> RecommendPage(RecommendRequest[] blocks, CancellationToken cancellation = default);

    /// <summary>The categories or brands of the user's best items.</summary>
    /// <param name="field">See <see cref="LabelField"/>.</param>
    /// <param name="k">How many at most; 1 … <see cref="LabelList.KMax"/>.</param>
    /// <param name="request">Which items count; its length is not read.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [Alias("recommend-labels")]
    Task<LabelList> RecommendLabels(string field, int k, RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>The next entries of a list that was asked for with <see cref="ListShape.HasPages"/>; null where it is not kept any more.</summary>
    [Alias("next")]
    Task<RecommendationList?> Next(string recommendationId, int k, CancellationToken cancellation = default);

    /// <summary>Splits the score of one item exactly over the user's history; null where no model is published or the item has no factors.</summary>
    [Alias("explain")]
    Task<Explanation?> Explain(string itemId, CancellationToken cancellation = default);

    /// <summary>Says where an item is in the list of a request, or what keeps it out.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="request">What the list is asked to be.</param>
    /// <param name="recommendationId">The list whose chance decides, where rules explore; null: chance falls anew.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [Alias("why-not")]
    Task<ItemStanding> WhyNot(string itemId, RecommendRequest request, string? recommendationId, CancellationToken cancellation = default);

    /// <summary>The list that the user would get with other events, another request or other rules, beside the real one. Nothing is stored.</summary>
    [Alias("what-if")]
    Task<WhatIfAnswer> WhatIf(WhatIf question, CancellationToken cancellation = default);

    /// <summary>Counts, and the latent vector under the published model; null for a user never seen.</summary>
    [Alias("profile")]
    Task<UserProfile?> GetProfile(CancellationToken cancellation = default);

    /// <summary>Everything held about the user.</summary>
    [Alias("export")]
    Task<UserHistory> Export(CancellationToken cancellation = default);

    /// <summary>Replaces what the shop has said of the user, durably; lists follow it from the answer on.</summary>
    [Alias("configure")]
    Task<ConfigureAnswer> Configure(UserSettings settings, CancellationToken cancellation = default);

    /// <summary>Makes a visitor's events this user's, each once; the next list knows them.</summary>
    [Alias("merge")]
    Task<MergeAnswer> Merge(string from, CancellationToken cancellation = default);

    /// <summary>Takes one event back.</summary>
    [Alias("remove")]
    Task<RemoveAnswer> Remove(ulong eventKey, CancellationToken cancellation = default);

    /// <summary>Erases the user.</summary>
    [Alias("erase")]
    Task<EraseAnswer> Erase(CancellationToken cancellation = default);
}

/// <summary>The answer to events and the list after them.</summary>
[GenerateSerializer, Immutable, Alias("rec.recorded-list")]
public sealed record RecordedList(AppendAnswer Answer, RecommendationList List);

/// <summary>A user at a glance.</summary>
/// <param name="UserId">The user.</param>
/// <param name="HistoryVersion">Version of the history.</param>
/// <param name="Events">Events held.</param>
/// <param name="Items">Distinct items.</param>
/// <param name="FirstTimeMs">Earliest event time.</param>
/// <param name="LastTimeMs">Latest event time.</param>
/// <param name="ModelVersion">The model of <paramref name="Vector"/>; 0 where none is published.</param>
/// <param name="Vector">Latent vector, shape (width); empty where there is none.</param>
/// <param name="Settings">What the shop has said of the user; null where it has said nothing.</param>
/// <param name="Portrait">What the history says of the user; null where there is none.</param>
[GenerateSerializer, Immutable, Alias("rec.user-profile")]
public sealed record UserProfile(
    string UserId, long HistoryVersion, int Events, int Items, long FirstTimeMs, long LastTimeMs, long ModelVersion, float[] Vector,
    UserSettings? Settings = null, UserPortrait? Portrait = null);

/// <summary>A user who likes what another one likes.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Similarity">See <c>UserLikeness</c>; above 0, at most 1.</param>
/// <param name="SharedItems">Items that both like.</param>
[GenerateSerializer, Immutable, Alias("rec.similar-user")]
public readonly record struct SimilarUser(string UserId, double Similarity, int SharedItems);
