using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Training and model versions.</summary>
internal static class TrainingEndpoints
{
    public static void MapTraining(this IEndpointRouteBuilder app)
    {
        app.MapPost("/training", Start)
            .Declare(KeyScope.Admin, TrafficGroups.Training, "startTraining", "Starts a training; the body may be absent.").Problems(409, 413, 415);
        app.MapGet("/training", Get)
            .Declare(KeyScope.Read, TrafficGroups.Training, "getTraining", "The training under way, or the last one.");
        app.MapDelete("/training", Stop)
            .Declare(KeyScope.Admin, TrafficGroups.Training, "stopTraining", "Stops the training under way; its version is never published.").Problems(404);
        app.MapGet("/models", List)
            .Declare(KeyScope.Read, TrafficGroups.Training, "listModels", "The model versions held and the one in use.");
        app.MapPost("/models/{version}/promote", Promote)
            .Declare(KeyScope.Admin, TrafficGroups.Training, "promoteModel", "Makes a version the current one.").Problems(404);
    }

    private static async Task<Results<Accepted<TrainingStartedAnswer>, ProblemHttpResult>> Start(
        IRecommender recommender, CancellationToken cancellation, TrainingRequest? plan = null)
    {
        TrainingStartedAnswer answer = await recommender.StartTrainingAsync(plan, cancellation);
        return answer.Started
            ? TypedResults.Accepted(GatewayPaths.Api + "/training", answer)
            : (ProblemOf.Status(StatusCodes.Status409Conflict) with { Detail = "A training is under way.", Version = answer.Version }).ToResult();
    }

    private static async Task<Results<Ok<TrainingInfo>, ProblemHttpResult>> Get(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.GetTrainingAsync(cancellation));

    private static async Task<Results<NoContent, ProblemHttpResult>> Stop(IRecommender recommender, CancellationToken cancellation) =>
        await recommender.StopTrainingAsync(cancellation)
            ? TypedResults.NoContent()
            : EndpointConventions.NotFound("training", "", "must be under way");

    private static async Task<Results<Ok<ModelsAnswer>, ProblemHttpResult>> List(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.ListModelsAsync(cancellation));

    private static async Task<Results<NoContent, ProblemHttpResult>> Promote(string version, IRecommender recommender, CancellationToken cancellation)
    {
        if (!long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number < 1)
            throw ListRules.Broken("version", version, "must be a whole number above 0");
        return await recommender.PromoteAsync(number, cancellation)
            ? TypedResults.NoContent()
            : EndpointConventions.NotFound("version", version, "must be a version that is held");
    }
}
