using Orleans;
using Orleans.Concurrency;
using OrleansRec.Contracts;
using OrleansRec.Grains.Shop;
using OrleansRec.Model;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Grains.Serving;

/// <summary>Exact scans over the silo's copies of model and catalogue. Buffers come from pools: a list allocates little more than itself.</summary>
[StatelessWorker, GrainType("scoring")]
public sealed class ScoringGrain(SiloCopies silo, IRandomSource random, TimeProvider time) : Grain, IScoringGrain
{
    private PublishedModels models = null!;
    private CatalogueCopy catalogue = null!;
    private ListScan scan = null!;
    private TenantLists lists = null!;
    private ListMaker maker = null!;

    /// <summary>Items of a history that comes with a request.</summary>
    public const int HistoryMax = 100_000;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        TenantCopies copies = silo.Of(GrainKey.Parse(this.GetPrimaryKeyString()).Tenant);
        (models, catalogue, scan, lists, maker) = (copies.Models, copies.Catalogue, new(copies.Catalogue, random), copies.Lists, copies.Maker);
        return Task.CompletedTask;
    }

    public async Task<RecommendationList> Top(ScoringQuery query, CancellationToken cancellation = default)
    {
        RequestRules.Check(query.Request);
        PublishedModel model = models.Find(query.ModelVersion) ?? await Current(query.ModelVersion, cancellation);
        if (query.Vector.Length != model.Width)
            throw new ArgumentException($"Model {model.Version} has width {model.Width}; the query has {query.Vector.Length}.", nameof(query));
        await catalogue.Refresh(GrainFactory, cancellation);
        return scan.Best(model, query.Vector, query.Offset, query.Seen, query.HistoryVersion, query.Request, query.SeenBeside);
    }

    public async Task<RecommendationList> Popular(RecommendRequest request, string[] seen, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        await catalogue.RefreshCounts(GrainFactory, models.Current, cancellation);
        return scan.Popular(request, seen, models.Current);
    }

    public async Task<RecommendationList?> Similar(string itemId, RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        int row = model?.RowOf(itemId) ?? -1;
        await catalogue.Refresh(GrainFactory, cancellation);
        // What the model does not know yet is known by what the shop says of it.
        return model is null || row < 0 ? scan.Alike(itemId, request) : scan.Nearest(model, row, request);
    }

    public async Task<RecommendationList?> Beside(string itemId, string by, RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        await catalogue.Refresh(GrainFactory, cancellation);
        int row = model?.RowOf(itemId) ?? -1;
        return by switch
        {
            ItemLink.Content => scan.Alike(itemId, request),
            ItemLink.Factors => model is null || row < 0 ? null : scan.Nearest(model, row, request),
            ItemLink.Neighbours => scan.Linked(model, row, model?.Companion?.Neighbours, RecommendationSource.Similar, request),
            ItemLink.Together => scan.Linked(model, row, model?.Companion?.Together, RecommendationSource.Together, request),
            _ => throw new ArgumentException($"An item is beside others by {ItemLink.Content}, {ItemLink.Factors}, {ItemLink.Neighbours} or {ItemLink.Together}; got {by}.", nameof(by)),
        };
    }

    public async Task<RecommendationList> Trending(RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        await catalogue.RefreshCounts(GrainFactory, model, cancellation);
        return scan.Trending(model, request, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    public async Task<LabelList> TrendingLabels(string field, int k, RecommendRequest request, CancellationToken cancellation = default)
    {
        ItemLabels.Check(field, k);
        return ItemLabels.OfTrending(await Trending(request with { K = LabelList.ItemsMax }, cancellation), catalogue, field, k);
    }

    public async Task<RecommendationList> RecommendFor(HistoryPair[] history, RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        if (history.Length > HistoryMax)
            throw new ArgumentOutOfRangeException(nameof(history), history.Length, $"A history holds at most {HistoryMax} items.");
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        await lists.Refresh(GrainFactory, request.Shape, cancellation);
        if (maker.IsNeededFor(request, model))
        {
            await catalogue.RefreshCounts(GrainFactory, model, cancellation);
            return maker.Make(InputOf(model, history), request).List;
        }
        if (model is not null && Fold(model, history) is { } folded)
        {
            await catalogue.Refresh(GrainFactory, cancellation);
            string[] beside = request.IncludeSeen ? [] : [.. history.Select(h => h.ItemId).Where(id => model.RowOf(id) < 0)];
            RecommendationList list = scan.Best(model, folded.Query, folded.Offset, request.IncludeSeen ? [] : RowsOf(model, history), 0, request, beside);
            return list.Items.Length < request.K ? maker.Fill(list, InputOf(model, history), request) : list;
        }
        await catalogue.RefreshCounts(GrainFactory, model, cancellation);
        if (InputOf(model, history) is var input && maker.HasRungsFor(input))
            return maker.Make(input, request).List;
        string[] seen = request.IncludeSeen ? [] : Array.ConvertAll(history, h => h.ItemId);
        return await Popular(request, seen, cancellation) with { ModelVersion = model?.Version ?? 0 };
    }

    /// <summary>The moments of a visitor's history are not known, but its order is.</summary>
    private static ListInput InputOf(PublishedModel? model, HistoryPair[] history) => new(
        model, model is null ? null : Fold(model, history), [.. history.Select((h, n) => new PastItem(h.ItemId, h.Value, n))], Array.ConvertAll(history, h => h.ItemId), 0);

    private async Task<PublishedModel> Current(long version, CancellationToken cancellation)
    {
        models.Invalidate();
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        return model?.Version == version ? model : throw VersionGoneException.Of(version);
    }

    private static FoldedUser? Fold(PublishedModel model, HistoryPair[] history)
    {
        FoldScratch scratch = model.TakeScratch();
        foreach (HistoryPair pair in history)
            if (model.RowOf(pair.ItemId) is >= 0 and int row)
                scratch.Pairs.Add(row, pair.Value, 0);
        scratch.Pairs.Reduce(PairValue.Sum);
        FoldedUser? folded = FoldedUser.Of(model, scratch);
        model.Return(scratch);
        return folded;
    }

    private static int[] RowsOf(PublishedModel model, HistoryPair[] history) =>
        [.. history.Select(h => model.RowOf(h.ItemId)).Where(row => row >= 0)];
}
