using System.Net.Http.Headers;
using System.Net.Http.Json;
using OrleansRec.Api;

namespace OrleansRec.Dashboard.Tests;

/// <summary>A shop of two tastes that do not mix: users tea-* buy teas, users bolt-* buy bolts, so that lists and neighbours are known.</summary>
public static class PlantedShop
{
    public const int UsersOfATaste = 20;
    public const int ItemsOfATaste = 15;

    /// <summary>Whose events are told one by one in the tests: she bought teas 0, 1 and 2 in this order.</summary>
    public const string Alice = "alice & co/1";

    private static readonly string[] Tastes = ["tea", "bolt"];
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static async Task Plant(Uri server, string? key)
    {
        using HttpClient http = new() { BaseAddress = server };
        if (key is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await Send(http, "/v1/items", Items().ToArray());
        await Send(http, "/v1/events", Events().ToArray());
    }

    private static async Task Send<T>(HttpClient http, string path, T[] content)
    {
        using HttpResponseMessage answer = await http.PostAsync(path, JsonContent.Create(content, ApiJson.Default.GetTypeInfo(typeof(T[]))!));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static IEnumerable<ItemInput> Items() =>
        from taste in Tastes
        from i in Enumerable.Range(0, ItemsOfATaste)
        select new ItemInput { ItemId = $"{taste}-{i}", Title = $"Fine {taste} number {i}", Categories = [taste], Price = 1.5 + i, Stock = 10 + i };

    private static IEnumerable<EventInput> Events()
    {
        foreach (string taste in Tastes)
            for (int user = 0; user < UsersOfATaste; user++)
                for (int i = 0; i < ItemsOfATaste; i++)
                    if ((user + i) % 3 != 0)
                        yield return Purchase($"{taste}-lover-{user}", $"{taste}-{i}", user * 60 + i);
        for (int i = 0; i < 3; i++)
            yield return Purchase(Alice, $"tea-{i}", 5000 + i);
    }

    private static EventInput Purchase(string user, string item, int minutes) => new()
    {
        EventId = $"{user}:{item}", UserId = user, ItemId = item, Type = "purchase", Time = Noon.AddMinutes(minutes), SessionId = "s1",
    };
}
