using OrleansRec.Contracts;

namespace OrleansRec.Grains.Users;

/// <summary>The last lists of one user, for requests that come again while neither history nor model nor catalogue has changed.</summary>
/// <remarks>Only of plain requests, without candidates, exclusions or a filter: those come again, and two of them are alike where k and the flag are. Kept in the grain's turns; any thread may look for one.</remarks>
public sealed class KeptLists
{
    /// <summary>A shop has a page of ten and perhaps a longer one; one more takes the place of the oldest.</summary>
    public const int ListsMax = 2;

    // Replaced and never changed: a reader of another thread has one state or the other.
    private volatile KeptList[] kept = [];

    /// <summary>The list, where its versions are still the present ones.</summary>
    public RecommendationList? Find(RecommendRequest request, long modelVersion, long catalogueVersion, long catalogueEdition, long historyVersion)
    {
        if (!IsPlain(request))
            return null;
        foreach (KeptList each in kept)
            if (each.IsFor(request) && each.Edition == catalogueEdition && each.List is var list
                && list.ModelVersion == modelVersion && list.CatalogueVersion == catalogueVersion && list.HistoryVersion == historyVersion)
                return list;
        return null;
    }

    /// <param name="request">What was asked for.</param>
    /// <param name="list">The answer.</param>
    /// <param name="catalogueEdition">The catalogue's edition before the list was made.</param>
    public void Keep(RecommendRequest request, RecommendationList list, long catalogueEdition)
    {
        if (!IsPlain(request))
            return;
        KeptList[] earlier = kept;
        var added = new KeptList(request.K, request.IncludeSeen, list, catalogueEdition);
        int place = Array.FindIndex(earlier, l => l.IsFor(request));
        if (place >= 0)
            kept = [.. earlier[..place], added, .. earlier[(place + 1)..]];
        else
            kept = [.. earlier.AsSpan(Math.Max(0, earlier.Length + 1 - ListsMax)), added];
    }

    private readonly record struct KeptList(int K, bool IncludeSeen, RecommendationList List, long Edition)
    {
        public bool IsFor(RecommendRequest request) => K == request.K && IncludeSeen == request.IncludeSeen;
    }

    private static bool IsPlain(RecommendRequest request) => request is { Candidates: null, Exclude: null, Filter: null, Shape: null };
}
