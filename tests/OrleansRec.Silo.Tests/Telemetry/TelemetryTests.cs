using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using OrleansRec.Silo.Tests.Durability;
using OrleansRec.Silo.Tests.Storage;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Telemetry;

/// <summary>
/// Goal: a request's trace shows gateway, user grain, shard and store as one, measures arrive, and neither holds what is known of a person. Method: the real
/// server under planted ids, stopped so that it sends what it has, and a collector that keeps every byte.
/// </summary>
public sealed class TelemetryTests : IDisposable
{
    private const string User = "planted-user-4711", Item = "planted-item-0815", Event = "planted-event-42", Session = "planted-session-7";

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Trace_OfAnEventWithList_ShowsEveryHopAndNoPersonalData()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The server is ended by SIGTERM, which Windows does not have.");
        await using OtlpCollector collector = await OtlpCollector.Start();
        string trace = ActivityTraceId.CreateRandom().ToHexString();
        await using (ProductProcess server = await Start(collector, traced: "1"))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            using var post = new HttpRequestMessage(HttpMethod.Post, "/v1/events?then=recommend")
            {
                Content = JsonContent.Create(new { eventId = Event, userId = User, itemId = Item, type = "view", sessionId = Session }),
            };
            post.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");
            (await http.SendAsync(post)).EnsureSuccessStatusCode();
            await http.GetAsync($"/v1/users/{User}/explanations/{Item}");
            await http.GetAsync($"/v1/users/{User}/recommendations?filter={Item}");
            await http.DeleteAsync($"/v1/users/{User}");
            await server.Stop();
        }

        string traces = collector.Traces, metrics = collector.Metrics;
        foreach (string hop in new[] { "POST /v1/events", "IUserGrain/RecordThenRecommend", "IUserShardGrain/Append", "store write" })
            Assert.Contains(hop, traces, StringComparison.Ordinal);
        // The request, the user grain, its shard and the store at least: spans of the caller's trace.
        string traceBytes = System.Text.Encoding.Latin1.GetString(Convert.FromHexString(trace));
        Assert.True(Regex.Count(traces, Regex.Escape(traceBytes)) >= 4, "The spans are not of one trace.");
        foreach (string measure in new[] { "http.server.request.duration", "orleansrec.events", "orleansrec.lists", "orleansrec.store.commit.duration", "orleansrec.store.writes.waiting" })
            Assert.Contains(measure, metrics, StringComparison.Ordinal);
        foreach (string planted in new[] { User, Item, Event, Session })
        {
            Assert.DoesNotContain(planted, traces, StringComparison.Ordinal);
            Assert.DoesNotContain(planted, metrics, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Trace_WhereNoneIsSampled_IsNotSent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The server is ended by SIGTERM, which Windows does not have.");
        await using OtlpCollector collector = await OtlpCollector.Start();
        await using (ProductProcess server = await Start(collector, traced: "0"))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            (await SingleEvent.Post(http, "e1")).EnsureSuccessStatusCode();
            await server.Stop();
        }

        Assert.Empty(collector.Traces);
        Assert.Contains("orleansrec.events", collector.Metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Telemetry__Endpoint", "ftp://x", "Telemetry:Endpoint")]
    [InlineData("Telemetry__TracedShare", "2", "TracedShare")]
    public async Task Options_OutOfRange_StopTheStartByName(string name, string value, string named)
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => ProductProcess.Serve(scratch["data"], new Dictionary<string, string> { [name] = value }));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    private Task<ProductProcess> Start(OtlpCollector collector, string traced) => ProductProcess.Serve(scratch["data"], new Dictionary<string, string>
    {
        ["Telemetry__Endpoint"] = collector.Address.AbsoluteUri, ["Telemetry__Protocol"] = "HttpProtobuf", ["Telemetry__TracedShare"] = traced,
    });
}
