using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: no endpoint is forgotten: each has a scope, a group, its refusals and an entry in the OpenAPI document.</summary>
public sealed class RouteTableTests(SharedHost shared)
{
    private IEnumerable<RouteEndpoint> Endpoints => shared.Server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("v1/", StringComparison.Ordinal));

    [Fact]
    public void EveryEndpoint_DeclaresScopeGroupAndRefusals()
    {
        Assert.NotEmpty(Endpoints);
        Assert.All(Endpoints, e =>
        {
            EndpointAccess access = Assert.IsType<EndpointAccess>(e.Metadata.GetMetadata<EndpointAccess>());
            Assert.NotNull(access.Scope);
            Assert.Contains(access.Group, TrafficGroups.All);
            int[] statuses = [.. e.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Select(p => p.StatusCode)];
            Assert.Superset(new HashSet<int> { 400, 401, 403, 429, 503 }, statuses.ToHashSet());
            Assert.NotNull(e.Metadata.GetMetadata<IRequestSizeLimitMetadata>());
        });
    }

    [Fact]
    public async Task EveryEndpoint_IsInTheOpenApiDocument()
    {
        (int status, JsonElement document, _) = await shared.Server.Send("GET", "/openapi/v1.json");

        Assert.Equal(200, status);
        JsonElement paths = document.GetProperty("paths");
        Assert.All(Endpoints, e =>
        {
            string method = e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0].ToLowerInvariant();
            JsonElement operation = paths.GetProperty("/" + e.RoutePattern.RawText!.TrimStart('/')).GetProperty(method);
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.True(operation.GetProperty("responses").TryGetProperty("401", out _));
            if (method is "post" or "put" && !e.RoutePattern.RawText!.EndsWith("promote", StringComparison.Ordinal))
                Assert.True(operation.TryGetProperty("requestBody", out _), e.DisplayName);
        });
        foreach (string path in new[] { "/v1/events", "/v1/items" })
        {
            JsonElement body = paths.GetProperty(path).GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
            Assert.Equal(2, body.GetProperty("schema").GetProperty("oneOf").GetArrayLength());
        }
        JsonElement k = paths.GetProperty("/v1/users/{userId}/recommendations").GetProperty("get").GetProperty("parameters").EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "k");
        Assert.Equal(("integer", 1000), (k.GetProperty("schema").GetProperty("type").GetString(), k.GetProperty("schema").GetProperty("maximum").GetInt32()));
    }
}
