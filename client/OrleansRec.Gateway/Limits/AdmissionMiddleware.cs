using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>
/// Lets a request in by its key's rate, its tenant's rate and places, and the places of all; refuses the rest with 429 before their bodies are read, and
/// tells training that requests are there.
/// </summary>
internal sealed class AdmissionMiddleware(RequestDelegate next, RequestAdmission admission, IServingGate gate)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<Caller>() is not { } caller)
            return next(context);
        TenantPlaces tenant = admission.Of(caller);
        if (!RequestRate.TryTake(caller.Activity.Rate, out TimeSpan wait))
            return Refuse(context, "This key sends more requests a second than it may.", wait);
        return RequestRate.TryTake(tenant.Rate, out wait)
            ? Serve(context, tenant)
            : Refuse(context, "This tenant sends more requests a second than it may.", wait);
    }

    private async Task Serve(HttpContext context, TenantPlaces tenant)
    {
        using RateLimitLease own = await tenant.Places.AcquireAsync(1, context.RequestAborted);
        if (!own.IsAcquired)
        {
            await Refuse(context, "Too many requests of this tenant are waiting.", TimeSpan.FromSeconds(1));
            return;
        }
        using RateLimitLease lease = await admission.All.AcquireAsync(1, context.RequestAborted);
        if (!lease.IsAcquired)
        {
            await Refuse(context, "Too many requests are waiting.", TimeSpan.FromSeconds(1));
            return;
        }
        if (BodyDrain.IsTooLarge(context))
        {
            await BodyDrain.Run(context);
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        BodyEncoding.Check(context.Request);
        JsonText.Check(context.Request);
        PathIds.Restore(context);
        QueryNames.Check(context);
        // Work in the background does not hold back the workers that do it.
        using (context.GetEndpoint()?.Metadata.GetMetadata<BackgroundWork>() is null ? gate.Enter() : null)
            await next(context);
    }

    private static Task Refuse(HttpContext context, string detail, TimeSpan wait)
    {
        GatewayMetrics.CountRefused();
        return ProblemResults.Write(
            context, ProblemOf.Status(StatusCodes.Status429TooManyRequests) with { Detail = detail },
            Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
    }
}
