using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public async Task<PageAnswer> RecommendPageAsync(string userId, PageQuery page, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        RecommendRequest[] blocks = BlocksOf(page);
        RecommendationList[] lists = await Ask(() => User(userId).RecommendPage(blocks, cancellation), cancellation).ConfigureAwait(false);
        return new(lists[0].HistoryVersion, [.. lists.Select((list, n) => new PageBlockAnswer(page.Blocks[n].Name ?? page.Blocks[n].Scenario, list.ToApi()))]);
    }

    /// <inheritdoc/>
    public async Task<LabelsAnswer> RecommendLabelsAsync(string userId, string kind, ListOptions? options = null, CancellationToken cancellation = default)
    {
        ListRules.CheckId("userId", userId);
        (int k, RecommendRequest request) = LabelsOf(kind, options);
        return Labels(await Ask(() => User(userId).RecommendLabels(kind, k, request, cancellation), cancellation).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<LabelsAnswer> TrendingLabelsAsync(string kind, ListOptions? options = null, CancellationToken cancellation = default)
    {
        (int k, RecommendRequest request) = LabelsOf(kind, options);
        return Labels(await Ask(() => _grains.Scoring.TrendingLabels(kind, k, request, cancellation), cancellation).ConfigureAwait(false));
    }

    private RecommendRequest[] BlocksOf(PageQuery page)
    {
        if (page.Blocks is not { Length: >= 1 and <= PageQuery.BlocksMax })
            throw ListRules.Broken("blocks", Text(page.Blocks?.Length ?? 0), $"must hold 1 to {PageQuery.BlocksMax} entries");
        var requests = new RecommendRequest[page.Blocks.Length];
        for (int n = 0; n < requests.Length; n++)
            requests[n] = Within($"blocks[{n}]", () => BlockOf(page.Blocks[n]));
        if (requests.Sum(r => r.K) is > ListOptions.KMax and var entries)
            throw ListRules.Broken("blocks", Text(entries), $"must have at most {ListOptions.KMax} entries of lists together, by their k");
        return requests;
    }

    private RecommendRequest BlockOf(PageBlock? block)
    {
        if (block is null)
            throw ListRules.Broken("", null, "must be an object");
        if (block.Name is { Length: 0 or > ShapeRules.TextCharsMax } name)
            throw ListRules.Broken("name", name, $"must have 1 to {ShapeRules.TextCharsMax} characters, or be left out");
        return ListRules.ToRequest(block, _options.ListedIdsMax);
    }

    /// <summary>Names the block in what is wrong with it.</summary>
    private static T Within<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (RecommenderException e)
        {
            throw ListRules.Broken(e.Problem.Field is { Length: > 0 } field ? $"{place}.{field}" : place, e.Problem.Value, e.Problem.Rule ?? "must be a list's options");
        }
    }

    private (int K, RecommendRequest Request) LabelsOf(string kind, ListOptions? options)
    {
        if (kind is not (LabelKind.Categories or LabelKind.Brands))
            throw ListRules.Broken("kind", kind, $"must be {LabelKind.Categories} or {LabelKind.Brands}");
        RecommendRequest request = ListRules.ToRequest(options ?? new(), _options.ListedIdsMax);
        return request.K <= LabelKind.KMax ? (request.K, request) : throw ListRules.Broken("k", Text(request.K), $"must be between 1 and {LabelKind.KMax}");
    }

    private static LabelsAnswer Labels(LabelList list) =>
        new(list.ModelVersion, list.CatalogueVersion, list.HistoryVersion, Array.ConvertAll(list.Labels, l => new ListedLabel(l.Name, l.Score, l.Items)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
