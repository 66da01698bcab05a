using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Several lists of one page, and categories and brands as things to recommend.</summary>
internal static class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapPost("/users/{userId}/pages", Page)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "recommendPage", "The lists of one page, no item in two of them; earlier blocks choose first.").Problems(413, 415).LetsBrowsersIn();
        app.MapGet("/users/{userId}/recommendations/categories", Categories)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "recommendCategories", "The categories of a user's best items.").LetsBrowsersIn();
        app.MapGet("/users/{userId}/recommendations/brands", Brands)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "recommendBrands", "The brands of a user's best items.").LetsBrowsersIn();
        app.MapGet("/trending/categories", TrendingCategories)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "trendingCategories", "The categories of what is asked for most, lately.").LetsBrowsersIn();
        app.MapGet("/trending/brands", TrendingBrands)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "trendingBrands", "The brands of what is asked for most, lately.").LetsBrowsersIn();
    }

    private static async Task<Results<Ok<PageAnswer>, ProblemHttpResult>> Page(string userId, PageQuery page, IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.RecommendPageAsync(userId, page, cancellation));

    private static async Task<Results<Ok<LabelsAnswer>, ProblemHttpResult>> Categories(
        string userId, IRecommender recommender, CancellationToken cancellation, string? k = null, string? filter = null, string? includeSeen = null, string? where = null, string? scenario = null) =>
        await ForUser(userId, LabelKind.Categories, recommender, ListQuery.Read(k, filter, includeSeen, new(where, scenario, null, null, null, null, null)), cancellation);

    private static async Task<Results<Ok<LabelsAnswer>, ProblemHttpResult>> Brands(
        string userId, IRecommender recommender, CancellationToken cancellation, string? k = null, string? filter = null, string? includeSeen = null, string? where = null, string? scenario = null) =>
        await ForUser(userId, LabelKind.Brands, recommender, ListQuery.Read(k, filter, includeSeen, new(where, scenario, null, null, null, null, null)), cancellation);

    private static async Task<Results<Ok<LabelsAnswer>, ProblemHttpResult>> TrendingCategories(
        IRecommender recommender, CancellationToken cancellation, string? k = null, string? filter = null) =>
        TypedResults.Ok(await recommender.TrendingLabelsAsync(LabelKind.Categories, ListQuery.Read(k, filter, null), cancellation));

    private static async Task<Results<Ok<LabelsAnswer>, ProblemHttpResult>> TrendingBrands(
        IRecommender recommender, CancellationToken cancellation, string? k = null, string? filter = null) =>
        TypedResults.Ok(await recommender.TrendingLabelsAsync(LabelKind.Brands, ListQuery.Read(k, filter, null), cancellation));

    private static async Task<Results<Ok<LabelsAnswer>, ProblemHttpResult>> ForUser(string userId, string kind, IRecommender recommender, ListOptions options, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.RecommendLabelsAsync(userId, kind, options, cancellation));
}
