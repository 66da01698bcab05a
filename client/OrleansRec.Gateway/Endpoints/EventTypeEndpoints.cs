using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>What the types of a tenant's events mean.</summary>
internal static class EventTypeEndpoints
{
    public static void MapEventTypes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/event-types", List)
            .Declare(KeyScope.Read, TrafficGroups.Events, "listEventTypes", "The event types that events can have, the built-in ones first.");
        app.MapPut("/event-types", Put)
            .Accepts<EventTypeInput[]>("application/json")
            .Declare(KeyScope.Admin, TrafficGroups.Events, "putEventTypes", "Replaces the tenant's own event types; one that is left out is retired.").Problems(413, 415);
    }

    private static async Task<Results<Ok<EventTypesAnswer>, ProblemHttpResult>> List(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.ListEventTypesAsync(cancellation));

    private static async Task<Results<Ok<EventTypesAnswer>, ProblemHttpResult>> Put(
        HttpRequest request, IRecommender recommender, CancellationToken cancellation)
    {
        (EventTypeInput[] types, _, _) = await OneOrMany.Read(request, ApiJson.Default.EventTypeInput, ApiJson.Default.EventTypeInputArray, cancellation);
        return TypedResults.Ok(await recommender.PutEventTypesAsync(types, cancellation));
    }
}
