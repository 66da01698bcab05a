using System.Buffers;
using OrleansRec.Contracts;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

public sealed partial class ListScan
{
    /// <summary>As <see cref="Best"/> for each of some users: blocks of items are read once for all of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="users">Each has a vector under the model.</param>
    /// <param name="request">What each list is to be.</param>
    public RecommendationList[] BestOfMany(PublishedModel model, ReadOnlySpan<UserView> users, RecommendRequest request) =>
        request.Candidates is null && model.IsExact ? WithNew(model, users, BestTogether(model, users, request), request) : BestOneByOne(model, users, request);

    /// <summary>The lists with the items that the model does not know, where they were made of the same state of the catalogue; else anew.</summary>
    private RecommendationList[] WithNew(PublishedModel model, ReadOnlySpan<UserView> users, RecommendationList[] lists, RecommendRequest request)
    {
        if (model is not { NewItems: { } items, Companion: { } companion })
            return lists;
        NewItemBlock block = items.Now(model, companion);
        for (int u = 0; u < lists.Length; u++)
            lists[u] = block.CatalogueVersion == lists[u].CatalogueVersion
                ? WithNew(lists[u], block, users[u].Fold(model)!.Query, users[u].Fold(model)!.Offset, request, SeenBeside(model, users[u], request))
                : BestAlone(model, users[u], request);
        return lists;
    }

    private RecommendationList BestAlone(PublishedModel model, UserView view, RecommendRequest request)
    {
        FoldedUser user = view.Fold(model)!;
        return Best(model, user.Query, user.Offset, request.IncludeSeen ? [] : view.SeenRows(model), view.Version, request, SeenBeside(model, view, request));
    }

    private static string[]? SeenBeside(PublishedModel model, UserView view, RecommendRequest request) =>
        request.IncludeSeen || model.NewItems is null ? null : view.SeenBeside(model);

    private RecommendationList[] BestOneByOne(PublishedModel model, ReadOnlySpan<UserView> users, RecommendRequest request)
    {
        var lists = new RecommendationList[users.Length];
        for (int u = 0; u < lists.Length; u++)
            lists[u] = BestAlone(model, users[u], request);
        return lists;
    }

    private RecommendationList[] BestTogether(PublishedModel model, ReadOnlySpan<UserView> users, RecommendRequest request)
    {
        int width = model.Width, words = RowBits.WordCount(model.ItemCount), m = users.Length;
        float[] queries = ArrayPool<float>.Shared.Rent(m * width), offsets = ArrayPool<float>.Shared.Rent(m);
        ulong[] excluded = ArrayPool<ulong>.Shared.Rent(m * words);
        ScoredRow[] rows = ArrayPool<ScoredRow>.Shared.Rent(m * request.K);
        int[] counts = ArrayPool<int>.Shared.Rent(m);
        try
        {
            long version = ExcludeForEach(model, request, users, excluded.AsSpan(0, m * words));
            for (int u = 0; u < m; u++)
            {
                FoldedUser user = users[u].Fold(model)!;
                user.Query.CopyTo(queries.AsSpan(u * width));
                offsets[u] = user.Offset;
            }
            Span<ScoredRow> best = rows.AsSpan(0, m * request.K);
            model.Index.SelectMany(
                queries.AsSpan(0, m * width), model.Factors, offsets.AsSpan(0, m), excluded.AsSpan(0, m * words), model.Ids, best, counts.AsSpan(0, m));
            var lists = new RecommendationList[m];
            for (int u = 0; u < m; u++)
                lists[u] = ListOf(model, version, users[u].Version, best.Slice(u * request.K, counts[u]), RecommendationSource.Personal);
            return lists;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(queries);
            ArrayPool<float>.Shared.Return(offsets);
            ArrayPool<ulong>.Shared.Return(excluded);
            ArrayPool<ScoredRow>.Shared.Return(rows);
            ArrayPool<int>.Shared.Return(counts);
        }
    }

    /// <summary>One row of bits for each user: what nobody may see, and what the user has seen.</summary>
    private long ExcludeForEach(PublishedModel model, RecommendRequest request, ReadOnlySpan<UserView> users, Span<ulong> excluded)
    {
        int words = RowBits.WordCount(model.ItemCount);
        Span<ulong> common = excluded[..words];
        long version = Exclude(model, request, [], common);
        for (int u = 1; u < users.Length; u++)
            common.CopyTo(excluded[(u * words)..]);
        if (request.IncludeSeen)
            return version;
        for (int u = 0; u < users.Length; u++)
            foreach (int row in users[u].SeenRows(model))
                RowBits.Set(excluded.Slice(u * words, words), row);
        return version;
    }
}
