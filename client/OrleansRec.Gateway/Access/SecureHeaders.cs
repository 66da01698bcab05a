using Microsoft.AspNetCore.Http;

namespace OrleansRec.Gateway;

/// <summary>Headers of every answer: no guessing of types; answers of the API are kept by no cache, because they hold personal data and new keys; and where TLS is on, no way back.</summary>
internal static class SecureHeaders
{
    /// <summary>A year, as the lists of sites that browsers never ask without TLS want it.</summary>
    private const string StrictTransport = "max-age=31536000";

    public static Task Set(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (context.Request.Path.StartsWithSegments(GatewayPaths.Api))
            headers.CacheControl = "no-store";
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = StrictTransport;
        return next(context);
    }
}
