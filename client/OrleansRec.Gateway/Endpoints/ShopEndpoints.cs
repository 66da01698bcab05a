using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Rules and scenarios for lists.</summary>
internal static class ShopEndpoints
{
    public static void MapShop(this IEndpointRouteBuilder app)
    {
        app.MapGet("/rules", ListRules).Declare(KeyScope.Read, TrafficGroups.Items, "listRules", "The rules for lists, and which of them stand in each other's way.");
        app.MapPut("/rules/{name}", PutRule).Declare(KeyScope.Admin, TrafficGroups.Items, "putRule", "Adds or replaces a rule for lists.").Problems(413, 415);
        app.MapDelete("/rules/{name}", DeleteRule).Declare(KeyScope.Admin, TrafficGroups.Items, "deleteRule", "Removes a rule for lists.").Problems(404);
        app.MapGet("/scenarios", ListScenarios).Declare(KeyScope.Read, TrafficGroups.Items, "listScenarios", "The scenarios, the tenant's and those that are built in.");
        app.MapPut("/scenarios/{name}", PutScenario).Declare(KeyScope.Admin, TrafficGroups.Items, "putScenario", "Adds or replaces a scenario.").Problems(413, 415);
        app.MapDelete("/scenarios/{name}", DeleteScenario)
            .Declare(KeyScope.Admin, TrafficGroups.Items, "deleteScenario", "Removes a scenario of the tenant; a built-in one is then as it was built.").Problems(404);
    }

    private static async Task<Results<Ok<RulesAnswer>, ProblemHttpResult>> ListRules(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.ListRulesAsync(cancellation));

    private static async Task<Results<Ok<RulesAnswer>, ProblemHttpResult>> PutRule(string name, RuleInput rule, IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.PutRuleAsync(name, rule, cancellation));

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteRule(string name, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.DeleteRuleAsync(name, cancellation) ? TypedResults.NoContent() : EndpointConventions.NotFound("name", name, "must be the name of a rule");

    private static async Task<Results<Ok<ScenariosAnswer>, ProblemHttpResult>> ListScenarios(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.ListScenariosAsync(cancellation));

    private static async Task<Results<Ok<ScenariosAnswer>, ProblemHttpResult>> PutScenario(
        string name, ScenarioInput scenario, IRecommender recommender, CancellationToken cancellation) => TypedResults.Ok(await recommender.PutScenarioAsync(name, scenario, cancellation));

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteScenario(string name, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.DeleteScenarioAsync(name, cancellation) ? TypedResults.NoContent() : EndpointConventions.NotFound("name", name, "must be the name of a scenario of the tenant");
}
