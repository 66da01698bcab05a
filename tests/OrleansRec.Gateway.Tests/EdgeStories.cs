using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: the edge takes what clients send: HEAD, packed bodies within the limit, JSON Lines, and browsers of the pages that are allowed.</summary>
public sealed class EdgeStories(SharedHost shared)
{
    [Theory, InlineData("/health/ready"), InlineData("/health/live"), InlineData("/v1/items/tea-0"), InlineData("/v1/users/a0/recommendations?k=3"), InlineData("/v1/status")]
    public async Task Head_WhatAnswersGet_HasItsStatusAndNoBody(string target)
    {
        using HttpResponseMessage head = await Send(shared.Server, new(HttpMethod.Head, target)), get = await Send(shared.Server, new(HttpMethod.Get, target));
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.NotEmpty(await get.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_WhatHasNoGet_IsRefused()
    {
        using HttpResponseMessage head = await Send(shared.Server, new(HttpMethod.Head, "/v1/events"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
    }

    [Theory, InlineData("gzip"), InlineData("br"), InlineData("deflate")]
    public async Task PackedBody_IsUnpacked(string encoding)
    {
        string user = $"edge-{encoding}";
        using HttpResponseMessage response = await Post("/v1/events", Packed(encoding, $$"""{"userId":"{{user}}","itemId":"tea-0","type":"view"}"""), encoding);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, (await shared.Client.GetUserAsync(user))!.Events);
    }

    [Fact]
    public async Task PackedBody_TooLargeOnceUnpacked_Is413()
    {
        await using GatewayHost server = await GatewayHost.Start(o => o.BodyBytesMax = 64 * 1024);
        byte[] small = Packed("gzip", $"[{new string(' ', 10_000_000)}]");
        Assert.True(small.Length < 64 * 1024);
        using HttpResponseMessage response = await Post("/v1/events", small, "gzip", server: server);
        JsonElement problem = await GatewayHost.Json(response);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "body"), (response.StatusCode, problem.GetProperty("field").GetString()));
        using HttpResponseMessage bound = await Put("/v1/items/edge-big", Packed("gzip", $$"""{"title":"{{new string(' ', 10_000_000)}}"}"""), "gzip", server);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bound.StatusCode);
    }

    [Theory, InlineData("gzip", 400, "body"), InlineData("zstd", 415, "Content-Encoding"), InlineData("identity", 200, null)]
    public async Task Body_NotWhatItsHeaderSays_IsRefusedByName(string encoding, int status, string? field)
    {
        using HttpResponseMessage response = await Post("/v1/events", Encoding.UTF8.GetBytes("""{"userId":"edge-1","itemId":"tea-0","type":"view"}"""), encoding);
        JsonElement answer = await GatewayHost.Json(response);
        Assert.Equal(status, (int)response.StatusCode);
        if (field is not null)
            Assert.Equal(field, answer.GetProperty("field").GetString());
    }

    [Fact]
    public async Task JsonLines_OneBadLine_NamesItAndTakesTheOthers()
    {
        const string lines = "{\"userId\":\"edge-2\",\"itemId\":\"tea-0\",\"type\":\"view\"}\r\n\n{\"userId\":\"edge-2\",\"itemId\":\"tea-1\",\"type\":\"view\",\"odd\":1}\n"
            + "not json\n{\"userId\":\"edge-2\",\"itemId\":\"\",\"type\":\"view\"}\nnull\n{\"userId\":\"edge-2\",\"itemId\":\"tea-2\",\"type\":\"view\"}";
        using HttpResponseMessage response = await Post("/v1/events", Encoding.UTF8.GetBytes(lines), null, "application/x-ndjson");
        EventsAnswer answer = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(), ApiJson.Default.EventsAnswer)!;

        Assert.Equal(2, answer.Accepted);
        Assert.Equal(
            [(2, "$.odd", "line 3", "must be a known field"), (3, "$", "line 4", "must be valid JSON"), (4, "itemId", "", "must not be empty"), (5, "$", "line 6", "must be valid JSON")],
            answer.Rejected.Select(r => (r.Index, r.Field, r.Value.Split(',')[0], r.Rule)));
    }

    [Fact]
    public async Task JsonLines_Items_ArePut()
    {
        using HttpResponseMessage response = await Post("/v1/items", "{\"itemId\":\"edge-3\"}\n{\"itemId\":\"edge-4\",\"price\":-1}\n"u8.ToArray(), null, "application/x-ndjson; charset=utf-8");
        JsonElement answer = await GatewayHost.Json(response);
        Assert.Equal((1, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected")[0].GetProperty("index").GetInt32()));
        Assert.NotNull(await shared.Client.GetItemAsync("edge-3"));
    }

    [Fact]
    public async Task Cors_AnAllowedOrigin_MayAskAndRead()
    {
        await using GatewayHost server = await GatewayHost.Start(o => o.Cors.Origins = ["https://shop.example"]);
        using HttpResponseMessage preflight = await Preflight(server, "https://shop.example");
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://shop.example", Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Contains("POST", Header(preflight, "Access-Control-Allow-Methods"));

        using var post = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = new StringContent("""{"userId":"u","itemId":"i","type":"view"}""", Encoding.UTF8, "application/json") };
        post.Headers.Add("Origin", "https://shop.example");
        post.Headers.Authorization = new("Bearer", await server.Key(KeyScopes.Browser));
        using HttpResponseMessage answer = await server.Http.SendAsync(post);
        Assert.Equal((HttpStatusCode.OK, "https://shop.example"), (answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Cors_AnotherOriginOrNoList_GetsNoLeave()
    {
        await using GatewayHost server = await GatewayHost.Start(o => o.Cors.Origins = ["https://shop.example"]);
        using HttpResponseMessage other = await Preflight(server, "https://evil.example");
        Assert.Equal("", Header(other, "Access-Control-Allow-Origin"));
        using HttpResponseMessage none = await Preflight(shared.Server, "https://shop.example");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, ""), (none.StatusCode, Header(none, "Access-Control-Allow-Origin")));
    }

    [Theory, InlineData("*"), InlineData("https://shop.example/"), InlineData("shop.example"), InlineData("ftp://shop.example")]
    public async Task Cors_WhatIsNoOrigin_IsRefusedAtTheStart(string origin) =>
        Assert.Contains(origin, (await Assert.ThrowsAnyAsync<Exception>(() => GatewayHost.Start(o => o.Cors.Origins = [origin]))).Message);

    [Theory]
    [InlineData("POST", "/v1/events", """{"userId":"edge-5","itemId":"tea-0","type":"view"}""", 200), InlineData("GET", "/v1/users/a0/recommendations", null, 200)]
    [InlineData("POST", "/v1/recommendations", """{"userId":"a0"}""", 200), InlineData("GET", "/v1/items/tea-0/similar", null, 200), InlineData("GET", "/v1/users/a0", null, 403)]
    [InlineData("GET", "/v1/users", null, 403), InlineData("GET", "/v1/items/tea-0", null, 403), InlineData("PUT", "/v1/items/edge-6", "{}", 403)]
    [InlineData("DELETE", "/v1/events/a0/x", null, 403), InlineData("GET", "/v1/users/a0/explanations/tea-0", null, 403), InlineData("GET", "/v1/status", null, 403), InlineData("POST", "/v1/keys", """{"name":"x","scope":"browser"}""", 403)]
    public async Task BrowserKey_MayRecordAndAskForLists_AndNothingElse(string method, string target, string? body, int status)
    {
        using var request = new HttpRequestMessage(new(method), target) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", await shared.Server.Key(KeyScopes.Browser));
        using HttpResponseMessage response = await shared.Server.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    private static async Task<HttpResponseMessage> Send(GatewayHost server, HttpRequestMessage request)
    {
        request.Headers.Authorization = new("Bearer", await server.Key(KeyScopes.Admin));
        return await server.Http.SendAsync(request);
    }

    private Task<HttpResponseMessage> Post(string target, byte[] body, string? encoding, string type = "application/json", GatewayHost? server = null) =>
        SendBody(HttpMethod.Post, target, body, encoding, type, server ?? shared.Server);

    private static Task<HttpResponseMessage> Put(string target, byte[] body, string? encoding, GatewayHost server) =>
        SendBody(HttpMethod.Put, target, body, encoding, "application/json", server);

    private static Task<HttpResponseMessage> SendBody(HttpMethod method, string target, byte[] body, string? encoding, string type, GatewayHost server)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return Send(server, new(method, target) { Content = content });
    }

    private static Task<HttpResponseMessage> Preflight(GatewayHost server, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/v1/events");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return server.Http.SendAsync(request);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(",", values) : "";

    private static byte[] Packed(string encoding, string text)
    {
        using var into = new MemoryStream();
        using (Stream packing = encoding switch
        {
            "gzip" => new GZipStream(into, CompressionLevel.Optimal), "br" => new BrotliStream(into, CompressionLevel.Optimal), _ => new ZLibStream(into, CompressionLevel.Optimal),
        })
            packing.Write(Encoding.UTF8.GetBytes(text));
        return into.ToArray();
    }
}
