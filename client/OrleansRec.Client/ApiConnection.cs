using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansRec.Api;

namespace OrleansRec.Client;

/// <summary>What one request may do besides succeed.</summary>
/// <param name="OnceOnly">Whether it must not be sent again where nobody knows if the first one arrived.</param>
/// <param name="AnswersNotFound">Whether 404 is an answer, and not an error.</param>
internal readonly record struct Conduct(bool OnceOnly = false, bool AnswersNotFound = false);

/// <summary>Sends requests, again where that can help, and reads answers and problems.</summary>
internal sealed partial class ApiConnection(HttpClient http, RecommenderClientOptions options)
{
    /// <summary>Sends a request and hands the answer, or the 404 that is one, to <paramref name="read"/>.</summary>
    /// <exception cref="RecommenderException">The server refused, or did not answer within attempts and deadline.</exception>
    public async Task<T> Send<T>(
        HttpMethod method, string path, byte[]? body, Conduct conduct, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await Open(method, path, body, conduct, HttpCompletionOption.ResponseContentRead, cancellation).ConfigureAwait(false);
        return await read(response, cancellation).ConfigureAwait(false);
    }

    /// <summary>The response, when it has begun or when it is whole. The caller disposes it.</summary>
    private async Task<HttpResponseMessage> Open(
        HttpMethod method, string path, byte[]? body, Conduct conduct, HttpCompletionOption completion, CancellationToken cancellation)
    {
        long start = options.Time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            (HttpResponseMessage? response, Exception? failure) = await Try(method, path, body, completion, cancellation).ConfigureAwait(false);
            if (response is not null && (response.IsSuccessStatusCode || (conduct.AnswersNotFound && response.StatusCode == HttpStatusCode.NotFound)))
                return response;
            using (response)
            {
                bool mayRetry = response is null ? !conduct.OnceOnly : RetryPolicy.IsTransient(response.StatusCode) && (!conduct.OnceOnly || WasRefused(response));
                TimeSpan pause = RetryPolicy.Pause(attempt, RetryAfter(response), options, Random.Shared.NextDouble());
                if (!mayRetry || attempt >= options.AttemptsMax || options.Time.GetElapsedTime(start) + pause > options.Deadline)
                    throw response is null ? Unreachable(path, attempt, failure!) : await Refusal(response, cancellation).ConfigureAwait(false);
                await Task.Delay(pause, options.Time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>One attempt: the response, or why there is none.</summary>
    private async Task<(HttpResponseMessage? Response, Exception? Failure)> Try(
        HttpMethod method, string path, byte[]? body, HttpCompletionOption completion, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var timeout = new CancellationTokenSource(options.AttemptTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return (await http.SendAsync(request, completion, either.Token).ConfigureAwait(false), null);
        }
        catch (HttpRequestException e)
        {
            return (null, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            return (null, new TimeoutException($"No answer within {options.AttemptTimeout.TotalSeconds} s.", e));
        }
    }

    public static async Task<T> ReadJson<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using Stream content = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await JsonSerializer.DeserializeAsync(content, type, cancellation).ConfigureAwait(false)
                ?? throw new JsonException("The answer is null.");
        }
        catch (JsonException e)
        {
            throw new RecommenderException(new() { Title = "The answer cannot be read.", Status = (int)response.StatusCode, Detail = e.Message }, e);
        }
    }

    /// <summary>429 says that nothing was done; the other statuses may come after it was.</summary>
    private static bool WasRefused(HttpResponseMessage response) => response.StatusCode == HttpStatusCode.TooManyRequests;

    private static TimeSpan? RetryAfter(HttpResponseMessage? response) => response?.Headers.RetryAfter?.Delta;

    private static RecommenderException Unreachable(string path, int attempts, Exception failure) => new(
        new() { Title = "The server does not answer.", Detail = $"{path}: {failure.Message} (attempts: {attempts})" }, failure);

    internal static async Task<RecommenderException> Refusal(HttpResponseMessage response, CancellationToken cancellation)
    {
        int status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return new(new() { Title = response.ReasonPhrase, Status = status, Detail = $"The server answered {status}." });
        return new(await ReadJson(response, ApiJson.Default.ApiProblem, cancellation).ConfigureAwait(false) with { Status = status });
    }
}
