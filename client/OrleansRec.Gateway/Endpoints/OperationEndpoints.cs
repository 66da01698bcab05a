using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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
        app.MapPost("/keys/{keyId}/rotate", Rotate)
            .Declare(KeyScope.Admin, TrafficGroups.Operations, "rotateKey", "Gives a key a new secret, which is in this answer and never again; the old one stays valid for the overlap.")
            .Problems(404, 413, 415);
        app.MapGet("/access", Access)
            .Declare(KeyScope.Admin, TrafficGroups.Operations, "listAccess", "Who looked at personal data, the latest first.");
        app.MapGet("/keys", List)
            .Declare(KeyScope.Admin, TrafficGroups.Operations, "listKeys", "The API keys, without the keys themselves.");
        app.MapDelete("/keys/{keyId}", Revoke)
            .Declare(KeyScope.Admin, TrafficGroups.Operations, "revokeKey", "Revokes an API key.").Problems(404);
    }

    private static async Task<Results<Ok<ServerStatus>, ProblemHttpResult>> Status(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.GetStatusAsync(cancellation));

    private static async Task<Results<Ok<NewKeyAnswer>, ProblemHttpResult>> Create(
        KeyInput key, HttpContext context, IRecommender recommender, CancellationToken cancellation)
    {
        if (KeyScopeNames.Parse(key.Scope) > ScopeOf(context))
            return Outranked(context);
        return TypedResults.Ok(await recommender.CreateKeyAsync(key, cancellation));
    }

    private static async Task<Results<Ok<KeysAnswer>, ProblemHttpResult>> List(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.ListKeysAsync(cancellation));

    private static async Task<Results<Ok<NewKeyAnswer>, ProblemHttpResult>> Rotate(
        string keyId, HttpContext context, IRecommender recommender, CancellationToken cancellation, KeyRotation? rotation = null)
    {
        if (await IsOutranked(keyId, context, recommender, cancellation))
            return Outranked(context);
        return await recommender.RotateKeyAsync(keyId, rotation, cancellation) is { } rotated ? TypedResults.Ok(rotated) : UnknownKey(keyId);
    }

    private static async Task<Results<Ok<AccessPage>, ProblemHttpResult>> Access(
        IRecommender recommender, CancellationToken cancellation, string? cursor = null, string? count = null) =>
        TypedResults.Ok(await recommender.ListAccessAsync(null, cursor, ListQuery.Count(count), cancellation));

    /// <summary>An admin who could renew or make a key of a larger scope would have that scope.</summary>
    private static async Task<bool> IsOutranked(string keyId, HttpContext context, IRecommender recommender, CancellationToken cancellation) =>
        ScopeOf(context) < KeyScope.System
        && (await recommender.ListKeysAsync(cancellation)).Keys.Any(k => k.Id == keyId && KeyScopeNames.Parse(k.Scope) > ScopeOf(context));

    private static KeyScope ScopeOf(HttpContext context) => context.Features.GetRequiredFeature<Caller>().Scope;

    private static ProblemHttpResult Outranked(HttpContext context) => (ProblemOf.Status(StatusCodes.Status403Forbidden) with
    {
        Detail = "A key cannot make or change one of a larger scope.", Field = "scope", Value = KeyScopeNames.Of(ScopeOf(context)),
        Rule = "must be at least that of the key",
    }).ToResult();

    private static ProblemHttpResult UnknownKey(string keyId) => EndpointConventions.NotFound("keyId", keyId, "must be the id of a key");

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        string keyId, HttpContext context, IRecommender recommender, CancellationToken cancellation) =>
        await IsOutranked(keyId, context, recommender, cancellation) ? Outranked(context)
        : await recommender.RevokeKeyAsync(keyId, cancellation)
            ? TypedResults.NoContent()
            : UnknownKey(keyId);
}
