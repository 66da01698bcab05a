using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Tenants, for the operator.</summary>
internal static class TenantEndpoints
{
    public static void MapTenants(this IEndpointRouteBuilder app)
    {
        app.MapPost("/tenants", Create)
            .Declare(KeyScope.System, TrafficGroups.Operations, "createTenant", "Makes a tenant and its first admin key, which is in this answer and never again.")
            .Problems(409, 413, 415);
        app.MapPut("/tenants/{name}/quota", SetQuota)
            .Declare(KeyScope.System, TrafficGroups.Operations, "setQuota", "Sets what a tenant may use; what is absent or null is not bounded.").Problems(404, 413, 415);
        app.MapGet("/tenants", List)
            .Declare(KeyScope.System, TrafficGroups.Operations, "listTenants", "The tenants.");
    }

    private static async Task<Results<Ok<NewTenantAnswer>, ProblemHttpResult>> Create(
        TenantInput tenant, IRecommender recommender, CancellationToken cancellation)
    {
        return await recommender.CreateTenantAsync(tenant, cancellation) is { } made
            ? TypedResults.Ok(made)
            : (ProblemOf.Status(StatusCodes.Status409Conflict) with
            {
                Detail = $"Tenant {tenant.Name} is there already.", Field = "name", Value = tenant.Name, Rule = "must be a name that no tenant has",
            }).ToResult();
    }

    private static async Task<Results<Ok<QuotaInfo>, ProblemHttpResult>> SetQuota(
        string name, QuotaInfo quota, IRecommender recommender, CancellationToken cancellation) =>
        await recommender.SetQuotaAsync(name, quota, cancellation)
            ? TypedResults.Ok(quota)
            : EndpointConventions.NotFound("name", name, "must be the name of a tenant");

    private static async Task<Results<Ok<TenantsAnswer>, ProblemHttpResult>> List(IRecommender recommender, CancellationToken cancellation) =>
        TypedResults.Ok(await recommender.ListTenantsAsync(cancellation));
}
