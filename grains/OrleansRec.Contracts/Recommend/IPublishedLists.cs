using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>Lists that the grains of users on this silo have published, for a gateway in the same process. Reads snapshots and makes no call.</summary>
public interface IPublishedLists
{
    /// <summary>
    /// The list that the user's grain would answer now, under an id of its own; null where only the grain can say: it keeps none for such a request, the user's history,
    /// the model or the catalogue have changed since, or it is on another silo.
    /// </summary>
    RecommendationList? Find(TenantId tenant, string userId, RecommendRequest request);
}
