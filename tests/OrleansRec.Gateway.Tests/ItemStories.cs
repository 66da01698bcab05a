using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: the catalogue over HTTP comes back as it was put, page by page, and decides at once what lists may show.</summary>
public sealed class ItemStories(SharedHost shared)
{
    [Fact]
    public async Task PutItem_EveryField_ComesBack()
    {
        ItemInput put = new()
        {
            Title = "Mug", Categories = ["it-mugs", "it-blue"], Price = 9.5, Stock = 3, Visible = false, Attributes = new() { ["colour"] = "blue" },
        };

        ItemsAnswer answer = await shared.Client.PutItemAsync("it-1", put);
        ItemInfo? item = await shared.Client.GetItemAsync("it-1");

        Assert.Equal(1, answer.Accepted);
        Assert.NotNull(item);
        Assert.Equal((true, "Mug", 9.5, 3L, false), (item.InCatalogue, item.Title, item.Price, item.Stock, item.Visible));
        Assert.Equal(["it-mugs", "it-blue"], item.Categories);
        Assert.Equal("blue", item.Attributes["colour"]);
    }

    // Fixed: the answer once gave the version of the item's shard, which is below that of any list.
    [Fact]
    public async Task PutItem_CatalogueVersion_IsAboveThatOfTheListBefore()
    {
        await shared.Client.PutItemsAsync([.. Enumerable.Range(0, 20).Select(i => new ItemInput { ItemId = $"it-8-{i}" })]);
        long before = (await shared.Client.RecommendAsync("it-nobody")).CatalogueVersion;

        Assert.True((await shared.Client.PutItemAsync("it-8", new() { Title = "Pot" })).CatalogueVersion > before);
    }

    // Fixed: the generated JSON reader once made an absent visible false, and an absent k 0.
    [Fact]
    public async Task PutItem_OnlyATitle_IsVisible()
    {
        (int status, _, _) = await shared.Server.Send("PUT", "/v1/items/it-7", """{"title":"plain"}""");

        Assert.Equal(200, status);
        Assert.True((await shared.Client.GetItemAsync("it-7"))!.Visible);
    }

    [Fact]
    public async Task GetItem_NeverHeardOf_Is404WithTheField()
    {
        (int status, var problem, _) = await shared.Server.Send("GET", "/v1/items/it-nobody");

        Assert.Equal(404, status);
        Assert.Equal(("itemId", "must be an item of the catalogue or of an event"), (problem.GetProperty("field").GetString(), problem.GetProperty("rule").GetString()));
    }

    [Fact]
    public async Task PutItem_AnotherIdInTheBody_IsRefused()
    {
        RecommenderException e = await Assert.ThrowsAsync<RecommenderException>(() => shared.Client.PutItemAsync("it-2", new() { ItemId = "it-3" }));

        Assert.Equal((400, "itemId"), (e.Problem.Status, e.Problem.Field));
    }

    [Fact]
    public async Task ListItems_SmallPages_HoldEveryItemOnce()
    {
        List<string> paged = [];
        string? cursor = null;
        do
        {
            ItemPage page = await shared.Client.ListItemsAsync(cursor, 3);
            Assert.True(page.Items.Length <= 3);
            paged.AddRange(page.Items.Select(i => i.ItemId));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(paged.Count, paged.Distinct().Count());
        Assert.Superset(Enumerable.Range(0, 5).SelectMany(i => (string[])[$"tea-{i}", $"ink-{i}"]).ToHashSet(), paged.ToHashSet());
    }

    [Fact]
    public async Task DeleteItem_ThatAListShowed_IsInTheNextListNoMore()
    {
        await using GatewayHost server = await GatewayHost.Start();
        using var client = await server.Client();
        await client.PutItemsAsync([new() { ItemId = "x" }, new() { ItemId = "y" }]);
        await client.RecordEventsAsync([SharedHost.Purchase("u", "x"), SharedHost.Purchase("u", "y")]);

        Assert.True(await client.DeleteItemAsync("x"));

        Assert.Equal(["y"], (await client.RecommendAsync("stranger")).Items.Select(i => i.ItemId));
        Assert.False(await client.DeleteItemAsync("never"));
    }

    [Fact]
    public async Task Similar_ItemOfATaste_AnswersItsTaste()
    {
        RecommendationAnswer? list = await shared.Client.SimilarAsync("tea-0", new() { K = 4 });

        Assert.Equal(["tea-1", "tea-2", "tea-3", "tea-4"], list!.Items.Select(i => i.ItemId).Order());
        Assert.All(list.Items, i => Assert.Equal("similar", i.Source));
        Assert.Null(await shared.Client.SimilarAsync("it-no-factors"));
    }

    [Fact]
    public async Task PutItems_OneBad_NamesItAndPutsTheOther()
    {
        ItemsAnswer answer = await shared.Client.PutItemsAsync([new() { ItemId = "it-5", Price = -1 }, new() { ItemId = "it-6" }]);

        Assert.Equal(1, answer.Accepted);
        Assert.Equal((0, "price"), (answer.Rejected[0].Index, answer.Rejected[0].Field));
        Assert.Null(await shared.Client.GetItemAsync("it-5"));
    }
}
