using System.Buffers;
using System.Numerics.Tensors;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;

namespace OrleansRec.Grains.Serving;

/// <summary>Lists from the models beside the factors, and of items that the factors do not know.</summary>
public sealed partial class ListScan
{
    /// <summary>What an item is linked to in a table; null where the version does not know the item, or has no table.</summary>
    public RecommendationList? Linked(PublishedModel? model, int row, NeighbourTable? table, string source, RecommendRequest request)
    {
        if (model is null || table is null || row < 0)
            return null;
        ulong[] words = ArrayPool<ulong>.Shared.Rent(RowBits.WordCount(model.ItemCount) + 1);
        try
        {
            Span<ulong> excluded = words.AsSpan(0, RowBits.WordCount(model.ItemCount));
            long version = Allowed(model, request, excluded);
            ReadOnlySpan<int> rows = table.NeighboursOf(row);
            ReadOnlySpan<float> weights = table.WeightsOf(row);
            var found = new List<ScoredRow>(rows.Length);
            for (int n = 0; n < rows.Length; n++)
                if (!RowBits.Has(excluded, rows[n]))
                    found.Add(new(rows[n], weights[n]));
            string[] ids = [.. found.Select(f => model.Ids[f.Row])];
            ScoredRow[] best = [.. found.Zip(ids).OrderByDescending(f => f.First.Score).ThenBy(f => f.Second, StringComparer.Ordinal).Take(request.K).Select(f => f.First)];
            return ListOf(model, version, 0, best, source);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(words);
        }
    }

    /// <summary>What is asked for most, lately; filled up with the most popular items, and made of them alone where the version counts no days.</summary>
    public RecommendationList Trending(PublishedModel? model, RecommendRequest request, long nowMs)
    {
        if (model is null || model.Parts?.Find("trending") is not { } trending)
            return Popular(request, [], model) with { ModelVersion = model?.Version ?? 0 };
        ulong[] words = ArrayPool<ulong>.Shared.Rent(RowBits.WordCount(model.ItemCount) + 1);
        try
        {
            Span<ulong> excluded = words.AsSpan(0, RowBits.WordCount(model.ItemCount));
            long version = Allowed(model, request, excluded);
            var best = new ScoredRow[request.K];
            int count = trending.Best(trending.Prepare(new UserSignals([], nowMs)), excluded, best);
            return FilledUp(ListOf(model, version, 0, best.AsSpan(0, count), RecommendationSource.Trending), request, model);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(words);
        }
    }

    private RecommendationList FilledUp(RecommendationList list, RecommendRequest request, PublishedModel model)
    {
        if (list.Items.Length == request.K)
            return list;
        string[] listed = Array.ConvertAll(list.Items, i => i.ItemId);
        RecommendationList rest = Popular(request with { K = request.K - listed.Length }, listed, model);
        return list with { Items = [.. list.Items, .. rest.Items.Select((item, n) => item with { Rank = listed.Length + n + 1 })] };
    }

    private long Allowed(PublishedModel model, RecommendRequest request, Span<ulong> excluded)
    {
        long version = Exclude(model, request, [], excluded);
        if (request.Candidates is { } candidates)
            KeepOnly(Rows(model, candidates, excluded), excluded);
        return version;
    }

    /// <summary>The list with those new items that score above its last entries.</summary>
    private RecommendationList WithNew(RecommendationList list, NewItemBlock block, ReadOnlySpan<float> query, float offset, RecommendRequest request, string[]? seenBeside)
    {
        if (block.Items.Length == 0)
            return list;
        var left = new HashSet<string>(request.Exclude ?? [], StringComparer.Ordinal);
        left.UnionWith(seenBeside ?? []);
        HashSet<string>? candidates = request.Candidates is null ? null : new(request.Candidates, StringComparer.Ordinal);
        FilterTest? test = request.Filter is { } filter ? catalogue.TestOf(filter) : null;
        float least = list.Items.Length < request.K ? float.NegativeInfinity : list.Items[^1].Score;
        var added = new List<RecommendedItem>();
        foreach (NewItem item in block.Items)
            if (TensorPrimitives.Dot(query, item.Factors) + offset is var score && score >= least && !left.Contains(item.ItemId)
                && candidates?.Contains(item.ItemId) != false && test?.Passes(item.Price, item.Stock, item.Categories) != false)
                added.Add(new(item.ItemId, score, 0, RecommendationSource.New));
        if (added.Count == 0)
            return list;
        added.AddRange(list.Items);
        added.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : string.CompareOrdinal(a.ItemId, b.ItemId));
        return list with { Items = [.. added.Take(request.K).Select((item, n) => item with { Rank = n + 1 })] };
    }
}
