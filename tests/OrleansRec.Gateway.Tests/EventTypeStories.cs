using OrleansRec.Api;
using OrleansRec.Client;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: a shop's own event types are taken, mean what the table says, and keep their meaning; built-in ones include dislike, impression, search and review.</summary>
public sealed class EventTypeStories(SharedHost shared)
{
    [Fact]
    public async Task PutEventTypes_OwnOnes_AreTakenFromThenOn()
    {
        await using GatewayHost server = await GatewayHost.Start();
        using RecommenderClient client = await server.Client();
        EventInput wish = new() { UserId = "u", ItemId = "a", Type = "wishlist" };
        Assert.Equal("type", Assert.Single((await client.RecordEventsAsync([wish])).Rejected).Field);

        EventTypesAnswer table = await client.PutEventTypesAsync(
            [new() { Type = "wishlist", Weight = 2, HalfLifeDays = 30 }, new() { Type = "hide", Sign = "negative", ExcludesFromLists = true }]);

        Assert.Equal([("hide", "negative", true, false), ("wishlist", "positive", false, true)],
            table.Types.Where(t => !t.BuiltIn).Select(t => (t.Type, t.Sign, t.ExcludesFromLists, t.CountsAsPopular)));
        Assert.Equal(1, (await client.RecordEventsAsync([wish, new() { UserId = "u", ItemId = "b", Type = "hide" }, new() { UserId = "v", ItemId = "b", Type = "view" }])).Accepted - 2);
        Assert.DoesNotContain("b", (await client.RecommendAsync("u")).Items.Select(i => i.ItemId));
        Assert.Contains("b", (await client.RecommendAsync("stranger")).Items.Select(i => i.ItemId));

        // Left out, it is refused; what it was counted by cannot be changed.
        table = await client.PutEventTypesAsync([new() { Type = "hide", Sign = "negative", ExcludesFromLists = true }]);
        Assert.True(table.Types.Single(t => t.Type == "wishlist").Retired);
        Assert.Equal("type", Assert.Single((await client.RecordEventsAsync([wish])).Rejected).Field);
        RecommenderException refused = await Assert.ThrowsAsync<RecommenderException>(() => client.PutEventTypesAsync([new() { Type = "hide", Sign = "positive" }]));
        Assert.Equal((400, "sign"), (refused.Problem.Status, refused.Problem.Field));
        Assert.Equal(table.Types, (await client.ListEventTypesAsync()).Types);
    }

    [Theory]
    [InlineData("""[{"type":"view"}]""", "type"), InlineData("""[{"type":"x","sign":"maybe"}]""", "[0].sign"), InlineData("""[{"type":"x","halfLifeDays":0}]""", "[0].halfLifeDays")]
    [InlineData("""[{"type":"x","weight":-1}]""", "weight"), InlineData("""[null]""", "[0]"), InlineData("""[{"type":"x"},{"type":"x"}]""", "type"), InlineData("""[{}]""", "type")]
    public async Task PutEventTypes_ABrokenRule_IsRefusedByField(string body, string field)
    {
        (int status, var problem, _) = await shared.Server.Send("PUT", "/v1/event-types", body);
        Assert.Equal((400, field), (status, problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task RecordEvents_SearchAndReview_CarryTheirText()
    {
        EventsAnswer answer = await shared.Client.RecordEventsAsync(
        [
            new() { UserId = "et-1", Type = "search", Text = "red lamp" }, new() { UserId = "et-1", ItemId = "tea-0", Type = "review", Value = 4, Text = "Good tea." },
            new() { UserId = "et-1", Type = "search" }, new() { UserId = "et-1", ItemId = "tea-0", Type = "review", Text = "no stars" }, new() { UserId = "et-1", Type = "view" },
        ]);

        Assert.Equal(2, answer.Accepted);
        Assert.Equal([(2, "text"), (3, "value"), (4, "itemId")], answer.Rejected.Select(r => (r.Index, r.Field)));
        UserExport export = (await shared.Client.ExportUserAsync("et-1"))!;
        Assert.Equal([(null, "red lamp"), ("tea-0", "Good tea.")], export.Events.Select(e => (e.ItemId, e.Text)));
        Assert.Equal(1, (await shared.Client.GetUserAsync("et-1"))!.Items);
    }

    /// <summary>Case 6: ratings of 5 for half of the items and -1 for the others once tied as equally popular.</summary>
    [Fact]
    public async Task Recommend_AStranger_PrefersWhatIsLiked()
    {
        await using GatewayHost server = await GatewayHost.Start();
        using RecommenderClient client = await server.Client();
        await client.RecordEventsAsync([.. from user in Enumerable.Range(0, 3) from item in Enumerable.Range(0, 6) select new EventInput
        {
            UserId = $"u{user}", ItemId = $"i{item}", Type = "rating", Value = item % 2 == 0 ? -1 : 5,
        }]);

        RecommendationAnswer list;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        do
            list = await client.RecommendAsync("stranger", new() { K = 6 }, limit.Token);
        while (list.Items.Length < 6 || list.Items.Count(i => i.Score == 3) < 3);

        Assert.Equal(["i1", "i3", "i5"], list.Items.Where(i => i.Score == 3).Select(i => i.ItemId));
        Assert.Equal(["i0", "i2", "i4"], list.Items.Where(i => i.Score == 0).Select(i => i.ItemId));
    }

    [Fact]
    public async Task RecordEvents_Dislike_LeavesTheItemOutOfTheAnswersList()
    {
        await shared.Client.RecordEventsAsync([SharedHost.Purchase("et-2", "tea-0")]);
        Assert.Contains("tea-1", (await shared.Client.RecommendAsync("et-2")).Items.Select(i => i.ItemId));
        EventsAnswer answer = await shared.Client.RecordEventsAsync([new() { UserId = "et-2", ItemId = "tea-1", Type = "dislike" }], new());
        Assert.DoesNotContain("tea-1", answer.Recommendations!.Items.Select(i => i.ItemId));
    }
}
