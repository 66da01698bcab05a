using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: the models beside the factors answer through the grains, and an item that is put now is in the lists of users whose taste it meets. Method: a shop of gardeners and cooks, whose items say in their titles whose
/// they are, and come in pairs that are bought in one order.
/// </summary>
public sealed class CompanionListTests
{
    private const int Users = 120, Pairs = 8;

    private static readonly RecommendRequest _three = new() { K = 3 };

    [Fact]
    public void Put_NewItemOfAKind_IsListedAtOnceToItsUsersAndNoOthers() => Run(async cluster =>
    {
        await Put(cluster, "new spade", garden: true, price: 20);

        RecommendationList gardener = await cluster.User("u0").Recommend(new() { K = 5 }), cook = await cluster.User("u1").Recommend(new() { K = 5 });

        RecommendedItem listed = Assert.Single(gardener.Items, i => i.ItemId == "new spade");
        Assert.Equal(RecommendationSource.New, listed.Source);
        Assert.DoesNotContain(cook.Items, i => i.ItemId == "new spade");
        Assert.Equal(Enumerable.Range(1, 5), gardener.Items.Select(i => i.Rank));
        Assert.Equal(gardener.Items.OrderByDescending(i => i.Score).Select(i => i.ItemId), gardener.Items.Select(i => i.ItemId));
        Assert.All(gardener.Items.Where(i => i.ItemId != "new spade"), i => Assert.Equal(RecommendationSource.Personal, i.Source));
    });

    [Fact]
    public void NewItem_HiddenFilteredExcludedBoughtOrDeleted_IsInNoList() => Run(async cluster =>
    {
        async Task<bool> Lists(RecommendRequest request) => (await cluster.User("u0").Recommend(request)).Items.Any(i => i.ItemId == "new spade");
        await Put(cluster, "new spade", garden: true, price: 20);
        Assert.True(await Lists(new() { K = 5 }));
        Assert.True(await Lists(new() { K = 5, Filter = new() { PriceMax = 30 } }));
        Assert.False(await Lists(new() { K = 5, Filter = new() { PriceMax = 10 } }));
        Assert.False(await Lists(new() { K = 5, Filter = new() { Categories = ["kitchen"] } }));
        Assert.False(await Lists(new() { K = 5, Exclude = ["new spade"] }));
        Assert.True(await Lists(new() { K = 5, Candidates = ["new spade", "g0"] }));
        Assert.False(await Lists(new() { K = 5, Candidates = ["g0"] }));
        await Put(cluster, "new spade", garden: true, visible: false);
        Assert.False(await Lists(new() { K = 5 }));
        await Put(cluster, "new spade", garden: true);
        Assert.True(await Lists(new() { K = 5 }));
        await Put(cluster, "new spade", garden: false);
        Assert.False(await Lists(new() { K = 5 }));
        await Put(cluster, "new spade", garden: true);
        await cluster.User("u0").Record([Planted.Event("u0", "new spade")]);
        Assert.False(await Lists(new() { K = 5 }));
        Assert.True(await Lists(new() { K = 12, IncludeSeen = true }));
        await cluster.Item("new spade").Delete();
        Assert.False(await Lists(new() { K = 5, IncludeSeen = true }));
    });

    [Fact]
    public void RecommendFor_HistoryOfNobody_KnowsNewItemsToo() => Run(async cluster =>
    {
        await Put(cluster, "new spade", garden: true);
        HistoryPair[] history = [new("g0", 5), new("g3", 5)];
        Assert.Contains((await cluster.Tenant.Scoring.RecommendFor(history, new() { K = 12 })).Items, i => i is { ItemId: "new spade", Source: RecommendationSource.New });
        Assert.DoesNotContain((await cluster.Tenant.Scoring.RecommendFor([.. history, new("new spade", 1)], new() { K = 12 })).Items, i => i.ItemId == "new spade");
    });

    [Fact]
    public void Beside_Together_IsTheOtherItemOfTheOrder() => Run(async cluster =>
    {
        for (int pair = 0; pair < Pairs; pair++)
        {
            RecommendationList list = (await cluster.Item($"g{2 * pair}").Beside(ItemLink.Together, _three))!;
            Assert.Equal($"g{2 * pair + 1}", list.Items[0].ItemId);
            Assert.Equal(RecommendationSource.Together, list.Items[0].Source);
        }
        await cluster.ItemShard(cluster.Map.OfItem("g1")).Put([Planted.Item("g1", visible: false)]);
        Assert.DoesNotContain((await cluster.Item("g0").Beside(ItemLink.Together, _three))!.Items, i => i.ItemId == "g1");
        Assert.Null(await cluster.Item("nothing").Beside(ItemLink.Together, _three));
    });

    [Fact]
    public void Beside_EachWay_StaysWithinTheKind_AndUnknownWaysAreRefused() => Run(async cluster =>
    {
        foreach (string by in (string[])[ItemLink.Content, ItemLink.Factors, ItemLink.Neighbours])
        {
            RecommendationList list = (await cluster.Item("g4").Beside(by, _three))!;
            Assert.Equal(3, list.Items.Length);
            Assert.All(list.Items, i => Assert.Equal('g', i.ItemId[0]));
            Assert.DoesNotContain(list.Items, i => i.ItemId == "g4");
        }
        await Put(cluster, "new spade", garden: true);
        Assert.Null(await cluster.Item("new spade").Beside(ItemLink.Neighbours, _three));
        Assert.NotEmpty((await cluster.Item("new spade").Beside(ItemLink.Content, _three))!.Items);
        Assert.Contains("got magic", (await Assert.ThrowsAsync<ArgumentException>(() => cluster.Item("g4").Beside("magic", _three))).Message);
    });

    [Fact]
    public void Trending_LatestDay_ComesFirst_AndTheListIsFilledUp() => Run(async cluster =>
    {
        RecommendationList list = await cluster.Tenant.Scoring.Trending(new() { K = 40 });
        Assert.Equal(("c3", RecommendationSource.Trending), (list.Items[0].ItemId, list.Items[0].Source));
        Assert.Equal(4 * Pairs, list.Items.Length);
        Assert.Equal(list.Items.Length, list.Items.Select(i => i.ItemId).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, list.Items.Length), list.Items.Select(i => i.Rank));
        Assert.Equal(["c3"], (await cluster.Tenant.Scoring.Trending(new() { K = 1, Filter = new() { Categories = ["kitchen"] } })).Items.Select(i => i.ItemId));
        Assert.StartsWith("g", Assert.Single((await cluster.Tenant.Scoring.Trending(new() { K = 1, Filter = new() { Categories = ["garden"] } })).Items).ItemId);
    });

    [Fact]
    public void SimilarUsers_LatestUsersOfTheSameItems_TheMostAlikeFirst() => GrainCluster.Run(6, async cluster =>
    {
        async Task Buy(string user, params string[] items) => await cluster.User(user).Record([.. items.Select(i => Planted.Event(user, i))]);
        await Buy("ann", "a", "b", "c", "d");
        await Buy("twin", "a", "b", "c", "d");
        await Buy("half", "a", "b", "x", "y");
        await Buy("far", "x", "y");
        await Buy("silent", "a", "b", "c");
        await cluster.User("silent").Configure(new UserSettings { MayPersonalise = false });
        await cluster.User("foe").Record([Planted.Event("foe", "a", "dislike")]);
        SimilarUser[] expected = [new("twin", 1 * 4 / 6.0, 4), new("half", 0.5 * 2 / 4.0, 2)];
        await cluster.Until("the events are counted", async () => (await cluster.User("ann").SimilarUsers(10))!.Length == 2);

        SimilarUser[]? all = await cluster.User("ann").SimilarUsers(10), first = await cluster.User("ann").SimilarUsers(1), ofSilent = await cluster.User("silent").SimilarUsers(10);
        Assert.Equal(expected, all);
        Assert.Equal(expected[..1], first);
        Assert.Empty(ofSilent!);
        Assert.Null(await cluster.User("nobody").SimilarUsers(10));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.User("ann").SimilarUsers(0));
    });

    [Fact]
    public void Trending_WithoutAModel_IsWhatIsPopular() => GrainCluster.Run(5, async cluster =>
    {
        await cluster.User("ann").Record([Planted.Event("ann", "a")]);
        await cluster.Until("the event is counted", async () => (await cluster.Tenant.Scoring.Trending(_three)).Items is [{ ItemId: "a", Source: RecommendationSource.Popular }]);
    });

    private static void Run(Func<GrainCluster, Task> test) => GrainCluster.Run(5, async cluster =>
    {
        for (int n = 0; n < 2 * Pairs; n++)
            foreach (bool garden in (bool[])[true, false])
                await Put(cluster, (garden ? "g" : "c") + n, garden);
        long nowMs = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds(), dayMs = 86_400_000;
        for (int user = 0; user < Users; user++)
            await cluster.User($"u{user}").Record(EventsOf(user, nowMs - 40 * dayMs, nowMs - 1000, dayMs));
        await cluster.Tenant.Coordinator.Start(TrainingPlan.From(new AlsOptions { Rank = 8, Sweeps = 6, Lambda = 1 }, []));
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
        Assert.Equal(1, await cluster.Models.GetCurrent());
        await test(cluster);
    });

    /// <summary>Three orders of a pair each, forty days ago and later; and for every third user a look at c3 now.</summary>
    private static EventRecord[] EventsOf(int user, long startMs, long lastMs, long dayMs)
    {
        string kind = user % 2 == 0 ? "g" : "c";
        int[] pairs = [.. Enumerable.Range(0, Pairs).OrderBy(p => IdHash.Of($"{user}/{p}")).Take(3)];
        var events = new List<EventRecord>();
        for (int order = 0; order < pairs.Length; order++)
            for (int n = 0; n < 2; n++)
                events.Add(Planted.Event($"u{user}", $"{kind}{2 * pairs[order] + n}", timeMs: startMs + order * dayMs) with { SessionId = $"order {order}" });
        if (user % 3 == 0)
            events.Add(Planted.Event($"u{user}", "c3", "view", timeMs: lastMs));
        return [.. events];
    }

    private static Task Put(GrainCluster cluster, string itemId, bool garden, double? price = null, bool visible = true) => cluster.ItemShard(cluster.Map.OfItem(itemId)).Put(
        [new(itemId, garden ? "garden spade of steel" : "kitchen spoon of wood", [garden ? "garden" : "kitchen"], price, null, visible, [])]);
}
