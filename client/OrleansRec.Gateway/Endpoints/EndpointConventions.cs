using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>What every endpoint declares of itself.</summary>
internal static class EndpointConventions
{
    /// <summary>Scope and group, name and description, and the refusals that every endpoint with a scope can give.</summary>
    public static RouteHandlerBuilder Declare(this RouteHandlerBuilder endpoint, KeyScope scope, string group, string name, string summary)
    {
        endpoint.WithMetadata(new EndpointAccess(scope, group)).WithName(name).WithSummary(summary).WithTags(group);
        return endpoint.Problems(400, 401, 403, 429, 503);
    }

    /// <summary>Requests to the endpoint are noted in the access log.</summary>
    public static RouteHandlerBuilder Looks(this RouteHandlerBuilder endpoint, string verb, string? userParameter = null) =>
        endpoint.WithMetadata(new LookAt(verb, userParameter));

    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (int status in statuses)
            endpoint.Produces<ApiProblem>(status, ProblemResults.ContentType);
        return endpoint;
    }

    public static ProblemHttpResult NotFound(string field, string value, string rule) => ProblemOf.NotFound(field, value, rule).ToResult();
}
