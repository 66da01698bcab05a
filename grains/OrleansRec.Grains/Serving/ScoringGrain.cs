using System.Buffers;
using System.Globalization;
using Orleans;
using Orleans.Concurrency;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>Exact scans over the silo's copies of model and catalogue. Buffers come from pools: a list allocates little more than itself.</summary>
[StatelessWorker, GrainType("scoring")]
public sealed class ScoringGrain(SiloCopies silo, IRandomSource random) : Grain, IScoringGrain
{
    private PublishedModels models = null!;
    private CatalogueCopy catalogue = null!;

    /// <summary>Items of a history that comes with a request.</summary>
    public const int HistoryMax = 100_000;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        TenantCopies copies = silo.Of(GrainKey.Parse(this.GetPrimaryKeyString()).Tenant);
        (models, catalogue) = (copies.Models, copies.Catalogue);
        return Task.CompletedTask;
    }

    public async Task<RecommendationList> Top(ScoringQuery query, CancellationToken cancellation = default)
    {
        RequestRules.Check(query.Request);
        PublishedModel model = models.Find(query.ModelVersion) ?? await Current(query.ModelVersion, cancellation);
        if (query.Vector.Length != model.Width)
            throw new ArgumentException($"Model {model.Version} has width {model.Width}; the query has {query.Vector.Length}.", nameof(query));
        await catalogue.Refresh(GrainFactory, cancellation);
        return Scan(model, query);
    }

    public async Task<RecommendationList> Popular(RecommendRequest request, string[] seen, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        await catalogue.Refresh(GrainFactory, cancellation);
        var excluded = new HashSet<string>(seen, StringComparer.Ordinal);
        excluded.UnionWith(request.Exclude ?? []);
        HashSet<string>? candidates = request.Candidates is null ? null : new(request.Candidates, StringComparer.Ordinal);
        (long version, CatalogueRank[] ranks) = catalogue.Popular(request.Filter, excluded, candidates, request.K);
        var items = new RecommendedItem[ranks.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = new(ranks[i].ItemId, ranks[i].Users, i + 1, RecommendationSource.Popular);
        return new(NewId(), 0, version, 0, items);
    }

    public async Task<RecommendationList?> Similar(string itemId, RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        int row = model?.RowOf(itemId) ?? -1;
        if (model is null || row < 0)
            return null;
        await catalogue.Refresh(GrainFactory, cancellation);
        return Nearest(model, row, request);
    }

    public async Task<RecommendationList> RecommendFor(HistoryPair[] history, RecommendRequest request, CancellationToken cancellation = default)
    {
        RequestRules.Check(request);
        if (history.Length > HistoryMax)
            throw new ArgumentOutOfRangeException(nameof(history), history.Length, $"A history holds at most {HistoryMax} items.");
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        string[] seen = request.IncludeSeen ? [] : Array.ConvertAll(history, h => h.ItemId);
        var pairs = new PairValues();
        foreach (HistoryPair pair in history)
            if (model?.RowOf(pair.ItemId) is >= 0 and int row)
                pairs.Add(row, pair.Value, 0);
        pairs.Reduce(PairValue.Sum);
        if (model is null || pairs.Count == 0)
            return await Popular(request, seen, cancellation) with { ModelVersion = model?.Version ?? 0 };
        FoldedUser folded = FoldedUser.Of(model, pairs);
        await catalogue.Refresh(GrainFactory, cancellation);
        return Scan(model, new(model.Version, 0, folded.Query, folded.Offset, seen, request));
    }

    private async Task<PublishedModel> Current(long version, CancellationToken cancellation)
    {
        models.Invalidate();
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        return model?.Version == version ? model : throw VersionGoneException.Of(version);
    }

    private RecommendationList Scan(PublishedModel model, ScoringQuery query)
    {
        RecommendRequest request = query.Request;
        ulong[] words = ArrayPool<ulong>.Shared.Rent(RowBits.WordCount(model.ItemCount) + 1);
        ScoredRow[] rows = ArrayPool<ScoredRow>.Shared.Rent(request.K);
        try
        {
            Span<ulong> excluded = words.AsSpan(0, RowBits.WordCount(model.ItemCount));
            long version = Exclude(model, request, query.Seen, excluded);
            Span<ScoredRow> best = rows.AsSpan(0, request.K);
            int count = request.Candidates is null
                ? TopK.Select(query.Vector, model.Factors, model.Width, query.Offset, excluded, model.Ids, best)
                : TopK.SelectAmong(query.Vector, model.Factors, model.Width, query.Offset, Rows(model, request.Candidates, excluded), model.Ids, best);
            return ListOf(model, version, query.HistoryVersion, best[..count], RecommendationSource.Personal);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(words);
            ArrayPool<ScoredRow>.Shared.Return(rows);
        }
    }

    private RecommendationList Nearest(PublishedModel model, int row, RecommendRequest request)
    {
        ulong[] words = ArrayPool<ulong>.Shared.Rent(RowBits.WordCount(model.ItemCount) + 1);
        ScoredRow[] rows = ArrayPool<ScoredRow>.Shared.Rent(request.K);
        try
        {
            Span<ulong> excluded = words.AsSpan(0, RowBits.WordCount(model.ItemCount));
            long version = Exclude(model, request, [], excluded);
            if (request.Candidates is { } candidates)
                KeepOnly(Rows(model, candidates, excluded), excluded);
            Span<ScoredRow> best = rows.AsSpan(0, request.K);
            int count = TopK.NearestByCosine(row, model.Factors, model.Width, model.InverseNorms, excluded, model.Ids, best);
            return ListOf(model, version, 0, best[..count], RecommendationSource.Similar);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(words);
            ArrayPool<ScoredRow>.Shared.Return(rows);
        }
    }

    private long Exclude(PublishedModel model, RecommendRequest request, string[] seen, Span<ulong> excluded)
    {
        long version = catalogue.Exclude(model, request.Filter, excluded);
        SetAll(model, seen, excluded);
        SetAll(model, request.Exclude ?? [], excluded);
        return version;
    }

    private static void SetAll(PublishedModel model, string[] ids, Span<ulong> bits)
    {
        foreach (string id in ids)
            if (model.RowOf(id) is >= 0 and int row)
                RowBits.Set(bits, row);
    }

    /// <summary>The rows of candidates that may appear, each once. Marks them in <paramref name="excluded"/>, which is not needed any more.</summary>
    private static int[] Rows(PublishedModel model, string[] candidates, Span<ulong> excluded)
    {
        var rows = new List<int>(candidates.Length);
        foreach (string id in candidates)
        {
            if (model.RowOf(id) is not (>= 0 and int row) || RowBits.Has(excluded, row))
                continue;
            RowBits.Set(excluded, row);
            rows.Add(row);
        }
        return [.. rows];
    }

    private static void KeepOnly(int[] rows, Span<ulong> excluded)
    {
        excluded.Fill(ulong.MaxValue);
        foreach (int row in rows)
            RowBits.Clear(excluded, row);
    }

    private RecommendationList ListOf(PublishedModel model, long catalogueVersion, long historyVersion, ReadOnlySpan<ScoredRow> best, string source)
    {
        var items = new RecommendedItem[best.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = new(model.Ids[best[i].Row], best[i].Score, i + 1, source);
        return new(NewId(), model.Version, catalogueVersion, historyVersion, items);
    }

    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"{random.Next():x16}{random.Next():x16}");
}
