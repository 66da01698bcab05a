using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Notes who looks at personal data, before it is shown. What cannot be noted is not shown.</summary>
public sealed class AccessLog(IGrainFactory grains, GrainCalls calls)
{
    /// <summary>Notes a look, durably.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="verb">What is asked for.</param>
    /// <param name="userId">At whom; null for a page of many.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task Record(Caller caller, string verb, string? userId, CancellationToken cancellation = default) =>
        // A look that is noted twice does less harm than one that is refused.
        calls.Run(() => grains.Of(caller.Tenant).AccessLog.Record(new(caller.Key.Id, caller.Key.Name, verb, userId), cancellation), cancellation);

    /// <summary>Notes the look that a request is, where its endpoint says so.</summary>
    internal static Task Note(HttpContext context, RequestDelegate next, AccessLog log) =>
        context.GetEndpoint()?.Metadata.GetMetadata<LookAt>() is { } look && context.Features.Get<Caller>() is { } caller
            ? NoteThen(context, next, log, caller, look)
            : next(context);

    private static async Task NoteThen(HttpContext context, RequestDelegate next, AccessLog log, Caller caller, LookAt look)
    {
        string? userId = look.UserParameter is null ? null : (string?)context.GetRouteValue(look.UserParameter);
        await log.Record(caller, look.Verb, userId, context.RequestAborted);
        await next(context);
    }
}
