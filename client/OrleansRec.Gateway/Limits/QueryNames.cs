using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansRec.Gateway;

/// <summary>Refuses a query parameter that the endpoint does not have: a misspelt one would be ignored, and the answer would be to another question.</summary>
internal static class QueryNames
{
    private static readonly ConcurrentDictionary<Endpoint, string[]> known = new();

    /// <exception cref="Api.RecommenderException">A name is not one of the endpoint's.</exception>
    public static void Check(HttpContext context)
    {
        if (!context.Request.QueryString.HasValue || context.GetEndpoint() is not { } endpoint)
            return;
        string[] names = known.GetOrAdd(endpoint, NamesOf);
        foreach (var (name, _) in context.Request.Query)
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw ListRules.Broken(name, null, names.Length == 0 ? "is not known; there are no query parameters here" : $"is not known; there are {string.Join(", ", names)}");
    }

    /// <summary>Texts that the handler takes and that are not in the path.</summary>
    private static string[] NamesOf(Endpoint endpoint)
    {
        var inPath = (endpoint as RouteEndpoint)?.RoutePattern.Parameters.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        return [.. (endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [])
            .Where(p => p.ParameterType == typeof(string) && !inPath.Contains(p.Name!)).Select(p => p.Name!)];
    }
}
