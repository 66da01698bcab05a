using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Events.</summary>
internal static class EventEndpoints
{
    private const string Recommend = "recommend";

    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        app.MapPost("/events", Record)
            .Accepts<EventInput[]>("application/json", "application/x-ndjson")
            .Declare(KeyScope.Write, TrafficGroups.Events, "recordEvents", "Records one event or an array of them; answers when they are durable. "
                + "With then=recommend the answer holds a list for the last event's user that knows them.")
            .Problems(413, 415).LetsBrowsersIn();
        app.MapDelete("/events/{userId}/{eventId}", Remove)
            .Declare(KeyScope.Write, TrafficGroups.Events, "removeEvent", "Takes one event back: a return or a mistake.")
            .Problems(404);
    }

    private static async Task<Results<JsonAnswer<EventsAnswer>, ProblemHttpResult>> Record(
        HttpRequest request, IRecommender recommender, CancellationToken cancellation, string? then = null, string? k = null, string? filter = null,
        string? includeSeen = null, string? scenario = null)
    {
        ListOptions? list = null;
        if (then is not null)
            list = then == Recommend ? ListQuery.Read(k, filter, includeSeen, new() { Scenario = scenario }) : throw ListRules.Broken("then", then, "must be recommend or absent");
        (EventInput[] events, bool isOne, BodyLines lines) = await OneOrMany.Read(request, ApiJson.Default.EventInput, ApiJson.Default.EventInputArray, cancellation);
        EventsAnswer answer = await recommender.RecordEventsAsync(events, list, cancellation);
        return isOne && answer.Rejected is [var one]
            ? ProblemOf.Violation(one.Field, one.Value, one.Rule).ToResult()
            : new JsonAnswer<EventsAnswer>(answer with { Rejected = lines.Name(answer.Rejected) }, ApiJson.Default.EventsAnswer);
    }

    private static async Task<Results<Ok<RemovedEventAnswer>, ProblemHttpResult>> Remove(
        string userId, string eventId, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.RemoveEventAsync(userId, eventId, cancellation) is { } removed
            ? TypedResults.Ok(removed)
            : EndpointConventions.NotFound("eventId", eventId, "must be an event of this user");
}
