using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;
using WhatIfAnswer = OrleansRec.Api.WhatIfAnswer;

namespace OrleansRec.Gateway;

/// <summary>Lists and their explanations.</summary>
internal static class RecommendationEndpoints
{
    public static void MapRecommendations(this IEndpointRouteBuilder app)
    {
        app.MapGet("/users/{userId}/recommendations", ForUser)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "recommend", "The best items for a user now; popular ones for a user never seen.").LetsBrowsersIn();
        app.MapPost("/recommendations", ForQuery)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "recommendFor", "The full request: for a user, or for a history that is not stored.")
            .Problems(413, 415).LetsBrowsersIn();
        app.MapGet("/trending", Trending)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "trending", "The items asked for most, lately; filled up with the most popular ones.").LetsBrowsersIn();
        app.MapPost("/recommendations/{recommendationId}/next", Next)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "nextPage", "The next entries of a list that was asked for with pages, without one of the earlier ones.")
            .Problems(404, 413, 415);
        // No deadline: the answer lasts as long as there are users, and ends when the caller goes.
        app.MapPost("/recommendations/batch", ForMany)
            .Declare(KeyScope.Read, TrafficGroups.Operations, "recommendMany", "The lists of many users, or of all, one JSON line each as they are made.")
            .Problems(413, 415).WithMetadata(new BackgroundWork()).DisableRequestTimeout();
        app.MapGet("/users/{userId}/explanations/{itemId}", Explain)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "explain", "Splits the score of one item exactly over the user's history.").Problems(404).Looks("explain", "userId");
        app.MapGet("/users/{userId}/why-not/{itemId}", WhyNot)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "whyNot", "Says where an item is in the list of a user, or what keeps it out.").Looks("whyNot", "userId");
        app.MapPost("/users/{userId}/what-if", WhatIf)
            .Declare(KeyScope.Read, TrafficGroups.Recommendations, "whatIf", "The list that a user would get with other events, options or rules, and what differs. Nothing is stored.")
            .Problems(413, 415).Looks("whatIf", "userId");
    }

    private static async Task<JsonAnswer<RecommendationAnswer>> ForUser(
        string userId, IRecommender recommender, AccessLog log, HttpContext context, CancellationToken cancellation, string? k = null, string? filter = null, string? includeSeen = null,
        string? where = null, string? scenario = null, string? segment = null, string? pageItem = null, string? fields = null, string? explain = null, string? pages = null,
        string? steadiness = null, string? probability = null, string? language = null)
    {
        ListOptions options = ListQuery.Read(k, filter, includeSeen, new(where, scenario, segment, pageItem, fields, explain, pages, steadiness, probability));
        if (options.Explain || language is not null)
            options = options with { Language = AcceptedLanguage.Of(context.Request, options.Explain, language) };
        await ReasonLook.Note(context, log, options.Explain, userId);
        return new(await recommender.RecommendAsync(userId, options, cancellation), ApiJson.Default.RecommendationAnswer);
    }

    private static async Task<JsonAnswer<RecommendationAnswer>> Trending(IRecommender recommender, CancellationToken cancellation, string? k = null, string? filter = null) =>
        new(await recommender.TrendingAsync(ListQuery.Read(k, filter, null), cancellation), ApiJson.Default.RecommendationAnswer);

    private static async Task<JsonAnswer<RecommendationAnswer>> ForQuery(
        RecommendationQuery query, IRecommender recommender, AccessLog log, HttpContext context, CancellationToken cancellation)
    {
        if (query.Explain)
            query = query with { Language = AcceptedLanguage.Of(context.Request, isNeeded: true, query.Language) };
        await ReasonLook.Note(context, log, query is { Explain: true, UserId: not null }, query.UserId);
        return new(await recommender.RecommendForAsync(query, cancellation), ApiJson.Default.RecommendationAnswer);
    }

    private static async Task<Results<Ok<RecommendationAnswer>, ProblemHttpResult>> Next(
        string recommendationId, NextInput next, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.NextPageAsync(recommendationId, next, cancellation) is { } page
            ? TypedResults.Ok(page)
            : EndpointConventions.NotFound("recommendationId", recommendationId, "must be one of the user's latest lists that were asked for with pages; ask for a list anew");

    private static async Task<Ok<WhyNotAnswer>> WhyNot(
        string userId, string itemId, IRecommender recommender, CancellationToken cancellation, string? k = null, string? filter = null, string? includeSeen = null,
        string? where = null, string? scenario = null, string? segment = null, string? pageItem = null, string? recommendationId = null) =>
        TypedResults.Ok(await recommender.WhyNotAsync(
            userId, itemId, ListQuery.Read(k, filter, includeSeen, new() { Where = where, Scenario = scenario, Segment = segment, PageItem = pageItem }), recommendationId, cancellation));

    private static async Task<JsonAnswer<WhatIfAnswer>> WhatIf(
        string userId, WhatIfInput question, IRecommender recommender, HttpRequest request, CancellationToken cancellation)
    {
        if (question.List is { } list)
            question = question with { List = list with { Language = AcceptedLanguage.Of(request, list.Explain, list.Language) } };
        if (question.Instead is { } instead)
            question = question with { Instead = instead with { Language = AcceptedLanguage.Of(request, instead.Explain, instead.Language) } };
        return new(await recommender.WhatIfAsync(userId, question, cancellation), ApiJson.Default.WhatIfAnswer);
    }

    private static async Task<JsonLines<UserListAnswer>> ForMany(ManyListsQuery query, IRecommender recommender, AccessLog log, HttpContext context, CancellationToken cancellation)
    {
        if (query.Explain)
            query = query with { Language = AcceptedLanguage.Of(context.Request, isNeeded: true, query.Language) };
        await ReasonLook.Note(context, log, query.Explain, null);
        return new(recommender.RecommendManyAsync(query, cancellation), ApiJson.Default.UserListAnswer);
    }

    private static async Task<Results<Ok<ExplanationAnswer>, ProblemHttpResult>> Explain(
        string userId, string itemId, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.ExplainAsync(userId, itemId, cancellation) is { } explanation
            ? TypedResults.Ok(explanation)
            : EndpointConventions.NotFound("itemId", itemId, "must be an item that the published model knows, for a user with at least one event");
}
