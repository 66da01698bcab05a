using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Telemetry;

/// <summary>Takes what is sent over OTLP/HTTP and keeps its bytes. Names and texts stand in protobuf as plain UTF-8, so they are searched for as such.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private static readonly TimeSpan endTimeout = TimeSpan.FromMinutes(1);

    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, string Text)> received = new();

    private OtlpCollector(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public string Traces => Of("/v1/traces");

    public string Metrics => Of("/v1/metrics");

    public static async Task<OtlpCollector> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            collector.received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync().AsTask().Within(endTimeout, "the end of the collector");

    private string Of(string path) => string.Concat(received.Where(r => r.Path == path).Select(r => r.Text));
}
