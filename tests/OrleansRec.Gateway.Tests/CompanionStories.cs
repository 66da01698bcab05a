using System.Text.Json;
using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: what the models beside the factors know is asked for over HTTP: similar in each way, bought together, trending. Method: the shop of two tastes, and orders of pairs in a shop of its own.</summary>
public sealed class CompanionStories(SharedHost shared)
{
    [Theory, InlineData(SimilarBy.Content), InlineData(SimilarBy.Factors), InlineData(SimilarBy.Neighbours)]
    public async Task Similar_ByEachWay_StaysWithinTheTaste(string by)
    {
        RecommendationAnswer list = (await shared.Client.SimilarByAsync("tea-0", by, new() { K = 3, Filter = new() { PriceMax = 14 } }))!;

        Assert.NotEmpty(list.Items);
        Assert.All(list.Items, i => Assert.StartsWith("tea-", i.ItemId));
        Assert.DoesNotContain(list.Items, i => i.ItemId == "tea-0");
        Assert.Null(await shared.Client.SimilarByAsync("nothing of the kind", by));
    }

    [Fact]
    public async Task Similar_ByAnUnknownWay_NamesTheFieldAndTheWays()
    {
        (int status, JsonElement problem, _) = await shared.Server.Send("GET", "/v1/items/tea-0/similar?by=magic");

        Assert.Equal((400, "by", "magic"), (status, problem.GetProperty("field").GetString(), problem.GetProperty("value").GetString()));
        Assert.Contains("content, factors, neighbours", problem.GetRawText());
    }

    [Fact]
    public async Task SimilarUsers_OfATaste_AreThoseOfTheTaste()
    {
        SimilarUsersAnswer answer = (await shared.Client.SimilarUsersAsync("a2", 3))!;

        Assert.Equal(("a2", 3), (answer.UserId, answer.Users.Length));
        Assert.Equal("a7", answer.Users[0].UserId);
        Assert.All(answer.Users, u => Assert.Matches("^a[0-9]$", u.UserId));
        Assert.Null(await shared.Client.SimilarUsersAsync("never seen"));
        (int status, JsonElement problem, _) = await shared.Server.Send("GET", "/v1/users/a2/similar?k=500");
        Assert.Equal((400, "k"), (status, problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task BoughtTogether_OrdersOfAPair_GivesTheOtherItem_AndNewItemsAreListedAtOnce()
    {
        await using GatewayHost server = await GatewayHost.Start();
        using var client = await server.Client();
        await client.PutItemsAsync([.. Enumerable.Range(0, 8).Select(i => Described($"p{i}"))]);
        await client.RecordEventsAsync(
        [
            .. from user in Enumerable.Range(0, 24) from i in Enumerable.Range(0, 2) select new EventInput
            {
                UserId = $"u{user}", ItemId = $"p{2 * (user % 4) + i}", Type = "purchase", SessionId = $"order {user}", EventId = $"{user}/{i}",
            },
        ]);
        Assert.Equal("popular", (await client.TrendingAsync()).Items[0].Source);
        await SharedHost.Train(client, server);

        for (int pair = 0; pair < 4; pair++)
        {
            RecommendationAnswer list = (await client.BoughtTogetherAsync($"p{2 * pair}", new() { K = 2 }))!;
            Assert.Equal(($"p{2 * pair + 1}", "together", 1), (list.Items[0].ItemId, list.Items[0].Source, list.Items[0].Rank));
        }
        (int status, _, _) = await server.Send("GET", "/v1/items/nothing/bought-together");
        Assert.Equal(404, status);
        RecommendationAnswer trending = await client.TrendingAsync(new() { K = 8 });
        Assert.Equal(8, trending.Items.Length);
        Assert.All(trending.Items, i => Assert.Equal("trending", i.Source));
        await client.PutItemAsync("new", Described("new"));
        Assert.Contains((await client.RecommendAsync("u0", new() { K = 8 })).Items, i => i is { ItemId: "new", Source: "new" });
    }

    private static ItemInput Described(string itemId) => new() { ItemId = itemId, Title = "steel pan", Categories = ["kitchen"] };
}
