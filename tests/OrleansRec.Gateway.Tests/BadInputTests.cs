using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: whatever is wrong with a request, the answer is problem details with status, field and rule, and the server lives on.</summary>
public sealed class BadInputTests(SharedHost shared)
{
    private static readonly string LongId = new('x', 300);

    public static TheoryData<string, string, string, string> BadBodies => new()
    {
        { "wrong type", """{"userId":"u","itemId":"i","type":"view","value":"much"}""", "$.value", "must have the field's type" },
        { "number where text is", """{"userId":7,"itemId":"i","type":"view"}""", "$.userId", "must have the field's type" },
        { "NaN", """{"userId":"u","itemId":"i","type":"view","value":NaN}""", "$.value", "must be valid JSON" },
        { "NaN as text", """{"userId":"u","itemId":"i","type":"view","value":"NaN"}""", "$.value", "must have the field's type" },
        { "infinite", """{"userId":"u","itemId":"i","type":"view","value":1e999}""", "value", "must be a finite number" },
        { "unknown field", """{"userId":"u","itemId":"i","type":"view","price":1}""", "$.price", "must be a known field" },
        { "field in the wrong case", """{"userID":"u","itemId":"i","type":"view"}""", "$.userID", "must be a known field" },
        { "field given twice", """{"userId":"u","userId":"v","itemId":"i","type":"view"}""", "$.userId", "must be given once" },
        { "bad time", """{"userId":"u","itemId":"i","type":"view","time":"yesterday"}""", "$.time", "must be ISO 8601 text, or seconds (9 to 11 digits), milliseconds (12 to 14) or microseconds (15 to 17) since 1970-01-01 UTC" },
        { "null-like user", """{"userId":"NULL","itemId":"i","type":"view"}""", "userId", "must be an id; 'null' stands for a missing one" },
        { "null-like item", """{"userId":"u","itemId":"(not set)","type":"view"}""", "itemId", "must be an id; '(not set)' stands for a missing one" },
        { "space before an id", """{"userId":" u1","itemId":"i","type":"view"}""", "userId", "must not begin or end with a space" },
        { "no-break space behind an id", """{"userId":"u1\u00a0","itemId":"i","type":"view"}""", "userId", "must not begin or end with a space" },
        { "year as time", """{"userId":"u","itemId":"i","type":"view","time":2021}""", "$.time", "must be ISO 8601 text, or seconds (9 to 11 digits), milliseconds (12 to 14) or microseconds (15 to 17) since 1970-01-01 UTC" },
        { "truncated", """{"userId":"u","itemId":"i","ty""", "$", "must be valid JSON" },
        { "two values", """{"userId":"u","itemId":"i","type":"view"} {}""", "$", "must be valid JSON" },
        { "empty body", "", "$", "must be valid JSON" },
        { "null", "null", "$", "must be valid JSON" },
        { "bad entry of an array", """[{"userId":"u","itemId":"i","type":"view"},{"userId":"u","itemId":[],"type":"view"}]""", "$[1].itemId", "must have the field's type" },
        { "unknown type", """{"userId":"u","itemId":"i","type":"wink"}""", "type", "must be one of view, click, like, cart, purchase, rating, interaction, dislike, impression, search, review" },
        { "no user", """{"itemId":"i","type":"view"}""", "userId", "must not be empty" },
        { "long id", $$"""{"userId":"{{LongId}}","itemId":"i","type":"view"}""", "userId", "must be at most 256 bytes of UTF-8" },
        { "long event id", $$"""{"userId":"u","itemId":"i","type":"view","eventId":"{{LongId}}"}""", "eventId", "must be at most 256 bytes of UTF-8" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task PostEvent_BadBody_NamesFieldAndRule(string what, string body, string field, string rule)
    {
        (int status, JsonElement problem, HttpResponseMessage response) = await shared.Server.Send("POST", "/v1/events", body);

        Assert.True(status == 400, $"{what}: {status} {problem}");
        AssertProblem(response, problem, 400);
        Assert.Equal((field, rule), (problem.GetProperty("field").GetString(), problem.GetProperty("rule").GetString()));
    }

    [Theory]
    [InlineData("GET", "/v1/users/u/recommendations?k=0", "k", "0")]
    [InlineData("GET", "/v1/users/u/recommendations?k=100000", "k", "100000")]
    [InlineData("GET", "/v1/users/u/recommendations?k=ten", "k", "ten")]
    [InlineData("GET", "/v1/users/u/recommendations?k=99999999999999999999", "k", "99999999999999999999")]
    [InlineData("GET", "/v1/items/i/similar?k=0", "k", "0")]
    [InlineData("GET", "/v1/users/u/recommendations?includeSeen=maybe", "includeSeen", "maybe")]
    [InlineData("GET", "/v1/users?count=0", "count", "0")]
    [InlineData("GET", "/v1/items?count=1001", "count", "1001")]
    [InlineData("GET", "/v1/users?cursor=*", "cursor", "*")]
    [InlineData("POST", "/v1/models/first/promote", "version", "first")]
    public async Task BadParameter_NamesFieldValueAndRule(string method, string target, string field, string value)
    {
        (int status, JsonElement problem, HttpResponseMessage response) = await shared.Server.Send(method, target);

        Assert.Equal(400, status);
        AssertProblem(response, problem, 400);
        Assert.Equal((field, value), (problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
        Assert.NotEmpty(problem.GetProperty("rule").GetString()!);
    }

    [Theory]
    [InlineData("""{"userId":"u","k":0}""", "k")]
    [InlineData("""{"userId":"u","k":100000}""", "k")]
    [InlineData("""{"userId":"u","shape":"round"}""", "$.shape")]
    [InlineData("""{"userId":"u","k":3,"k":4}""", "$.k")]
    [InlineData("""{"userId":"u","filter":{"colour":"blue"}}""", "$.filter.colour")]
    [InlineData("""{"userId":"u","candidates":["a",""]}""", "candidates[1]")]
    [InlineData("""{"history":[{"itemId":"a","value":0}]}""", "history[0].value")]
    [InlineData("""{"history":[{"itemId":"a"},{"itemId":"a"}]}""", "history[1].itemId")]
    public async Task PostRecommendations_BadBody_NamesTheField(string body, string field)
    {
        (int status, JsonElement problem, HttpResponseMessage response) = await shared.Server.Send("POST", "/v1/recommendations", body);

        Assert.Equal(400, status);
        AssertProblem(response, problem, 400);
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("GET", "/v1/users/{0}")]
    [InlineData("GET", "/v1/users/{0}/recommendations")]
    [InlineData("DELETE", "/v1/users/{0}")]
    [InlineData("GET", "/v1/items/{0}")]
    [InlineData("GET", "/v1/users/u/explanations/{0}")]
    [InlineData("DELETE", "/v1/events/u/{0}")]
    public async Task LongIdInThePath_NamesTheRule(string method, string target)
    {
        (int status, JsonElement problem, _) = await shared.Server.Send(method, string.Format(System.Globalization.CultureInfo.InvariantCulture, target, LongId));

        Assert.Equal(400, status);
        Assert.Equal("must be at most 256 bytes of UTF-8", problem.GetProperty("rule").GetString());
    }

    [Theory]
    [InlineData("POST", "/v1/events")]
    [InlineData("PUT", "/v1/items/i")]
    public async Task BodyOverTheLimit_Is413WithTheLimit(string method, string target)
    {
        string big = "[" + string.Join(',', Enumerable.Repeat($$"""{"userId":"u","itemId":"{{new string('i', 200)}}","type":"view"}""", 20_000)) + "]";

        (int status, JsonElement problem, HttpResponseMessage response) = await shared.Server.Send(method, target, big);

        Assert.Equal(413, status);
        AssertProblem(response, problem, 413);
        Assert.Equal(("body", "must be at most 4194304 bytes"), (problem.GetProperty("field").GetString(), problem.GetProperty("rule").GetString()));
    }

    [Fact]
    public async Task PostEvents_MoreThanTheMost_NamesTheNumber()
    {
        string many = "[" + string.Join(',', Enumerable.Repeat("""{"userId":"u","itemId":"i","type":"view"}""", 10_001)) + "]";

        (int status, JsonElement problem, _) = await shared.Server.Send("POST", "/v1/events", many);

        Assert.Equal(400, status);
        Assert.Equal(("events", "10001"), (problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
    }

    [Theory]
    [InlineData("POST", "/v1/events", "<x/>", "application/xml", 415)]
    [InlineData("PUT", "/v1/items/i", "x", "text/plain", 415)]
    [InlineData("GET", "/v1/nothing", null, "", 404)]
    [InlineData("GET", "/v2/events", null, "", 404)]
    [InlineData("PATCH", "/v1/events", "{}", "application/json", 405)]
    [InlineData("GET", "/v1/events", null, "", 405)]
    public async Task WrongTypePathOrMethod_IsAProblem(string method, string target, string? body, string mediaType, int expected)
    {
        (int status, JsonElement problem, HttpResponseMessage response) = await shared.Server.Send(method, target, body, mediaType);

        Assert.Equal(expected, status);
        if (target.StartsWith("/v1", StringComparison.Ordinal))
            AssertProblem(response, problem, expected);
        if (expected == 415)
            Assert.Equal(("Content-Type", mediaType), (problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()!.Split(';')[0]));
    }

    [Theory]
    [InlineData("POST", "/v1/events", "utf-7", 415)]
    [InlineData("PUT", "/v1/items/charset", "iso-8859-1", 415)]
    [InlineData("POST", "/v1/recommendations", "nonsense", 415)]
    [InlineData("PUT", "/v1/items/charset", "\"UTF-8\"", 200)]
    public async Task Body_InAnotherCharset_IsRefusedByName(string method, string target, string charset, int expected)
    {
        using var request = new HttpRequestMessage(new(method), target) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        request.Headers.Authorization = new("Bearer", await shared.Server.Key(KeyScopes.Admin));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        HttpResponseMessage response = await shared.Server.Http.SendAsync(request);

        Assert.Equal(expected, (int)response.StatusCode);
        if (expected == 415)
            Assert.Equal("Content-Type", (await GatewayHost.Json(response)).GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("GARBAGE\r\n\r\n")]
    [InlineData("GET /v1/users/%00 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /v1/users/%FF%FE HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")]
    public async Task BytesThatAreNoRequest_LeaveTheServerAlive(string bytes)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var socket = new TcpClient();
        await socket.ConnectAsync(shared.Server.Address.Host, shared.Server.Address.Port, late.Token);
        await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes), late.Token);
        using var reader = new StreamReader(socket.GetStream());
        string? first = await reader.ReadLineAsync(late.Token);

        Assert.StartsWith("HTTP/1.1 4", first, StringComparison.Ordinal);
        Assert.Equal(200, (await shared.Server.Send("GET", "/v1/status")).Status);
    }

    private static void AssertProblem(HttpResponseMessage response, JsonElement problem, int status)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.StartsWith("https://", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
    }
}
