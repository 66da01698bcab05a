using System.Text;
using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>The three requests that the demo prints to paste, and, for --exit, carries out itself.</summary>
internal sealed class DemoRequests
{
    private readonly record struct Request(string What, HttpMethod Method, string Path, string? Body, Func<JsonElement, bool> IsAnswer);

    private readonly Uri _address;
    private readonly Request[] _requests;

    private DemoRequests(Uri address, Request[] requests) => (_address, _requests) = (address, requests);

    /// <summary>Requests for a user who has a list and an item from that list.</summary>
    public static async Task<DemoRequests> For(Uri address, IRecommender recommender, string userId, CancellationToken cancellation)
    {
        var list = await recommender.RecommendAsync(userId, new() { K = 5 }, cancellation);
        if (list.Items.Length < 2)
            throw new BadInputException("data", $"{list.Items.Length} items for {userId}", "must leave a user at least 2 items to list; show a larger file");
        var (bought, explained) = (list.Items[0].ItemId, list.Items[1].ItemId);
        string user = Uri.EscapeDataString(userId);
        string body = JsonSerializer.Serialize(new { userId, itemId = bought, type = "purchase" });
        return new(address,
        [
            new("a list", HttpMethod.Get, $"/v1/users/{user}/recommendations?k=5", null, a => a.GetProperty("items").GetArrayLength() > 0),
            new("an event, and the list that knows it already", HttpMethod.Post, "/v1/events?then=recommend", body,
                a => a.GetProperty("accepted").GetInt32() == 1
                    && a.GetProperty("recommendations").GetProperty("items").EnumerateArray().All(i => i.GetProperty("itemId").GetString() != bought)),
            new("why an item is in the list", HttpMethod.Get, $"/v1/users/{user}/explanations/{Uri.EscapeDataString(explained)}", null,
                a => a.GetProperty("contributions").GetArrayLength() > 0),
        ]);
    }

    /// <summary>Prints them.</summary>
    public void Print(CommandOutput output)
    {
        foreach (var request in _requests)
        {
            output.Line($"# {request.What}");
            string url = new Uri(_address, request.Path).AbsoluteUri;
            output.Line(request.Body is null
                ? $"curl '{url}'"
                : $"curl -X POST '{url}' -H 'Content-Type: application/json' -d '{request.Body.Replace("'", "'\\''")}'");
        }
    }

    /// <summary>Carries them out over HTTP; throws where an answer is not what it must be.</summary>
    public async Task Run(CommandOutput output, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = _address };
        foreach (var request in _requests)
        {
            using var message = new HttpRequestMessage(request.Method, request.Path);
            if (request.Body is not null)
                message.Content = new StringContent(request.Body, Encoding.UTF8, "application/json");
            using var response = await http.SendAsync(message, cancellation);
            string text = await response.Content.ReadAsStringAsync(cancellation);
            if (!response.IsSuccessStatusCode)
                throw new HttpRequestException($"{request.Method} {request.Path} answered {(int)response.StatusCode}: {text}");
            using var answer = JsonDocument.Parse(text);
            if (!request.IsAnswer(answer.RootElement))
                throw new HttpRequestException($"{request.Method} {request.Path} did not answer {request.What}: {text}");
            output.Line($"answered: {request.What}");
        }
    }
}
