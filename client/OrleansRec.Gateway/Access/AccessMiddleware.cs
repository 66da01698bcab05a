using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

/// <summary>Lets a request through to an endpoint with a scope only with a key that holds the scope.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, AccessKeys keys, IOptions<GatewayOptions> options)
{
    private const string BearerPrefix = "Bearer ";
    private const string KeyHeader = "X-Api-Key";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>() is not { Scope: { } needed })
            return next(context);
        if (options.Value.InsecureLoopback && IsLocal(context))
            return LetIn(context, Caller.Local);
        if (KeyOf(context.Request) is not { } text)
            return Refuse(context, StatusCodes.Status401Unauthorized, "Authorization", "", "must be 'Bearer <key>', or X-Api-Key must be given");
        ValueTask<Caller?> check = keys.Check(text, context.RequestAborted);
        return check.IsCompletedSuccessfully ? Decide(context, check.Result, needed) : Wait(context, check, needed);
    }

    private async Task Wait(HttpContext context, ValueTask<Caller?> check, KeyScope needed) => await Decide(context, await check, needed);

    private Task LetIn(HttpContext context, Caller caller)
    {
        caller.Activity.Mark();
        context.Features.Set(caller);
        context.RequestServices.GetRequiredService<ActiveTenant>().Id = caller.Tenant;
        return next(context);
    }

    private Task Decide(HttpContext context, Caller? caller, KeyScope needed)
    {
        if (caller is null)
            return Refuse(context, StatusCodes.Status401Unauthorized, "Authorization", "***", "must hold a key that is known and not revoked");
        return caller.Scope >= needed || (caller.Scope == KeyScope.Browser && context.GetEndpoint()!.Metadata.GetMetadata<BrowserAccess>() is not null)
            ? LetIn(context, caller)
            : Refuse(context, StatusCodes.Status403Forbidden, "Authorization", Name(caller.Scope), $"must hold a key of scope {Name(needed)}");
    }

    private static string? KeyOf(HttpRequest request)
    {
        StringValues authorization = request.Headers.Authorization;
        if (authorization.Count == 1 && authorization[0] is { } value && value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
            return value[BearerPrefix.Length..].Trim();
        return request.Headers.TryGetValue(KeyHeader, out StringValues key) && key.Count == 1 ? key[0] : null;
    }

    /// <summary>
    /// From this machine, to this machine, and addressed as this machine: a web page that points its own host name at 127.0.0.1 is not let in.
    /// </summary>
    private static bool IsLocal(HttpContext context) =>
        context.Connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local } && IPAddress.IsLoopback(remote) && IPAddress.IsLoopback(local)
        && LoopbackOnly.IsLoopbackHost(context.Request.Host.Host);

    private static string Name(KeyScope scope) => scope.ToString().ToLowerInvariant();

    private static Task Refuse(HttpContext context, int status, string field, string value, string rule)
    {
        if (status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemResults.Write(context, ProblemOf.Status(status) with { Detail = $"{field} {rule}.", Field = field, Value = value, Rule = rule });
    }
}
