using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Goal: the lists of one page have no item in common, the first block chooses first, and all are of one history. Method: the shop of two kinds; each block against the same list alone without what earlier blocks show.</summary>
public sealed class PageListTests
{
    private static readonly ListShape _home = new() { Scenario = "home" };

    [Fact]
    public void Page_EachBlock_IsItsListWithoutWhatEarlierBlocksShow() => TwoKinds.Run(async cluster =>
    {
        RecommendRequest[] blocks =
        [
            new() { K = 4, Shape = _home }, new() { K = 4, Shape = new() { Scenario = "item", PageItem = "g4" } }, new() { K = 3 }, new() { K = 3, Exclude = ["c1"], Filter = new() { Categories = ["kitchen"] } },
        ];
        RecommendationList[] page = await cluster.User("u1").RecommendPage(blocks);
        var shown = new List<string>();
        for (int n = 0; n < blocks.Length; n++)
        {
            RecommendationList alone = await cluster.User("u1").Recommend(blocks[n] with { K = 40 });
            Assert.Equal(alone.Items.Select(i => i.ItemId).Except(shown).Take(blocks[n].K), page[n].Items.Select(i => i.ItemId));
            Assert.Equal(Enumerable.Range(1, blocks[n].K), page[n].Items.Select(i => i.Rank));
            Assert.Equal((alone.ModelVersion, alone.CatalogueVersion, alone.HistoryVersion), (page[n].ModelVersion, page[n].CatalogueVersion, page[n].HistoryVersion));
            shown.AddRange(page[n].Items.Select(i => i.ItemId));
        }
        Assert.Equal(14, shown.Distinct().Count());
        Assert.Equal(4, page.Select(l => l.RecommendationId).Distinct().Count());
        // A block whose list alone has the first item of the page shows that the order of blocks decides.
        RecommendationList[] turned = await cluster.User("u1").RecommendPage([.. blocks.Reverse()]);
        Assert.NotEqual(page[^1].Items.Select(i => i.ItemId), turned[0].Items.Select(i => i.ItemId));
    });

    [Fact]
    public void Page_AfterAnEventThatCameAnotherWay_KnowsItInEveryBlock() => TwoKinds.Run(async cluster =>
    {
        RecommendationList[] before = await cluster.User("u0").RecommendPage([new() { K = 3, Shape = _home }, new() { K = 3 }]);
        string bought = before[1].Items[0].ItemId;
        AppendAnswer answer = await cluster.ShardOf("u0").Append([Planted.Event("u0", bought)]);
        RecommendationList[] page = await cluster.User("u0").RecommendPage([new() { K = 3, Shape = _home }, new() { K = 3 }, new() { K = 40 }]);
        Assert.All(page, list => Assert.Equal(answer.HistoryVersion, list.HistoryVersion));
        Assert.DoesNotContain(bought, page.SelectMany(l => l.Items).Select(i => i.ItemId));
        // The last block takes all that is left.
        Assert.Equal(4 * TwoKinds.Pairs - TwoKinds.Bought(0).Append(bought).Distinct().Count(), page.Sum(l => l.Items.Length));
    });

    [Fact]
    public void Page_OfAStranger_IsPopularOnce_AndPinsAreShownOnce() => TwoKinds.Run(async cluster =>
    {
        await cluster.Tenant.ShopRules.SetScenario("pinned", """{"rules":[{"name":"pin","kind":"pin","item":"c7","position":1}]}""");
        RecommendationList[] page = await cluster.User("stranger").RecommendPage([.. Enumerable.Repeat(new RecommendRequest { K = 5, Shape = new() { Scenario = "pinned" } }, 3)]);
        Assert.Equal("c7", page[0].Items[0].ItemId);
        Assert.Equal(15, page.SelectMany(l => l.Items).Select(i => i.ItemId).Distinct().Count());
    });

    [Fact]
    public void Next_OfABlock_RepeatsNothingOfTheBlocksBefore() => TwoKinds.Run(async cluster =>
    {
        RecommendationList[] page = await cluster.User("u0").RecommendPage([new() { K = 3, Shape = _home }, new() { K = 3, Shape = _home with { HasPages = true } }]);
        RecommendationList next = (await cluster.User("u0").Next(page[1].RecommendationId, 40))!;
        Assert.NotEmpty(next.Items);
        Assert.Empty(next.Items.Select(i => i.ItemId).Intersect(page.SelectMany(l => l.Items).Select(i => i.ItemId)));
    });

    [Fact]
    public void Page_OutOfBounds_IsRefused() => TwoKinds.Run(async cluster =>
    {
        IUserGrain user = cluster.User("stranger");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => user.RecommendPage([]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => user.RecommendPage([.. Enumerable.Repeat(new RecommendRequest(), PageRules.BlocksMax + 1)]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => user.RecommendPage([new() { K = PageRules.EntriesMax }, new() { K = 1 }]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => user.RecommendPage([new() { K = 0 }]));
        Assert.Equal("blocks[1].scenario", (await Assert.ThrowsAsync<ListRefusedException>(() => user.RecommendPage([new(), new() { Shape = new() { Scenario = "hone" } }]))).Field);
        Assert.Equal(PageRules.BlocksMax, (await user.RecommendPage([.. Enumerable.Repeat(new RecommendRequest { K = 1 }, PageRules.BlocksMax)])).Length);
    }, isTrained: false);
}
