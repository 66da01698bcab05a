using System.Net;
using System.Text.Json;
using OrleansRec.Api;
using static OrleansRec.Client.Tests.ScriptedServer;

namespace OrleansRec.Client.Tests;

/// <summary>
/// Goal: a request is sent again exactly where that is safe and can help, with the same event ids, within its bounds. Method: a scripted handler and a clock on
/// which pauses take no time.
/// </summary>
public sealed class RetryTests
{
    private const string Recorded = """{"accepted":1,"duplicates":0,"rejected":[],"historyVersion":1}""";

    private static readonly EventInput View = new() { UserId = "u", ItemId = "i", Type = "view" };

    private readonly InstantTime _time = new(new RecommenderClientOptions().AttemptTimeout);

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task RecordEvents_ServerRefusesOnce_SendsTheSameEventAgain(HttpStatusCode status)
    {
        var server = new ScriptedServer(Problem(status), Json(Recorded));
        using RecommenderClient client = Client(server);

        EventsAnswer answer = await client.RecordEventsAsync([View]);

        Assert.Equal(1, answer.Accepted);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(server.Requests[0].Body, server.Requests[1].Body);
    }

    [Fact]
    public async Task RecordEvents_ConnectionLost_SendsTheSameEventAgain()
    {
        var server = new ScriptedServer(Lost(), Lost(new HttpRequestException("refused")), Json(Recorded));
        using RecommenderClient client = Client(server);

        await client.RecordEventsAsync([View]);

        Assert.Equal(3, server.Requests.Count);
        Assert.Single(server.Requests.Select(r => r.Body).Distinct());
    }

    [Fact]
    public async Task RecordEvents_NoEventIds_MakesOneForEach()
    {
        var server = new ScriptedServer(Json(Recorded));
        using RecommenderClient client = Client(server);

        await client.RecordEventsAsync([View, View, View with { EventId = "mine" }]);

        string?[] ids = [.. JsonDocument.Parse(server.Requests[0].Body!).RootElement.EnumerateArray().Select(e => e.GetProperty("eventId").GetString())];
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.False(string.IsNullOrEmpty(id)));
        Assert.Equal("mine", ids[2]);
        Assert.Null(View.EventId);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task Recommend_RefusalThatStays_IsNotTriedAgain(HttpStatusCode status)
    {
        var server = new ScriptedServer(Problem(status, """{"title":"t","field":"k","value":"0","rule":"must be more"}"""));
        using RecommenderClient client = Client(server);

        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => client.RecommendAsync("u"));

        Assert.Single(server.Requests);
        Assert.Equal(((int)status, "k", "0", "must be more"), (e.Problem.Status, e.Problem.Field, e.Problem.Value, e.Problem.Rule));
    }

    [Fact]
    public async Task Recommend_ServerStaysDown_GivesUpAfterTheAttempts()
    {
        var server = new ScriptedServer(Problem(HttpStatusCode.ServiceUnavailable, """{"title":"down","status":503}"""));
        using RecommenderClient client = Client(server, new() { AttemptsMax = 4 });

        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => client.RecommendAsync("u"));

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(503, e.Problem.Status);
    }

    [Fact]
    public async Task Recommend_DeadlineWouldPass_GivesUpBeforeThePause()
    {
        var server = new ScriptedServer(Problem(HttpStatusCode.ServiceUnavailable, retryAfterSeconds: 4));
        using RecommenderClient client = Client(server, new() { AttemptsMax = 100, Deadline = TimeSpan.FromSeconds(10) });

        await Assert.ThrowsAsync<RecommenderException>(() => client.RecommendAsync("u"));

        // Pauses of 4 s: after 0, 4 and 8 s there is an attempt; the pause after the third would end at 12 s.
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal([TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4)], _time.Pauses);
    }

    [Fact]
    public async Task Recommend_NoAnswerAtAll_SaysStatusZeroAndTheCause()
    {
        var server = new ScriptedServer(Lost());
        using RecommenderClient client = Client(server, new() { AttemptsMax = 2 });

        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => client.RecommendAsync("u"));

        Assert.Equal(0, e.Problem.Status);
        Assert.IsType<HttpRequestException>(e.InnerException);
    }

    [Fact]
    public async Task CreateKey_ConnectionLost_IsNotTriedAgain()
    {
        var server = new ScriptedServer(Lost(), Json("{}"));
        using RecommenderClient client = Client(server);

        await Assert.ThrowsAsync<RecommenderException>(() => client.CreateKeyAsync(new("n", KeyScopes.Read)));

        Assert.Single(server.Requests);
    }

    [Fact]
    public void Pause_EachAttempt_DoublesUpToTheMost()
    {
        var options = new RecommenderClientOptions { FirstPause = TimeSpan.FromMilliseconds(100), PauseMax = TimeSpan.FromSeconds(1) };

        double[] longest = [.. Enumerable.Range(1, 6).Select(a => RetryPolicy.Pause(a, null, options, 1).TotalMilliseconds)];
        double[] shortest = [.. Enumerable.Range(1, 6).Select(a => RetryPolicy.Pause(a, null, options, 0).TotalMilliseconds)];

        Assert.Equal([100, 200, 400, 800, 1000, 1000], longest);
        Assert.Equal([50, 100, 200, 400, 500, 500], shortest);
        Assert.Equal(options.PauseMax, RetryPolicy.Pause(1, TimeSpan.FromHours(1), options, 0));
    }

    private RecommenderClient Client(ScriptedServer server, RecommenderClientOptions? options = null) =>
        new(server, new("http://shop"), "rec_key", (options ?? new()) with { Time = _time });
}
