using Microsoft.AspNetCore.Routing;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Tests.Access;

/// <summary>
/// Goal: nobody reads or changes what is not theirs, at any path, also at those that somebody adds tomorrow. Method: the routes of the product's own
/// server, each asked as every kind of visitor, against one row each.
/// </summary>
public sealed class AccessMatrixTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public void EveryEndpoint_HasARow()
    {
        string[] unknown = [.. server.Endpoints.Where(e => !AccessMatrix.IsFile(e)).SelectMany(AccessMatrix.NamesOf).Distinct()
            .Where(name => !AccessMatrix.Api.ContainsKey(name) && !AccessMatrix.Pages.ContainsKey(name) && !AccessMatrix.Circuit.ContainsKey(name))];
        Assert.True(unknown.Length == 0, $"These have no row in {nameof(AccessMatrix)}: {string.Join(", ", unknown)}.");
        string[] routed = [.. server.Endpoints.Where(e => !AccessMatrix.IsFile(e)).SelectMany(AccessMatrix.NamesOf).Distinct()];
        string[] gone = [.. AccessMatrix.Api.Keys.Concat(AccessMatrix.Pages.Keys).Except(routed)];
        Assert.True(gone.Length == 0, $"These rows have no endpoint: {string.Join(", ", gone)}; there are {string.Join(", ", routed.Except(AccessMatrix.Api.Keys).Order())}.");
    }

    [Fact]
    public void EveryEndpoint_DeclaresTheScopeOfItsRow()
    {
        foreach (RouteEndpoint endpoint in server.Endpoints)
            foreach (string name in AccessMatrix.NamesOf(endpoint))
                if (AccessMatrix.Api.TryGetValue(name, out ApiRow? row))
                    Assert.Equal(row.Scope, endpoint.Metadata.GetMetadata<EndpointAccess>()?.Scope);
    }

    public static TheoryData<Visitor> Everybody => [.. Visitors.All];

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Api_AnswersAsItsRowSays(Visitor visitor)
    {
        var wrong = new List<string>();
        foreach (var (name, row) in AccessMatrix.Api)
        {
            using HttpResponseMessage answer = await server.Send(new(name.Split(' ')[0]), row.Target, visitor, row.Body);
            string body = await answer.Content.ReadAsStringAsync();
            if ((int)answer.StatusCode != row.StatusFor(visitor))
                wrong.Add($"{name}: {(int)answer.StatusCode}, not {row.StatusFor(visitor)} {body}");
            if (row.StatusFor(visitor) is 401 or 403 or 429 && answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
                wrong.Add($"{name}: refused with {answer.Content.Headers.ContentType}");
            if (row.Scope is not null && visitor == Visitor.OtherTenant && body.Replace(row.Target.Split('?')[0], "").Contains("Planted title", StringComparison.Ordinal))
                wrong.Add($"{name}: shows another tenant's item");
            if (answer.Headers.CacheControl?.NoStore != true && row.Target.StartsWith("/v1", StringComparison.Ordinal))
                wrong.Add($"{name}: may be kept by caches");
            if (!answer.Headers.TryGetValues("X-Content-Type-Options", out var options) || options.Single() != "nosniff")
                wrong.Add($"{name}: has no nosniff");
        }
        Assert.True(wrong.Count == 0, $"As {visitor}:\n" + string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Pages_AnswerAsTheirRowsSay(Visitor visitor)
    {
        var wrong = new List<string>();
        foreach (var (name, row) in AccessMatrix.Pages)
        {
            using HttpResponseMessage answer = await server.Send(new(row.Method), row.Target, visitor, null);
            bool isSentAway = (int)answer.StatusCode == 302 && answer.Headers.Location!.OriginalString.Contains("/dashboard/login", StringComparison.Ordinal);
            if (row.IsFor(visitor) ? (int)answer.StatusCode != row.StatusFor(visitor) : !isSentAway)
                wrong.Add($"{name}: {(int)answer.StatusCode} {answer.Headers.Location}");
            if (row.IsFor(visitor) && row.Method == "GET" && !HasSecureHeaders(answer))
                wrong.Add($"{name}: lacks secure headers");
        }
        Assert.True(wrong.Count == 0, $"As {visitor}:\n" + string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Circuit_IsOpenToLoginsOnly(Visitor visitor)
    {
        var wrong = new List<string>();
        foreach (var (name, row) in AccessMatrix.Circuit)
        {
            using HttpResponseMessage answer = await server.Send(new(row.Method), row.Target, visitor, null);
            if (row.IsFor(visitor) ? (int)answer.StatusCode != row.Status : (int)answer.StatusCode is not (401 or 302))
                wrong.Add($"{name}: {(int)answer.StatusCode}");
        }
        Assert.True(wrong.Count == 0, $"As {visitor}:\n" + string.Join('\n', wrong));
    }

    [Fact]
    public async Task Files_OfThePages_AreReadOnly()
    {
        RouteEndpoint[] files = [.. server.Endpoints.Where(AccessMatrix.IsFile)];
        Assert.NotEmpty(files);
        Assert.All(files, f => Assert.All(AccessMatrix.NamesOf(f), name => Assert.Matches("^(GET|HEAD) |^/dashboard/", name)));
        using HttpResponseMessage put = await server.Send(HttpMethod.Post, "/dashboard/dashboard.css", Visitor.System, "{}");
        Assert.NotEqual(200, (int)put.StatusCode);
    }

    [Fact]
    public async Task Nothing_OfTheDefaultTenant_WasChangedByTheOther()
    {
        const string Event = """{"userId":"of-both","itemId":"x","type":"view"}""";
        using HttpResponseMessage own = await server.Send(HttpMethod.Post, "/v1/events", Visitor.Write, Event);
        using HttpResponseMessage others = await server.Send(HttpMethod.Post, "/v1/events", Visitor.OtherTenant, Event);
        using HttpResponseMessage answer = await server.Send(HttpMethod.Get, "/v1/users/of-both/export", Visitor.Admin, null);
        Assert.Equal((200, 200, 200), ((int)own.StatusCode, (int)others.StatusCode, (int)answer.StatusCode));
        using var export = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(1, export.RootElement.GetProperty("events").GetArrayLength());
    }

    private static bool HasSecureHeaders(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Content-Security-Policy", out var policy) && policy.Single().Contains("frame-ancestors 'none'", StringComparison.Ordinal)
        && answer.Headers.Contains("X-Content-Type-Options") && answer.Headers.Contains("Referrer-Policy");
}
