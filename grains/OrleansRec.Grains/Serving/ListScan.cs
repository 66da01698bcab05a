using System.Buffers;
using System.Globalization;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>
/// Lists by exact scans over the silo's copies of model and catalogue. Buffers come from pools: a list allocates little more than itself. Safe for many callers.
/// </summary>
public sealed partial class ListScan(CatalogueCopy catalogue, IRandomSource random)
{
    /// <summary>The best items for a query.</summary>
    /// <param name="model">The model.</param>
    /// <param name="query">Multiplied with the rows, shape (width).</param>
    /// <param name="offset">Added to each product.</param>
    /// <param name="seen">Rows to leave out.</param>
    /// <param name="historyVersion">The history that the query comes from.</param>
    /// <param name="request">The rest.</param>
    /// <param name="seenBeside">Ids to leave out that are no rows of the model.</param>
    public RecommendationList Best(
        PublishedModel model, ReadOnlySpan<float> query, float offset, ReadOnlySpan<int> seen, long historyVersion, RecommendRequest request, string[]? seenBeside = null)
    {
        RecommendationList list = BestKnown(model, query, offset, seen, historyVersion, request);
        for (int attempt = 1; model is { NewItems: { } items, Companion: { } companion }; attempt++)
        {
            NewItemBlock block = items.Now(model, companion);
            // Both are of one state of the catalogue; where it changes again and again, new items wait for the next list.
            if (block.CatalogueVersion == list.CatalogueVersion)
                return WithNew(list, block, query, offset, request, seenBeside);
            if (attempt == CatalogueReadsMax)
                return list;
            list = BestKnown(model, query, offset, seen, historyVersion, request);
        }
        return list;
    }

    private const int CatalogueReadsMax = 3;

    private RecommendationList BestKnown(
        PublishedModel model, ReadOnlySpan<float> query, float offset, ReadOnlySpan<int> seen, long historyVersion, RecommendRequest request)
    {
        ulong[] words = ArrayPool<ulong>.Shared.Rent(RowBits.WordCount(model.ItemCount) + 1);
        ScoredRow[] rows = ArrayPool<ScoredRow>.Shared.Rent(request.K);
        try
        {
            Span<ulong> excluded = words.AsSpan(0, RowBits.WordCount(model.ItemCount));
            long version = Exclude(model, request, seen, excluded);
            Span<ScoredRow> best = rows.AsSpan(0, request.K);
            int count = request.Candidates is null
                ? model.Best(query, offset, excluded, best)
                : TopK.SelectAmong(query, model.Factors, model.Width, offset, Rows(model, request.Candidates, excluded), model.Ids, best);
            return ListOf(model, version, historyVersion, best[..count], RecommendationSource.Personal);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(words);
            ArrayPool<ScoredRow>.Shared.Return(rows);
        }
    }

    /// <summary>The most popular items; the version's counts stand in for counters that are not whole.</summary>
    public RecommendationList Popular(RecommendRequest request, string[] seen, PublishedModel? model)
    {
        var excluded = new HashSet<string>(seen, StringComparer.Ordinal);
        excluded.UnionWith(request.Exclude ?? []);
        HashSet<string>? candidates = request.Candidates is null ? null : new(request.Candidates, StringComparer.Ordinal);
        (long version, CatalogueRank[] ranks) = catalogue.Popular(request.Filter, excluded, candidates, request.K, model);
        var items = new RecommendedItem[ranks.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = new(ranks[i].ItemId, ranks[i].Users, i + 1, RecommendationSource.Popular);
        return new(NewId(), 0, version, 0, items);
    }

    /// <summary>The items nearest to the one in a row, by cosine.</summary>
    public RecommendationList Nearest(PublishedModel model, int row, RecommendRequest request)
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
            int count = model.Index.NearestByCosine(row, model.Factors, excluded, model.Ids, best);
            return ListOf(model, version, 0, best[..count], RecommendationSource.Similar);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(words);
            ArrayPool<ScoredRow>.Shared.Return(rows);
        }
    }

    /// <summary>The items most like one by title, brand, tags and categories; null where the shop has not put it.</summary>
    public RecommendationList? Alike(string itemId, RecommendRequest request)
    {
        var excluded = new HashSet<string>(request.Exclude ?? [], StringComparer.Ordinal);
        HashSet<string>? candidates = request.Candidates is null ? null : new(request.Candidates, StringComparer.Ordinal);
        if (catalogue.AlikeByContent(itemId, request.Filter, excluded, candidates, request.K) is not (var version, var alike))
            return null;
        var items = new RecommendedItem[alike.Length];
        for (int i = 0; i < items.Length; i++)
            items[i] = new(alike[i].ItemId, (float)alike[i].Score, i + 1, RecommendationSource.Content);
        return new(NewId(), 0, version, 0, items);
    }

    private long Exclude(PublishedModel model, RecommendRequest request, ReadOnlySpan<int> seen, Span<ulong> excluded)
    {
        long version = catalogue.Exclude(model, request.Filter, excluded);
        foreach (int row in seen)
            RowBits.Set(excluded, row);
        foreach (string id in request.Exclude ?? [])
            if (model.RowOf(id) is >= 0 and int row)
                RowBits.Set(excluded, row);
        return version;
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

    /// <summary>Names an answer: 128 random bits.</summary>
    public string NewId() => NewId(random);

    /// <summary>Names an answer: 128 random bits.</summary>
    public static string NewId(IRandomSource random) => string.Create(CultureInfo.InvariantCulture, $"{random.Next():x16}{random.Next():x16}");
}
