using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace OrleansRec.Gateway;

/// <summary>Decodes ids in paths exactly once.</summary>
/// <remarks>
/// The server decodes a path except for %2F, so in what routing sees, an id with a slash and an id with the three characters "%2F" are the same. Where an
/// id holds a percent sign after the server's decoding, its route value is taken again from the request line as it came.
/// </remarks>
internal static class PathIds
{
    public static void Restore(HttpContext context)
    {
        if (context.Request.Path.Value is not { } path || !path.Contains('%') || context.GetEndpoint() is not RouteEndpoint endpoint)
            return;
        string raw = RawPath(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        string[] segments = raw.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int offset = context.Request.PathBase.HasValue ? context.Request.PathBase.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries).Length : 0;
        for (int i = 0; i < endpoint.RoutePattern.PathSegments.Count && offset + i < segments.Length; i++)
            if (endpoint.RoutePattern.PathSegments[i].Parts is [Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter])
                context.Request.RouteValues[parameter.Name] = Uri.UnescapeDataString(segments[offset + i]);
    }

    /// <summary>The path of a request target in origin form (/path?query) or absolute form (http://host/path?query).</summary>
    private static string RawPath(string target)
    {
        int query = target.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? target : target[..query];
        int scheme = path.StartsWith('/') ? -1 : path.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return path;
        int slash = path.IndexOf('/', scheme + 3);
        return slash < 0 ? "/" : path[slash..];
    }
}
