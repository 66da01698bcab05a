using OrleansRec.Contracts;

namespace OrleansRec.Grains.Users;

/// <summary>The last lists of one user, for requests that come again while neither history nor model nor catalogue has changed.</summary>
/// <remarks>Only of plain requests, without candidates, exclusions or a filter: those come again, and two of them are alike where k and the flag are.</remarks>
public sealed class KeptLists
{
    /// <summary>A shop has a page of ten and perhaps a longer one; one more takes the place of the oldest.</summary>
    public const int ListsMax = 2;

    private readonly (int K, bool IncludeSeen, RecommendationList List)[] kept = new (int, bool, RecommendationList)[ListsMax];
    private int next;

    /// <summary>The list, where its versions are still the present ones.</summary>
    public RecommendationList? Find(RecommendRequest request, long modelVersion, long catalogueVersion, long historyVersion)
    {
        if (!IsPlain(request))
            return null;
        foreach ((int k, bool includeSeen, RecommendationList list) in kept)
            if (list is not null && k == request.K && includeSeen == request.IncludeSeen
                && list.ModelVersion == modelVersion && list.CatalogueVersion == catalogueVersion && list.HistoryVersion == historyVersion)
                return list;
        return null;
    }

    public void Keep(RecommendRequest request, RecommendationList list)
    {
        if (!IsPlain(request))
            return;
        int place = Array.FindIndex(kept, l => l.List is not null && l.K == request.K && l.IncludeSeen == request.IncludeSeen);
        if (place < 0)
            (place, next) = (next, (next + 1) % ListsMax);
        kept[place] = (request.K, request.IncludeSeen, list);
    }

    private static bool IsPlain(RecommendRequest request) => request is { Candidates: null, Exclude: null, Filter: null };
}
