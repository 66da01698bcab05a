using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Users.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        app.MapGet("/users", List)
            .Declare(KeyScope.Read, TrafficGroups.Users, "listUsers", "A page of users; next is the cursor of the following page.").Looks("listUsers");
        app.MapGet("/users/{userId}", Get)
            .Declare(KeyScope.Read, TrafficGroups.Users, "getUser", "A user at a glance: counts, attributes, consent, portrait and the latent vector.").Problems(404).Looks("getUser", "userId");
        app.MapGet("/users/{userId}/similar", Similar)
            .Declare(KeyScope.Read, TrafficGroups.Users, "similarUsers", "Users who like what a user likes, the most alike first.").Problems(404).Looks("similarUsers", "userId");
        app.MapPut("/users/{userId}", Put)
            .Declare(KeyScope.Write, TrafficGroups.Users, "putUser", "Replaces what the shop says of a user: attributes, consent, retention.").Problems(413, 415);
        app.MapPost("/users/{userId}/merge", Merge)
            .Declare(KeyScope.Write, TrafficGroups.Users, "mergeUser", "Makes a visitor's events the user's, each once.").Problems(413, 415);
        app.MapGet("/users/{userId}/export", Export)
            .Declare(KeyScope.Admin, TrafficGroups.Users, "exportUser", "Everything held about a user.").Problems(404).Looks("exportUser", "userId");
        app.MapDelete("/users/{userId}", Delete)
            .Declare(KeyScope.Admin, TrafficGroups.Users, "deleteUser", "Erases a user.").Problems(404).Looks("deleteUser", "userId");
        app.MapGet("/users/{userId}/access", Access)
            .Declare(KeyScope.Admin, TrafficGroups.Users, "listUserAccess", "Who looked at a user, the latest first.");
    }

    private static async Task<Results<Ok<UserPage>, ProblemHttpResult>> List(
        IRecommender recommender, CancellationToken cancellation, string? cursor = null, string? count = null) =>
        TypedResults.Ok(await recommender.ListUsersAsync(cursor, ListQuery.Count(count), cancellation));

    private static async Task<Results<Ok<UserInfo>, ProblemHttpResult>> Get(string userId, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.GetUserAsync(userId, cancellation) is { } user ? TypedResults.Ok(user) : Unknown(userId);

    private static async Task<Results<Ok<SimilarUsersAnswer>, ProblemHttpResult>> Similar(string userId, IRecommender recommender, CancellationToken cancellation, string? k = null) =>
        await recommender.SimilarUsersAsync(userId, ListQuery.Read(k, null, null).K, cancellation) is { } users ? TypedResults.Ok(users) : Unknown(userId);

    private static async Task<Results<Ok<PutUserAnswer>, ProblemHttpResult>> Put(
        string userId, UserInput user, IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.PutUserAsync(userId, user, cancellation));

    private static async Task<Results<Ok<MergedUserAnswer>, ProblemHttpResult>> Merge(
        string userId, MergeInput merge, IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.MergeUserAsync(userId, merge.From ?? "", cancellation));

    private static async Task<Results<Ok<UserExport>, ProblemHttpResult>> Export(string userId, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.ExportUserAsync(userId, cancellation) is { } export ? TypedResults.Ok(export) : Unknown(userId);

    private static async Task<Results<Ok<ErasedUserAnswer>, ProblemHttpResult>> Delete(
        string userId, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.DeleteUserAsync(userId, cancellation) is { } erased ? TypedResults.Ok(erased) : Unknown(userId);

    private static async Task<Results<Ok<AccessPage>, ProblemHttpResult>> Access(
        string userId, IRecommender recommender, CancellationToken cancellation, string? cursor = null, string? count = null) =>
        TypedResults.Ok(await recommender.ListAccessAsync(userId, cursor, ListQuery.Count(count), cancellation));

    private static ProblemHttpResult Unknown(string userId) => EndpointConventions.NotFound("userId", userId, "must be a user with at least one event");
}
