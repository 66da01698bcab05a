using OrleansRec.Api;

namespace OrleansRec.Client;

public sealed partial class RecommenderClient
{
    /// <inheritdoc/>
    public Task<PageAnswer> RecommendPageAsync(string userId, PageQuery page, CancellationToken cancellation = default) =>
        Send(HttpMethod.Post, ApiPaths.User(userId) + "/pages", page, ApiJson.Default.PageQuery, ApiJson.Default.PageAnswer, cancellation);

    /// <inheritdoc/>
    public Task<LabelsAnswer> RecommendLabelsAsync(string userId, string kind, ListOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        return ApiPaths.FitsQuery(options with { Where = null })
            ? Get($"{ApiPaths.User(userId)}/recommendations/{Kind(kind)}{ApiPaths.ListQuery(options, ("where", options.Where))}", ApiJson.Default.LabelsAnswer, cancellation)
            : throw RecommenderException.Invalid("options", "candidates, exclude, a category with a comma, or more than scenario, filter and expression", "must be absent for categories and brands");
    }

    /// <inheritdoc/>
    public Task<LabelsAnswer> TrendingLabelsAsync(string kind, ListOptions? options = null, CancellationToken cancellation = default) =>
        Get($"v1/trending/{Kind(kind)}{QueryOnly(options, "what is trending")}", ApiJson.Default.LabelsAnswer, cancellation);

    private static string Kind(string kind) => kind is LabelKind.Categories or LabelKind.Brands
        ? kind
        : throw RecommenderException.Invalid("kind", kind, $"must be {LabelKind.Categories} or {LabelKind.Brands}");
}
