using OrleansRec.Contracts;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>Finds the lists that users' grains on this silo keep. It holds them to the same checks as the grains do: history, model and catalogue must be as they were.</summary>
public sealed class PublishedLists(SiloCopies silo, IRandomSource random) : IPublishedLists
{
    /// <inheritdoc/>
    public RecommendationList? Find(TenantId tenant, string userId, RecommendRequest request)
    {
        if (silo.Find(tenant) is not { } copies || copies.Histories.Find(userId) is not { } mark
            || copies.Models.Fresh is not { } model || !copies.Catalogue.TryRead() || !copies.Lists.IsFresh || copies.Lists.Current.HasRulesForAll)
            return null;
        long version = mark.Version;
        RecommendationList? list = mark.Kept.Find(request, model.Version, copies.Catalogue.Version, copies.Catalogue.Edition, version);
        return list is not null && mark.Confirms(version) ? list with { RecommendationId = ListScan.NewId(random) } : null;
    }
}
