using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using OrleansRec.Contracts;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Tests.Access;

/// <summary>What each endpoint and page answers to each visitor. A new one needs a row here.</summary>
internal static class AccessMatrix
{
    private const string User = AccessServer.PlantedUser, Item = AccessServer.PlantedItem;
    private const string Event = """{"userId":"matrix","itemId":"matrix","type":"view"}""";

    /// <summary>Endpoints of the API: scope, a request, and what it answers whoever may ask; to the other tenant's admin, where that is another answer.</summary>
    public static readonly Dictionary<string, ApiRow> Api = new()
    {
        ["POST /v1/events"] = new(KeyScope.Write, "/v1/events", 200, Body: Event),
        ["DELETE /v1/events/{userId}/{eventId}"] = new(KeyScope.Write, $"/v1/events/{User}/none", 404),
        ["GET /v1/event-types"] = new(KeyScope.Read, "/v1/event-types", 200),
        ["PUT /v1/event-types"] = new(KeyScope.Admin, "/v1/event-types", 400, Body: """[{"type":"view"}]"""),
        ["PUT /v1/items/{itemId}"] = new(KeyScope.Write, "/v1/items/matrix", 200, Body: "{}"),
        ["POST /v1/items"] = new(KeyScope.Write, "/v1/items", 200, Body: """{"itemId":"matrix"}"""),
        ["GET /v1/items"] = new(KeyScope.Read, "/v1/items", 200),
        ["GET /v1/items/{itemId}"] = new(KeyScope.Read, $"/v1/items/{Item}", 200, Other: 404),
        ["DELETE /v1/items/{itemId}"] = new(KeyScope.Write, "/v1/items/none", 404),
        ["GET /v1/items/{itemId}/similar"] = new(KeyScope.Read, $"/v1/items/{Item}/similar", 200, Other: 404),
        ["GET /v1/items/{itemId}/bought-together"] = new(KeyScope.Read, $"/v1/items/{Item}/bought-together", 404),
        ["GET /v1/trending"] = new(KeyScope.Read, "/v1/trending", 200),
        ["GET /v1/trending/categories"] = new(KeyScope.Read, "/v1/trending/categories", 200),
        ["GET /v1/trending/brands"] = new(KeyScope.Read, "/v1/trending/brands", 200),
        ["GET /v1/rules"] = new(KeyScope.Read, "/v1/rules", 200),
        ["PUT /v1/rules/{name}"] = new(KeyScope.Admin, "/v1/rules/matrix", 400, Body: "{}"),
        ["DELETE /v1/rules/{name}"] = new(KeyScope.Admin, "/v1/rules/none", 404),
        ["GET /v1/scenarios"] = new(KeyScope.Read, "/v1/scenarios", 200),
        ["PUT /v1/scenarios/{name}"] = new(KeyScope.Admin, "/v1/scenarios/matrix", 400, Body: """{"kinds":["none"]}"""),
        ["DELETE /v1/scenarios/{name}"] = new(KeyScope.Admin, "/v1/scenarios/none", 404),
        ["GET /v1/users/{userId}/similar"] = new(KeyScope.Read, $"/v1/users/{User}/similar", 200, Other: 404),
        ["GET /v1/users"] = new(KeyScope.Read, "/v1/users", 200),
        ["GET /v1/users/{userId}"] = new(KeyScope.Read, $"/v1/users/{User}", 200, Other: 404),
        ["PUT /v1/users/{userId}"] = new(KeyScope.Write, "/v1/users/matrix", 200, Body: "{}"),
        ["POST /v1/users/{userId}/merge"] = new(KeyScope.Write, "/v1/users/matrix/merge", 400, Body: "{}"),
        ["GET /v1/users/{userId}/export"] = new(KeyScope.Admin, $"/v1/users/{User}/export", 200, Other: 404),
        ["DELETE /v1/users/{userId}"] = new(KeyScope.Admin, "/v1/users/none", 404),
        ["GET /v1/users/{userId}/access"] = new(KeyScope.Admin, $"/v1/users/{User}/access", 200),
        ["GET /v1/users/{userId}/recommendations"] = new(KeyScope.Read, $"/v1/users/{User}/recommendations?includeSeen=true", 200),
        ["GET /v1/users/{userId}/recommendations/categories"] = new(KeyScope.Read, $"/v1/users/{User}/recommendations/categories", 200),
        ["GET /v1/users/{userId}/recommendations/brands"] = new(KeyScope.Read, $"/v1/users/{User}/recommendations/brands", 200),
        ["POST /v1/users/{userId}/pages"] = new(KeyScope.Read, $"/v1/users/{User}/pages", 200, Body: """{"blocks":[{"k":2},{"scenario":"home"}]}"""),
        ["POST /v1/recommendations"] = new(KeyScope.Read, "/v1/recommendations", 200, Body: $$"""{"userId":"{{User}}"}"""),
        ["POST /v1/recommendations/batch"] = new(KeyScope.Read, "/v1/recommendations/batch", 200, Body: $$"""{"userIds":["{{User}}"]}"""),
        ["POST /v1/recommendations/{recommendationId}/next"] = new(KeyScope.Read, "/v1/recommendations/none/next", 404, Body: $$"""{"userId":"{{User}}"}"""),
        ["GET /v1/users/{userId}/explanations/{itemId}"] = new(KeyScope.Read, $"/v1/users/{User}/explanations/{Item}", 404),
        ["GET /v1/users/{userId}/why-not/{itemId}"] = new(KeyScope.Read, $"/v1/users/{User}/why-not/{Item}", 200),
        ["POST /v1/users/{userId}/what-if"] = new(KeyScope.Read, $"/v1/users/{User}/what-if", 200, Body: """{"removeItems":["none"]}"""),
        ["POST /v1/training"] = new(KeyScope.Admin, "/v1/training", 400, Body: """{"rank":0}"""),
        ["GET /v1/training"] = new(KeyScope.Read, "/v1/training", 200),
        ["DELETE /v1/training"] = new(KeyScope.Admin, "/v1/training", 404),
        ["GET /v1/models"] = new(KeyScope.Read, "/v1/models", 200),
        ["POST /v1/models/{version}/promote"] = new(KeyScope.Admin, "/v1/models/9/promote", 404),
        ["GET /v1/status"] = new(KeyScope.Read, "/v1/status", 200),
        ["POST /v1/keys"] = new(KeyScope.Admin, "/v1/keys", 400, Body: """{"name":"","scope":"read"}"""),
        ["GET /v1/keys"] = new(KeyScope.Admin, "/v1/keys", 200),
        ["POST /v1/keys/{keyId}/rotate"] = new(KeyScope.Admin, "/v1/keys/none/rotate", 404, Body: "{}"),
        ["DELETE /v1/keys/{keyId}"] = new(KeyScope.Admin, "/v1/keys/none", 404),
        ["GET /v1/access"] = new(KeyScope.Admin, "/v1/access", 200),
        ["POST /v1/tenants"] = new(KeyScope.System, "/v1/tenants", 400, Body: """{"name":""}"""),
        ["GET /v1/tenants"] = new(KeyScope.System, "/v1/tenants", 200),
        ["PUT /v1/tenants/{name}/quota"] = new(KeyScope.System, "/v1/tenants/none/quota", 404, Body: "{}"),
        ["GET /health/live"] = new(null, "/health/live", 200),
        ["GET /health/ready"] = new(null, "/health/ready", 200),
        ["GET /openapi/{documentName}.json"] = new(null, "/openapi/v1.json", 200),
        ["GET /"] = new(null, "/", 302),
        // Where a file of the pages is asked for that is not there.
        ["GET /{**path:file}"] = new(null, "/none.css", 404),
        ["HEAD /{**path:file}"] = new(null, "/none.css", 404),
    };

    /// <summary>Pages, by what a login needs: what they answer without one is a way to the login page.</summary>
    public static readonly Dictionary<string, PageRow> Pages = new()
    {
        ["/dashboard"] = new("/dashboard", Login.Read, 200),
        ["/dashboard/training"] = new("/dashboard/training", Login.Read, 200),
        ["/dashboard/models"] = new("/dashboard/models", Login.Read, 200),
        ["/dashboard/users"] = new("/dashboard/users", Login.Read, 200),
        ["/dashboard/user"] = new($"/dashboard/user?id={User}", Login.Read, 200),
        ["/dashboard/items"] = new("/dashboard/items", Login.Read, 200),
        ["/dashboard/item"] = new($"/dashboard/item?id={Item}", Login.Read, 200),
        ["/dashboard/not-found"] = new("/dashboard/not-found", Login.Read, 404),
        ["/dashboard/{*Path}"] = new("/dashboard/there/is/none", Login.Read, 404),
        ["/dashboard/login"] = new("/dashboard/login", Login.None, 200),
        ["GET /dashboard/export"] = new($"/dashboard/export?user={User}", Login.Admin, 200, Other: 404),
        ["POST /dashboard/logout"] = new("/dashboard/logout", Login.None, 400, "POST"),
    };

    /// <summary>Where Orleans' own dashboard is.</summary>
    public const string ClusterPages = "/orleans";

    /// <summary>Whether an endpoint has a row: files of the pages and Orleans' own dashboard have tests of their own.</summary>
    public static bool NeedsRow(RouteEndpoint endpoint) => !IsFile(endpoint) && !IsClusterPage(endpoint);

    /// <summary>Whether an endpoint is of Orleans' own dashboard.</summary>
    public static bool IsClusterPage(RouteEndpoint endpoint) => ("/" + endpoint.RoutePattern.RawText!.TrimStart('/')).StartsWith(ClusterPages, StringComparison.Ordinal);

    /// <summary>The circuit of the pages: no page, so no way to the login page.</summary>
    public static readonly Dictionary<string, PageRow> Circuit = new()
    {
        ["/_blazor/negotiate"] = new("/_blazor/negotiate?negotiateVersion=1", Login.Read, 200, "POST"),
        ["/_blazor"] = new("/_blazor", Login.Read, 400),
        ["/_blazor/disconnect/"] = new("/_blazor/disconnect/", Login.Read, 400, "POST"),
        ["/_blazor/initializers/"] = new("/_blazor/initializers/", Login.Read, 200),
        ["GET /_framework/opaque-redirect"] = new("/_framework/opaque-redirect", Login.Read, 400),
    };

    /// <summary>Its methods, where it has some, and its pattern.</summary>
    public static IEnumerable<string> NamesOf(RouteEndpoint endpoint)
    {
        string pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
        IReadOnlyList<string> methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
        // HEAD goes the way of GET, to the same handler, and is not asked for twice.
        if (methods.Count > 1 && (pattern.StartsWith("/v1", StringComparison.Ordinal) || pattern.StartsWith("/health", StringComparison.Ordinal)))
            methods = [.. methods.Where(m => m != "HEAD")];
        return methods.Count == 0 || pattern.StartsWith("/dashboard", StringComparison.Ordinal) && methods.Count > 1
            ? [pattern] : methods.Select(method => $"{method} {pattern}");
    }

    /// <summary>Files of the pages: style sheets, scripts, fonts. They are the same for everybody, and hold nothing of anybody.</summary>
    public static bool IsFile(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is not null;
}

/// <summary>What an endpoint of the API answers.</summary>
/// <param name="Scope">What a key needs; null where none is asked for.</param>
/// <param name="Target">A request to it.</param>
/// <param name="Status">What it answers to who may ask.</param>
/// <param name="Other">What it answers to the other tenant's admin, where that is something else.</param>
/// <param name="Body">The request's body.</param>
internal sealed record ApiRow(KeyScope? Scope, string Target, int Status, int? Other = null, string? Body = null)
{
    public int StatusFor(Visitor visitor) => Scope is not { } needed ? Status : visitor switch
    {
        // A login is no key: the API does not take cookies, so no page elsewhere can use one.
        Visitor.Nobody or Visitor.Revoked or Visitor.Expired => 401,
        Visitor.OverRate => 429,
        Visitor.OtherTenant => KeyScope.Admin >= needed ? Other ?? Status : 403,
        Visitor.Read => KeyScope.Read >= needed ? Status : 403,
        Visitor.Write => KeyScope.Write >= needed ? Status : 403,
        Visitor.Admin => KeyScope.Admin >= needed ? Status : 403,
        _ => Status,
    };
}

/// <summary>What a login must be able to do.</summary>
internal enum Login
{
    None, Read, Admin,
}

/// <summary>What a page answers.</summary>
/// <param name="Target">A request to it.</param>
/// <param name="Needs">Which login.</param>
/// <param name="Status">What it answers to who may see it.</param>
/// <param name="Method">How it is asked.</param>
/// <param name="Other">What it answers to the other tenant's admin, where that is something else.</param>
internal sealed record PageRow(string Target, Login Needs, int Status, string Method = "GET", int? Other = null)
{
    public bool IsFor(Visitor visitor) => Needs == Login.None || visitor switch
    {
        Visitor.Nobody or Visitor.Revoked or Visitor.Expired => false,
        Visitor.Read or Visitor.Write => Needs == Login.Read,
        _ => true,
    };

    public int StatusFor(Visitor visitor) => visitor == Visitor.OtherTenant ? Other ?? Status : Status;
}
