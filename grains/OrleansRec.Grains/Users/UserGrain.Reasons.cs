using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Grains.Users;

/// <summary>What keeps an item out of a list.</summary>
public sealed partial class UserGrain
{
    public async Task<ItemStanding> WhyNot(string itemId, RecommendRequest request, string? recommendationId, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        await Hydrate(cancellation);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        await lists.Refresh(GrainFactory, request.Shape, cancellation);
        RecommendationList? plain = maker.IsNeededFor(request, model) ? null : await List(request, cancellation);
        await catalogue.RefreshCounts(GrainFactory, model, cancellation);
        // Chance falls as it did in the list that the caller names.
        MadeList made = maker.Make(view.InputOf(model) with { ListId = recommendationId, Last = LastOf(view, request) }, request);
        using HybridCandidates candidates = made.Candidates;
        return ItemStandings.Of(itemId, plain ?? made.List, made, request);
    }
}
