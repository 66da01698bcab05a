using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;
using OrleansRec.Model.Ranking;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: each rung gives what it names, in the order that the scenario states, and is named in the answer. Method: a shop of two kinds, and scenarios whose only part has no signal, so that a list is its ladder.
/// </summary>
public sealed class LadderTests
{
    [Fact]
    public void Context_PageItem_IsWhatIsBoughtWithIt_AndThenItsKind() => TwoKinds.Run(async cluster =>
    {
        for (int pair = 0; pair < TwoKinds.Pairs; pair++)
        {
            RecommendationList list = await List(cluster, "visitor", new() { PageItem = $"g{2 * pair}" }, "context");
            AssertFrom(RecommendationSource.Context, list);
            Assert.Equal($"g{2 * pair + 1}", list.Items[0].ItemId);
            // Gardeners have looked at one item of the kitchen too.
            Assert.All(list.Items.Where(i => i.ItemId != TwoKinds.Looked), i => Assert.StartsWith("g", i.ItemId));
            Assert.DoesNotContain(list.Items, i => i.ItemId == $"g{2 * pair}");
        }
        RecommendationList basket = await List(cluster, "visitor", new() { Basket = ["c0", "c4"] }, "context");
        Assert.Equal(["c1", "c5"], basket.Items.Take(2).Select(i => i.ItemId).Order());
        Assert.Empty((await List(cluster, "visitor", new(), "context")).Items);
    });

    [Fact]
    public void Context_ItemThatNoVersionKnows_IsWhatSharesItsWords() => TwoKinds.Run(async cluster =>
    {
        await TwoKinds.Put(cluster, "spade new", garden: true);
        RecommendationList list = await List(cluster, "visitor", new() { PageItem = "spade new" }, "context");
        AssertFrom(RecommendationSource.Context, list);
        Assert.All(list.Items, i => Assert.StartsWith("g", i.ItemId));
        // What is alike is kept by item; a change of the catalogue must show.
        await TwoKinds.Put(cluster, "spade new", garden: false);
        Assert.All((await List(cluster, "visitor", new() { PageItem = "spade new" }, "context")).Items, i => Assert.StartsWith("c", i.ItemId));
        Assert.Empty((await List(cluster, "visitor", new() { PageItem = "nobody knows it" }, "context")).Items);
    });

    [Fact]
    public void FirstEvent_OneView_IsWhatIsAlike_AndAUserOfManyItemsHasNone() => TwoKinds.Run(async cluster =>
    {
        await cluster.User("visitor").Record([Planted.Event("visitor", "g4", "view")]);
        RecommendationList list = await List(cluster, "visitor", new(), "first-event");
        AssertFrom(RecommendationSource.FirstEvent, list);
        Assert.Equal("g5", list.Items[0].ItemId);
        Assert.Empty((await List(cluster, "stranger", new(), "first-event")).Items);
        Assert.True(TwoKinds.Bought(0).Length > ListLadder.FewItemsMax);
        Assert.Empty((await List(cluster, "u0", new(), "first-event")).Items);
    });

    [Fact]
    public void FirstEvent_ADislike_LeadsNowhere() => TwoKinds.Run(async cluster =>
    {
        await cluster.User("visitor").Record([Planted.Event("visitor", "g4", "dislike")]);
        Assert.Empty((await List(cluster, "visitor", new(), "first-event")).Items);
    });

    /// <summary>Before the first training a list was by popularity alone, whatever the visitor looked at.</summary>
    [Fact]
    public void FirstEvent_WithoutAVersion_LeadsAPlainListByWords() => TwoKinds.Run(async cluster =>
    {
        await cluster.User("other").Record([.. Enumerable.Range(0, 9).Select(n => Planted.Event("other", $"c{n}"))]);
        await cluster.User("visitor").Record([Planted.Event("visitor", "g4", "view")]);
        RecommendationList list = await cluster.User("visitor").Recommend(new() { K = 4 * TwoKinds.Pairs });
        Assert.Equal(4 * TwoKinds.Pairs, list.Items.Length);
        Assert.Equal(Enumerable.Repeat(RecommendationSource.FirstEvent, 2 * TwoKinds.Pairs - 1), list.Items.TakeWhile(i => i.ItemId[0] == 'g' && i.ItemId != "g4").Select(i => i.Source));
        // An item that the user has only seen may appear again; nothing leads to it.
        Assert.Contains(list.Items, i => i.ItemId == "g4" && i.Source != RecommendationSource.FirstEvent);
        Assert.All((await cluster.User("stranger").Recommend(new() { K = 5 })).Items, i => Assert.Equal(RecommendationSource.Popular, i.Source));
        UserListsAnswer many = await cluster.ShardOf("visitor").RecommendMany(new(["visitor"]), new() { K = 4 * TwoKinds.Pairs });
        Assert.Equal(list.Items, many.Lists[0].List.Items);
    }, isTrained: false);

    [Fact]
    public void Segment_IsWhatMostOfItsUsersLike() => TwoKinds.Run(async cluster =>
    {
        string[] expected = [.. Enumerable.Range(0, TwoKinds.Segmented).Where(u => u % 2 == 0).SelectMany(u => TwoKinds.Bought(u).Concat(TwoKinds.Looks(u) ? [TwoKinds.Looked] : []).Distinct())
            .CountBy(i => i).OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Key)];
        foreach (string segment in (string[])["N", "region=north"])
        {
            RecommendationList list = await List(cluster, "visitor", new() { Segment = segment }, "segment");
            AssertFrom(RecommendationSource.Segment, list);
            Assert.Equal(expected, list.Items.Select(i => i.ItemId));
        }
        Assert.Equal(expected, (await List(cluster, "visitor", new() { Segment = "north" }, "segment", ",\"segmentBy\":\"region\"")).Items.Select(i => i.ItemId));
        Assert.Empty((await List(cluster, "visitor", new() { Segment = "W" }, "segment")).Items);
        Assert.Empty((await List(cluster, "visitor", new(), "segment")).Items);
    });

    [Fact]
    public void Segment_OfTheUsersOwnAttribute_LeadsThePlainListOfAUserWithoutEvents() => TwoKinds.Run(async cluster =>
    {
        await cluster.User("visitor").Configure(new() { Attributes = [new("segment", "S")] });
        RecommendationList list = await cluster.User("visitor").Recommend(new() { K = 5 });
        AssertFrom(RecommendationSource.Segment, list);
        Assert.All(list.Items, i => Assert.StartsWith("c", i.ItemId));
        await cluster.User("visitor").Configure(new() { MayPersonalise = false, Attributes = [new("segment", "S")] });
        AssertFrom(RecommendationSource.Popular, await cluster.User("visitor").Recommend(new() { K = 5 }));
    });

    [Fact]
    public void Trending_IsWhatTheLastDayAskedFor() => TwoKinds.Run(async cluster =>
    {
        RecommendationList list = await List(cluster, "visitor", new(), "trending");
        AssertFrom(RecommendationSource.Trending, list);
        Assert.Equal(TwoKinds.Looked, list.Items[0].ItemId);
        Assert.NotEqual(TwoKinds.Looked, (await List(cluster, "visitor", new(), "popular")).Items[0].ItemId);
    });

    [Fact]
    public void Ladder_RungsComeInTheOrderOfTheScenario_EachItemOnce() => TwoKinds.Run(async cluster =>
    {
        await cluster.ItemShard(cluster.Map.OfItem("tent")).Put([Planted.Item("tent") with { Title = "tent" }]);
        string[] asked = ["segment", "context", "new", "trending", "popular", "any"];
        RecommendationList list = await List(cluster, "visitor", new() { Segment = "S", PageItem = "g4" }, asked);
        // All but the page's item.
        Assert.Equal(4 * TwoKinds.Pairs, list.Items.Length);
        Assert.Equal(list.Items.Length, list.Items.Select(i => i.ItemId).Distinct().Count());
        string[] sources = [.. list.Items.Select(i => i.Source).Distinct()];
        Assert.Equal(asked.Where(sources.Contains), sources);
        Assert.Equal(["segment", "context", "new"], sources.Take(3));
        Assert.Equal(list.Items.OrderByDescending(i => i.Score).Select(i => i.ItemId), list.Items.Select(i => i.ItemId));
        RecommendationList usual = await cluster.User("visitor").Recommend(new() { K = 8, Shape = new() { Scenario = "cart", PageItem = "nobody knows it", Segment = "S" } });
        Assert.Equal("segment", usual.Items[0].Source);
    });

    private static void AssertFrom(string source, RecommendationList list)
    {
        Assert.NotEmpty(list.Items);
        Assert.All(list.Items, i => Assert.Equal(source, i.Source));
    }

    private static Task<RecommendationList> List(GrainCluster cluster, string user, ListShape shape, string rung, string more = "") => List(cluster, user, shape, [rung], more);

    private static Task<RecommendationList> List(GrainCluster cluster, string user, ListShape shape, string[] ladder, string more = "") => cluster.User(user).Recommend(new()
    {
        K = 100, Shape = shape with { Preview = $$"""{"parts":[{"name":"buy-again","weight":1}],"ladder":["{{string.Join("\",\"", ladder)}}"]{{more}}}""" },
    });
}
