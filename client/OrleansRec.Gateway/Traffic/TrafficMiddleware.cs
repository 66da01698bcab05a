using Microsoft.AspNetCore.Http;

namespace OrleansRec.Gateway;

/// <summary>Counts every request to an endpoint of ours, whatever became of it.</summary>
internal sealed class TrafficMiddleware(RequestDelegate next, ServerStatistics statistics, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>() is not { } access)
        {
            await next(context);
            return;
        }
        long start = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            statistics.CountRequest(access.Group, context.Response.StatusCode, start);
        }
    }
}
