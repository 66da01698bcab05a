using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Status and API keys.</summary>
internal static class OperationEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder app)
    {
        app.MapGet("/status", Status)
            .Declare(KeyScope.Read, TrafficGroups.Operations, "getStatus", "The server at a glance: shards, engine, counters, traffic.");
        app.MapPost("/keys", Create)
            .Declare(KeyScope.Admin, TrafficGroups.Operations, "createKey", "Makes an API key. The key is in this answer and never again.").Problems(413, 415);
        app.MapGet("/keys", List)
            .Declare(KeyScope.Admin, TrafficGroups.Operations, "listKeys", "The API keys, without the keys themselves.");
        app.MapDelete("/keys/{keyId}", Revoke)
            .Declare(KeyScope.Admin, TrafficGroups.Operations, "revokeKey", "Revokes an API key.").Problems(404);
    }

    private static async Task<Results<Ok<ServerStatus>, ProblemHttpResult>> Status(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.GetStatus(cancellation));

    private static async Task<Results<Ok<NewKeyAnswer>, ProblemHttpResult>> Create(
        KeyInput key, HttpResponse response, IRecommender recommender, CancellationToken cancellation)
    {
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await recommender.CreateKey(key, cancellation));
    }

    private static async Task<Results<Ok<KeysAnswer>, ProblemHttpResult>> List(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.ListKeys(cancellation));

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(string keyId, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.RevokeKey(keyId, cancellation)
            ? TypedResults.NoContent()
            : EndpointConventions.NotFound("keyId", keyId, "must be the id of a key");
}
