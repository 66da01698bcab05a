using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Catalogue.</summary>
internal static class ItemEndpoints
{
    public static void MapItems(this IEndpointRouteBuilder app)
    {
        app.MapPut("/items/{itemId}", Put)
            .Declare(KeyScope.Write, TrafficGroups.Items, "putItem", "Adds or replaces one item.").Problems(413, 415);
        app.MapPost("/items", PutMany)
            .Accepts<ItemInput[]>("application/json", "application/x-ndjson")
            .Declare(KeyScope.Write, TrafficGroups.Items, "putItems", "Adds or replaces one item or an array of them, each with its itemId.").Problems(413, 415);
        app.MapGet("/items", List)
            .Declare(KeyScope.Read, TrafficGroups.Items, "listItems", "A page of items; next is the cursor of the following page.");
        app.MapGet("/items/{itemId}", Get)
            .Declare(KeyScope.Read, TrafficGroups.Items, "getItem", "One item: catalogue record, counters, latest events, latent vector.").Problems(404).Looks("getItem");
        app.MapDelete("/items/{itemId}", Delete)
            .Declare(KeyScope.Write, TrafficGroups.Items, "deleteItem", "Deletes an item: it is in no list until it is put again.").Problems(404);
        app.MapGet("/items/{itemId}/similar", Similar)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "similarItems", "The items nearest to one by cosine of their factors; by content where the model does not know it; or in the way that by names.").Problems(404).LetsBrowsersIn();
        app.MapGet("/items/{itemId}/bought-together", Together)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "boughtTogether", "The items most bought in one order with an item.").Problems(404).LetsBrowsersIn();
    }

    private static async Task<Results<Ok<ItemsAnswer>, ProblemHttpResult>> Put(
        string itemId, ItemInput item, IRecommender recommender, CancellationToken cancellation)
    {
        ItemsAnswer answer = await recommender.PutItemAsync(itemId, item, cancellation);
        return answer.Rejected is [var one] ? ProblemOf.Violation(one.Field, one.Value, one.Rule).ToResult() : TypedResults.Ok(answer);
    }

    private static async Task<Results<Ok<ItemsAnswer>, ProblemHttpResult>> PutMany(
        HttpRequest request, IRecommender recommender, CancellationToken cancellation)
    {
        (ItemInput[] items, bool isOne, BodyLines lines) = await OneOrMany.Read(request, ApiJson.Default.ItemInput, ApiJson.Default.ItemInputArray, cancellation);
        ItemsAnswer answer = await recommender.PutItemsAsync(items, cancellation);
        return isOne && answer.Rejected is [var one] ? ProblemOf.Violation(one.Field, one.Value, one.Rule).ToResult() : TypedResults.Ok(answer with { Rejected = lines.Name(answer.Rejected) });
    }

    private static async Task<Results<Ok<ItemPage>, ProblemHttpResult>> List(
        IRecommender recommender, CancellationToken cancellation, string? cursor = null, string? count = null) =>
        TypedResults.Ok(await recommender.ListItemsAsync(cursor, ListQuery.Count(count), cancellation));

    private static async Task<Results<Ok<ItemInfo>, ProblemHttpResult>> Get(string itemId, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.GetItemAsync(itemId, cancellation) is { } item ? TypedResults.Ok(item) : Unknown(itemId);

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(string itemId, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.DeleteItemAsync(itemId, cancellation) ? TypedResults.NoContent() : Unknown(itemId);

    private static async Task<Results<Ok<RecommendationAnswer>, ProblemHttpResult>> Similar(
        string itemId, IRecommender recommender, CancellationToken cancellation, string? k = null, string? filter = null, string? by = null)
    {
        ListOptions options = ListQuery.Read(k, filter, null);
        return await (by is null ? recommender.SimilarAsync(itemId, options, cancellation) : recommender.SimilarByAsync(itemId, by, options, cancellation)) is { } list
            ? TypedResults.Ok(list)
            : EndpointConventions.NotFound("itemId", itemId, by is null ? "must be an item that the published model or the catalogue knows" : $"must be an item of which something is known by {by}");
    }

    private static async Task<Results<Ok<RecommendationAnswer>, ProblemHttpResult>> Together(
        string itemId, IRecommender recommender, CancellationToken cancellation, string? k = null, string? filter = null) =>
        await recommender.BoughtTogetherAsync(itemId, ListQuery.Read(k, filter, null), cancellation) is { } list
            ? TypedResults.Ok(list)
            : EndpointConventions.NotFound("itemId", itemId, "must be an item that the published model knows");

    private static ProblemHttpResult Unknown(string itemId) =>
        EndpointConventions.NotFound("itemId", itemId, "must be an item of the catalogue or of an event");
}
