using OrleansRec.Contracts;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Grains.Serving;

/// <summary>Says where an item is in a list, or what keeps it out.</summary>
internal static class ItemStandings
{
    /// <summary>The standing of an item.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="list">The list as the user gets it.</param>
    /// <param name="made">The same list by the three stages; of a plain list the ground for what the shorter way does not tell.</param>
    /// <param name="request">What the list was asked to be.</param>
    public static ItemStanding Of(string itemId, RecommendationList list, MadeList made, RecommendRequest request)
    {
        var standing = new ItemStanding(itemId, list.ModelVersion, list.CatalogueVersion, list.HistoryVersion)
        {
            Listed = list.Items.Length, LeastScore = list.Items.Length == 0 ? null : list.Items.Min(i => i.Score),
        };
        if (Array.FindIndex(list.Items, i => i.ItemId == itemId) is >= 0 and int at)
            return standing with { Rank = list.Items[at].Rank, Score = list.Items[at].Score, Source = list.Items[at].Source };
        int row = made.Block.RowOf(itemId);
        Rejection? rejection = row < 0 ? new(RejectionReason.Unknown) : made.Ranked.WhyNot(row);
        if (rejection?.Reason is RejectionReason.Excluded)
            return standing with { Reason = ExclusionOf(itemId, request) };
        return rejection?.Reason is null or RejectionReason.Cap or RejectionReason.Pin or RejectionReason.Candidates or RejectionReason.Rank
            ? Outranked(standing, row, list, made, request, rejection)
            : standing with { Reason = NameOf(rejection.Reason), Rule = rejection.Rule };
    }

    /// <summary>Of an item that may appear.</summary>
    private static ItemStanding Outranked(ItemStanding standing, int row, RecommendationList list, MadeList made, RecommendRequest request, Rejection? rejection)
    {
        HybridCandidates candidates = made.Candidates;
        CandidateStanding? candidate = made.Ranked.Standing(row);
        double? blended = candidates.ScoreOf(row);
        standing = standing with { Score = candidate?.Score ?? blended, Place = candidate?.Place, Source = candidates.SourceOf(row) };
        bool isMade = ReferenceEquals(list, made.List);
        if (isMade && rejection is { Reason: RejectionReason.Cap or RejectionReason.Pin })
            return standing with { Reason = NameOf(rejection.Reason), Rule = rejection.Rule };
        // Its score would do, but none of the parts brought it; or a short list that nothing brings it to.
        bool isCut = rejection?.Reason == RejectionReason.Candidates || list.Items.Length < request.K || (isMade && !candidates.IsBlended(row) && blended > standing.LeastScore);
        return standing with { Reason = isCut ? OutOfListReason.Candidates : OutOfListReason.Rank, Rule = isMade && !isCut ? rejection?.Rule : null };
    }

    private static string ExclusionOf(string itemId, RecommendRequest request) =>
        request.Candidates is { } asked && !asked.Contains(itemId) ? OutOfListReason.NotAsked
        : request.Exclude?.Contains(itemId) == true ? OutOfListReason.Excluded
        : request.Shape is { } shape && (shape.Basket.Contains(itemId) || shape.PageItem == itemId) ? OutOfListReason.Context
        : OutOfListReason.Seen;

    private static string NameOf(RejectionReason reason) => reason switch
    {
        RejectionReason.Unknown => OutOfListReason.Unknown, RejectionReason.Hidden => OutOfListReason.Hidden, RejectionReason.Stock => OutOfListReason.Stock,
        RejectionReason.Window => OutOfListReason.Window, RejectionReason.Kind => OutOfListReason.Kind, RejectionReason.Filter => OutOfListReason.Filter,
        RejectionReason.Cap => OutOfListReason.Cap, RejectionReason.Pin => OutOfListReason.Pin, RejectionReason.Candidates => OutOfListReason.Candidates,
        RejectionReason.Rank => OutOfListReason.Rank,
        _ => throw new System.Diagnostics.UnreachableException($"A first page keeps no item out as {reason}."),
    };
}
