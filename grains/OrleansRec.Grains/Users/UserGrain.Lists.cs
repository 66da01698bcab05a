using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Grains.Users;

/// <summary>Lists with scenarios and rules, and their further pages.</summary>
public sealed partial class UserGrain
{
    private readonly OpenLists _open = new();
    private SteadyLists? _steady;

    /// <summary>Few users ask for steady lists; the others' grains hold nothing for them.</summary>
    private SteadyLists Steady => _steady ??= new(time);

    public async Task<RecommendationList?> Next(string recommendationId, int k, CancellationToken cancellation = default)
    {
        if (_open.Find(recommendationId) is not { } open)
            return null;
        if (open.Pages.RoomLeft is var room && room < k)
            k = room;
        await Hydrate(cancellation);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        await lists.Refresh(GrainFactory, open.Request.Shape, cancellation);
        await catalogue.Refresh(GrainFactory, cancellation);
        if (k == 0)
            return new(recommendationId, model?.Version ?? 0, catalogue.Version, view.Version, []);
        ListInput input = view.InputOf(model) with { Earlier = [.. open.Pages.Pages.SelectMany(page => page)], ListId = recommendationId };
        RecommendationList page = maker.Make(input, open.Request with { K = k }).List with { RecommendationId = recommendationId };
        _open.Keep(open with { Pages = open.Pages.With(Array.ConvertAll(page.Items, i => i.ItemId)) });
        int before = open.Pages.ItemCount;
        return page with { Items = Array.ConvertAll(page.Items, i => i with { Rank = before + i.Rank }) };
    }

    /// <summary>Whether a user without a vector gets more than what is popular.</summary>
    private async ValueTask<bool> HasRungs(ListSubject subject, PublishedModel? model, CancellationToken cancellation)
    {
        if (!subject.View.MayPersonalise || subject.View.IsBlank)
            return false;
        await catalogue.Refresh(GrainFactory, cancellation);
        return maker.HasRungsFor(subject.InputOf(model));
    }

    private async Task<RecommendationList> Make(ListSubject subject, PublishedModel? model, RecommendRequest request, CancellationToken cancellation)
    {
        await catalogue.RefreshCounts(GrainFactory, model, cancellation);
        return Make(subject, model, request, maker.BlockOf(model));
    }

    /// <summary>Makes a list now. Where the user gets to see it, keeps what a further page or the next list asks of it.</summary>
    private RecommendationList Make(ListSubject subject, PublishedModel? model, RecommendRequest request, ShopBlock items)
    {
        MadeList made = maker.Make(subject.InputOf(model) with { Last = LastOf(subject.View, request) }, request, items);
        if (!subject.IsShown)
            return made.List;
        if (request.Shape is { HasPages: true })
            _open.Keep(new(request, ListPages.Of(made.List.RecommendationId).With(Array.ConvertAll(made.List.Items, i => i.ItemId))));
        if (made.Steadiness is not null && subject.View.MayPersonalise)
            Steady.Keep(request.Shape, made.List);
        if (made.List.Overlap is { } overlap)
            ListMetrics.Overlap.Record(overlap);
        return made.List;
    }

    /// <summary>The last list of the visit. Without consent the user gets what a stranger gets, who has none.</summary>
    private string[]? LastOf(UserView of, RecommendRequest request) => of.MayPersonalise ? Steady.Last(request.Shape) : null;
}

/// <summary>A list that may be continued.</summary>
/// <param name="Request">What it was asked to be.</param>
/// <param name="Pages">What it has shown.</param>
internal sealed record OpenList(RecommendRequest Request, ListPages Pages);

/// <summary>The latest lists of a user that may be continued. They are let go of with the user's grain: a caller that comes later begins anew.</summary>
internal sealed class OpenLists
{
    /// <summary>Lists at most; one more takes the place of the one that was used longest ago.</summary>
    public const int ListsMax = 16;

    private readonly List<OpenList> _byUse = [];

    public OpenList? Find(string recommendationId) => _byUse.Find(l => l.Pages.RecommendationId == recommendationId);

    public void Keep(OpenList list)
    {
        _byUse.RemoveAll(l => l.Pages.RecommendationId == list.Pages.RecommendationId);
        _byUse.Insert(0, list);
        if (_byUse.Count > ListsMax)
            _byUse.RemoveAt(ListsMax);
    }
}
