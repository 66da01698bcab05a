using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansRec.Api;

namespace OrleansRec.Client;

internal sealed partial class ApiConnection
{
    /// <summary>Posts a body and reads an answer of JSON lines as they come.</summary>
    /// <exception cref="RecommenderException">The server refused, or the answer broke off.</exception>
    public async IAsyncEnumerable<T> Lines<T>(
        string path, byte[] body, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using HttpResponseMessage response = await Open(
            HttpMethod.Post, path, body, new(), HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        using Stream content = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var lines = JsonSerializer.DeserializeAsyncEnumerable(content, type, topLevelValues: true, cancellation);
        await using var each = lines.GetAsyncEnumerator(cancellation);
        while (await Next(each, path).ConfigureAwait(false))
            yield return each.Current ?? throw BrokenOff(path, new JsonException("A line is null."));
    }

    private static async Task<bool> Next<T>(IAsyncEnumerator<T?> lines, string path)
    {
        try
        {
            return await lines.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
        {
            throw BrokenOff(path, e);
        }
    }

    private static RecommenderException BrokenOff(string path, Exception failure) =>
        new(new() { Title = "The answer broke off.", Detail = $"{path}: {failure.Message}" }, failure);
}
