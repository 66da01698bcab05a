using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansRec.Api;

namespace OrleansRec.Client;

/// <summary>Carries out every verb over HTTP. Thread-safe; make one and keep it.</summary>
/// <remarks>
/// A request that failed for load or for the network is sent again after a pause, within <see cref="RecommenderClientOptions"/>. That is safe for events
/// because each has an id, given by the caller or made here. A caller that repeats a call of its own should give the ids.
/// </remarks>
/// <example><code>
/// using var recommender = new RecommenderClient(new Uri("http://localhost:5000"), apiKey);
/// await recommender.RecordEvents([new() { UserId = "u1", ItemId = "mug", Type = "purchase" }]);
/// var list = await recommender.Recommend("u1", new() { K = 5 });
/// </code></example>
public sealed partial class RecommenderClient : IRecommender, IDisposable
{
    private readonly HttpClient _http;
    private readonly ApiConnection _connection;

    /// <summary>A client of the server at this address.</summary>
    /// <param name="server">Such as http://localhost:5000.</param>
    /// <param name="apiKey">Null where the server asks for none.</param>
    /// <param name="options">Attempts, pauses and deadlines.</param>
    public RecommenderClient(Uri server, string? apiKey = null, RecommenderClientOptions? options = null)
        : this(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }, server, apiKey, options)
    {
    }

    /// <summary>A client that sends through a handler, which it takes over.</summary>
    public RecommenderClient(HttpMessageHandler handler, Uri server, string? apiKey = null, RecommenderClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AttemptsMax, 1);
        string address = server.AbsoluteUri.EndsWith('/') ? server.AbsoluteUri : server.AbsoluteUri + "/";
        // Attempts have their own timeout.
        _http = new(handler) { BaseAddress = new(address), Timeout = Timeout.InfiniteTimeSpan };
        if (apiKey is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _connection = new(_http, options);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<T> Get<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellation) =>
        _connection.Send(HttpMethod.Get, path, null, new(), (r, stop) => ApiConnection.ReadJson(r, answer, stop), cancellation);

    private Task<T?> GetOrNull<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellation) where T : class =>
        _connection.Send(HttpMethod.Get, path, null, new(AnswersNotFound: true), (r, stop) => OrNull(r, answer, stop), cancellation);

    private Task<T?> DeleteOrNull<T>(string path, JsonTypeInfo<T> answer, CancellationToken cancellation) where T : class =>
        _connection.Send(HttpMethod.Delete, path, null, new(AnswersNotFound: true), (r, stop) => OrNull(r, answer, stop), cancellation);

    private Task<bool> Did(HttpMethod method, string path, CancellationToken cancellation) =>
        _connection.Send(method, path, null, new(AnswersNotFound: true), Found, cancellation);

    private Task<TAnswer> Send<TBody, TAnswer>(
        HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answer, CancellationToken cancellation,
        Conduct? conduct = null) =>
        _connection.Send(method, path, Bytes(body, bodyType), conduct ?? new(), (r, stop) => ApiConnection.ReadJson(r, answer, stop), cancellation);

    /// <summary>JSON has no NaN and no infinity, so such a number is refused before it is sent.</summary>
    private static byte[] Bytes<T>(T body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(body, type);
        }
        catch (ArgumentException e)
        {
            throw RecommenderException.Invalid("$", e.Message, "must hold finite numbers only");
        }
    }

    private static async Task<T?> OrNull<T>(HttpResponseMessage response, JsonTypeInfo<T> answer, CancellationToken cancellation) where T : class =>
        await Found(response, cancellation).ConfigureAwait(false) ? await ApiConnection.ReadJson(response, answer, cancellation).ConfigureAwait(false) : null;

    /// <summary>A 404 is an answer where the server names what is missing; a 404 without a field is a wrong address.</summary>
    private static async Task<bool> Found(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode != HttpStatusCode.NotFound)
            return true;
        RecommenderException refusal = await ApiConnection.Refusal(response, cancellation).ConfigureAwait(false);
        return refusal.Problem.Field is null ? throw refusal : false;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
