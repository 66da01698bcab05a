using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace OrleansRec.Gateway;

/// <summary>Health probes; they need no key.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        EndpointAccess access = new(null, TrafficGroups.Health);
        app.MapGet("/live", () => TypedResults.Text("live"))
            .WithMetadata(access).WithName("live").WithSummary("The process answers.").WithTags(TrafficGroups.Health).Problems(503);
        app.MapGet("/ready", Ready)
            .WithMetadata(access).WithName("ready").WithSummary("The process wants requests: the model is loaded, shards are up, the log can be written, no queue is full, and it is not about to stop.")
            .WithTags(TrafficGroups.Health).Problems(503);
    }

    private static Results<ContentHttpResult, ProblemHttpResult> Ready(Readiness readiness) => readiness.Reason is { } reason
        ? (ProblemOf.Status(StatusCodes.Status503ServiceUnavailable) with { Detail = reason }).ToResult()
        : TypedResults.Text("ready");
}
