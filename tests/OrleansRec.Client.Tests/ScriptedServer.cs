using System.Net;
using System.Text;

namespace OrleansRec.Client.Tests;

/// <summary>A handler that answers each request with the next step of a script and keeps what was sent.</summary>
internal sealed class ScriptedServer(params Func<HttpResponseMessage>[] steps) : HttpMessageHandler
{
    public List<(HttpMethod Method, string Target, string? Body, string? Key)> Requests { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add((request.Method, request.RequestUri!.PathAndQuery, body, request.Headers.Authorization?.Parameter));
        return steps[Math.Min(Requests.Count, steps.Length) - 1]();
    }

    public static Func<HttpResponseMessage> Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        () => new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static Func<HttpResponseMessage> Problem(HttpStatusCode status, string json = "{}", int? retryAfterSeconds = null) => () =>
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(json, Encoding.UTF8, "application/problem+json") };
        if (retryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
        return response;
    };

    public static Func<HttpResponseMessage> Lost(Exception? failure = null) => () => throw failure ?? new HttpRequestException("connection reset");
}
