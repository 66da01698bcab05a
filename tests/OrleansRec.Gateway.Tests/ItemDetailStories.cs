using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: what a shop says of an item comes back, decides what lists show, and is refused by field and rule.</summary>
public sealed class ItemDetailStories(SharedHost shared)
{
    private static readonly ItemInput Everything = new()
    {
        Title = "Pot", Categories = ["Home > Garden", "sale"], Kind = "coupon", Brand = "Acme", Rating = 4.5, Tags = ["new", "red"], Group = "pots",
        From = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.Parse("2100-01-01T00:00:00Z", null), Text = "A pot for gardens.", Url = "https://shop.example/pot",
        ImageUrl = "/img/pot.png", Vectors = new() { ["id-text"] = [0.5f, -1], ["id-image"] = [1, 2, 3] },
    };

    [Fact]
    public async Task PutItem_EveryDetail_ComesBack()
    {
        await shared.Client.PutItemAsync("id-1", Everything);
        ItemInfo item = (await shared.Client.GetItemAsync("id-1"))!;

        Assert.Equal(("coupon", "Acme", 4.5, "pots"), (item.Kind, item.Brand, item.Rating, item.Group));
        Assert.Equal((Everything.From, Everything.Until, Everything.Text, Everything.Url, Everything.ImageUrl), (item.From, item.Until, item.Text, item.Url, item.ImageUrl));
        Assert.Equal(["new", "red"], item.Tags);
        Assert.Equal([0.5f, -1], item.Vectors["id-text"]);
        Assert.Equal([1, 2, 3], item.Vectors["id-image"]);
    }

    [Fact]
    public async Task PutItem_NoDetails_IsAProductWithoutThem()
    {
        await shared.Client.PutItemAsync("id-2", new() { Title = "plain" });
        ItemInfo item = (await shared.Client.GetItemAsync("id-2"))!;
        Assert.Equal(("product", null, null, 0, 0), (item.Kind, item.Brand, item.From, item.Tags.Length, item.Vectors.Count));
    }

    [Theory]
    [InlineData("""{"kind":"thing"}""", "kind"), InlineData("""{"rating":-1}""", "rating"), InlineData("""{"tags":["a","a"]}""", "tags")]
    [InlineData("""{"from":"2026-01-02T00:00:00Z","until":"2026-01-01T00:00:00Z"}""", "until"), InlineData("""{"url":"javascript:alert(1)"}""", "url")]
    [InlineData("""{"vectors":{"v":[]}}""", "vectors.v"), InlineData("""{"vectors":{"v":[1e39]}}""", "vectors.v"), InlineData("""{"categories":["Home > "]}""", "categories")]
    [InlineData("""{"brand":""}""", "brand"), InlineData("""{"vectors":{"v":null}}""", "vectors.v"), InlineData("""{"tags":[null]}""", "tags")]
    public async Task PutItem_ADetailBeyondItsRule_IsRefusedByField(string body, string field)
    {
        (int status, var problem, _) = await shared.Server.Send("PUT", "/v1/items/id-3", body);
        Assert.Equal((400, field), (status, problem.GetProperty("field").GetString()));
        Assert.Null(await shared.Client.GetItemAsync("id-3"));
    }

    [Fact]
    public async Task PutItems_AVectorOfAnotherLength_IsRejectedAlone()
    {
        await shared.Client.PutItemAsync("id-4", new() { Vectors = new() { ["id-audio"] = [1, 2] } });
        ItemsAnswer answer = await shared.Client.PutItemsAsync(
            [new() { ItemId = "id-5", Vectors = new() { ["id-audio"] = [1] } }, new() { ItemId = "id-6", Vectors = new() { ["id-audio"] = [3, 4] } }]);

        Assert.Equal((1, 1), (answer.Accepted, answer.Rejected.Length));
        Assert.Equal((0, "vectors.id-audio"), (answer.Rejected[0].Index, answer.Rejected[0].Field));
        // Two lengths in one call: the first of them holds.
        answer = await shared.Client.PutItemsAsync(
            [new() { ItemId = "id-7", Vectors = new() { ["id-two"] = [1, 2, 3] } }, new() { ItemId = "id-8", Vectors = new() { ["id-two"] = [1] } }]);
        Assert.Equal((1, 1), (answer.Accepted, Assert.Single(answer.Rejected).Index));
    }

    /// <summary>Case 24: a new item with title and categories once was a 404.</summary>
    [Fact]
    public async Task Similar_ANewItem_IsByContent()
    {
        await shared.Client.PutItemsAsync(
        [
            new() { ItemId = "id-new", Title = "Blue stoneware teapot", Categories = ["id-pots"], Brand = "Idylle" }, new() { ItemId = "id-near", Title = "Stoneware teapot", Categories = ["id-pots"] },
            new() { ItemId = "id-far", Title = "Blue kite", Categories = ["id-kites"] }, new() { ItemId = "id-none", Title = "Zither" },
            new() { ItemId = "id-hidden", Title = "Blue stoneware teapot", Visible = false },
        ]);

        RecommendationAnswer list = (await shared.Client.SimilarAsync("id-new"))!;

        Assert.Equal(["id-near", "id-far"], list.Items.Select(i => i.ItemId));
        Assert.All(list.Items, i => Assert.Equal("content", i.Source));
        Assert.Equal(["id-far"], (await shared.Client.SimilarAsync("id-new", new() { Filter = new() { Categories = ["id-kites"] } }))!.Items.Select(i => i.ItemId));
        Assert.Null(await shared.Client.SimilarAsync("id-never-heard-of"));
    }

    [Fact]
    public async Task Recommend_FilterOnACategoryAbove_FindsThePath()
    {
        await shared.Client.PutItemsAsync([new() { ItemId = "id-9", Categories = ["id-a > id-b"] }, new() { ItemId = "id-10", Categories = ["id-a"] }]);

        async Task<string[]> With(string category) =>
            [.. (await shared.Client.RecommendAsync("id-nobody", new() { Filter = new() { Categories = [category] } })).Items.Select(i => i.ItemId).Order()];

        Assert.Equal(["id-10", "id-9"], await With("id-a"));
        Assert.Equal(["id-9"], await With("id-a > id-b"));
        Assert.Empty(await With("id-b"));
    }

    [Fact]
    public async Task Recommend_OutsideTheWindow_LeavesTheItemOut()
    {
        ItemInput over = new() { Categories = ["id-window"], Until = DateTimeOffset.UtcNow.AddDays(-1) }, ahead = new() { Categories = ["id-window"], From = DateTimeOffset.UtcNow.AddDays(1) };
        await shared.Client.PutItemsAsync([over with { ItemId = "id-over" }, ahead with { ItemId = "id-ahead" }, new() { ItemId = "id-now", Categories = ["id-window"], From = DateTimeOffset.UtcNow.AddDays(-1) }]);

        RecommendationAnswer list = await shared.Client.RecommendAsync("id-nobody", new() { Filter = new() { Categories = ["id-window"] } });

        Assert.Equal(["id-now"], list.Items.Select(i => i.ItemId));
    }
}
