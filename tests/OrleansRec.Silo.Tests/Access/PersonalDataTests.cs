using System.Collections.Concurrent;
using System.Text;
using OrleansRec.Silo.Tests.Durability;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Access;

/// <summary>
/// Goal: whatever an operator lets the log say, it does not say who the users are. Method: a real server at the most talkative level, the verbs with
/// planted markers as ids, sessions and attributes, in good requests and in bad ones, and a search through everything it wrote to its outputs.
/// </summary>
public sealed class PersonalDataTests : IDisposable
{
    private const string User = "marker-user", Session = "marker-session", Attribute = "marker-attribute", EventId = "marker-event";

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Log_AtTheMostTalkativeLevel_NamesNoUser()
    {
        var said = new ConcurrentQueue<string>();
        var talkative = new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Trace" };
        await using (ProductProcess server = await ProductProcess.Serve(scratch["data"], talkative, said.Enqueue))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            await Ask(http);
            await server.Kill();
        }
        Assert.Contains(said, line => line.Contains("dbug", StringComparison.Ordinal) || line.Contains("trce", StringComparison.Ordinal));
        string[] markers = [User, Session, Attribute, EventId];
        string[] telling = [.. said.Where(line => markers.Any(marker => line.Contains(marker, StringComparison.OrdinalIgnoreCase))).Take(20)];
        Assert.Empty(telling);
    }

    private static async Task Ask(HttpClient http)
    {
        string one = $$"""{"userId":"{{User}}","itemId":"mug","type":"purchase","eventId":"{{EventId}}","sessionId":"{{Session}}"}""";
        await Send(http, "POST", "/v1/events", one);
        await Send(http, "POST", "/v1/events?then=recommend", $"[{one}]");
        await Send(http, "POST", "/v1/events", $$"""{"userId":"{{User}}","itemId":"mug","type":"{{User}}"}""");
        await Send(http, "POST", "/v1/events", $$"""{"userId":"{{User}}","itemId":"mug","{{User}}":1}""");
        await Send(http, "POST", "/v1/events", $$"""{"userId":"{{User}}{{new string('x', 300)}}","itemId":"mug","type":"view"}""");
        await Send(http, "POST", "/v1/events", $$"""{"userId":"{{User}}" "itemId":"mug"}""");
        await Send(http, "PUT", "/v1/items/mug", $$$"""{"title":"Mug","attributes":{"{{{Attribute}}}":"{{{Attribute}}}"}}""");
        await Send(http, "POST", "/v1/recommendations", $$"""{"userId":"{{User}}"}""");
        foreach (string path in new[] { "", "/export", "/recommendations", "/recommendations?k=0", $"/recommendations?{User}=1", "/explanations/mug", "/access", "/nothing" })
            await Send(http, "GET", $"/v1/users/{User}{path}", null);
        await Send(http, "GET", "/v1/items/mug", null);
        await Send(http, "GET", "/v1/users", null);
        await Send(http, "GET", $"/dashboard/user?id={User}", null);
        await Send(http, "GET", $"/dashboard/export?user={User}", null);
        await Send(http, "GET", $"/dashboard/{User}", null);
        await Send(http, "GET", $"/{User}", null);
        await Send(http, "DELETE", $"/v1/events/{User}/{EventId}", null);
        await Send(http, "DELETE", $"/v1/users/{User}", null);
        await Send(http, "DELETE", $"/v1/users/{User}", null);
    }

    private static async Task Send(HttpClient http, string method, string target, string? body)
    {
        using var request = new HttpRequestMessage(new(method), target);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.SendAsync(request);
        Assert.True((int)answer.StatusCode < 500, $"{method} {target}: {(int)answer.StatusCode}");
    }
}
