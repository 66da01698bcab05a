using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Serves a bounded number of requests at once, lets a bounded number wait, refuses the rest with 429, and tells training that requests are there.</summary>
internal sealed class AdmissionMiddleware(RequestDelegate next, RequestAdmission admission, IServingGate gate)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>() is not { Scope: not null })
        {
            await next(context);
            return;
        }
        using RateLimitLease lease = await admission.Limiter.AcquireAsync(1, context.RequestAborted);
        if (!lease.IsAcquired)
        {
            GatewayMetrics.CountRefused();
            await ProblemResults.Write(context, ProblemOf.Status(StatusCodes.Status429TooManyRequests) with { Detail = "Too many requests are waiting." });
            return;
        }
        JsonText.Check(context.Request);
        PathIds.Restore(context);
        using (gate.Enter())
            await next(context);
    }
}
