using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>
/// A list is exactly that of the model, catalogue and history that it names. Method: planted models, and a brute-force list from a plain
/// elimination in double over the very same state.
/// </summary>
public sealed class UserGrainTests
{
    private static readonly string[] Items = Planted.Ids("item", 40);

    public static TheoryData<ulong> Seeds => [1, 2, 3];

    [Theory, MemberData(nameof(Seeds))]
    public void Recommend_AnyHistory_EqualsBruteForce(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        PlantedModel model = Planted.Model((long)seed, Items, cluster.Map, rank: 8);
        await model.Publish(cluster);
        var random = new Random((int)seed);
        for (int user = 0; user < 20; user++)
        {
            string userId = $"user{user}";
            EventRecord[] events = [.. Enumerable.Range(0, random.Next(1, 12)).Select(n => Planted.Event(
                userId, Items[random.Next(Items.Length)], random.Next(2) == 0 ? "view" : "purchase", timeMs: n))];
            await cluster.User(userId).Record(events);

            RecommendationList list = await cluster.User(userId).Recommend(new() { K = 15 });

            Assert.Equal((model.Info.Version, 0, events.Length), (list.ModelVersion, list.CatalogueVersion, list.HistoryVersion));
            AssertEqualsBruteForce(model, events, list, 15);
        }
    });

    [Theory, MemberData(nameof(Seeds))]
    public void RecordThenRecommend_NewEvents_AreKnownToTheList(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        PlantedModel model = Planted.Model(1, Items, cluster.Map);
        await model.Publish(cluster);
        var history = new List<EventRecord>();
        for (int n = 0; n < 6; n++)
        {
            EventRecord e = Planted.Event("ann", Items[n * 3]);
            RecordedList first = await cluster.User("ann").RecordThenRecommend([e], new() { K = 40 });
            history.Add(e);
            RecordedList again = await cluster.User("ann").RecordThenRecommend([e], new() { K = 40 });

            Assert.Equal(new AppendAnswer(1, 0, 1, n + 1), first.Answer);
            Assert.Equal(new AppendAnswer(0, 1, 0, n + 1), again.Answer);
            Assert.Equal(n + 1, first.List.HistoryVersion);
            AssertEqualsBruteForce(model, history, first.List, 40);
            Assert.Equal(first.List.Items, again.List.Items);
            Assert.NotEqual(first.List.RecommendationId, again.List.RecommendationId);
        }
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Recommend_AfterEventsThatCameAnotherWay_KnowsThem(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        PlantedModel model = Planted.Model(1, Items, cluster.Map);
        await model.Publish(cluster);
        EventRecord[] events = [Planted.Event("ann", "item1"), Planted.Event("ann", "item2"), Planted.Event("ann", "item3")];
        await cluster.User("ann").Record(events[..1]);
        await cluster.User("ann").Recommend(new());

        await cluster.ShardOf("ann").Append(events[1..]);
        AssertEqualsBruteForce(model, events, await cluster.User("ann").Recommend(new()), 10);
        await cluster.ShardOf("ann").Remove("ann", events[1].EventKey);
        RecommendationList list = await cluster.User("ann").Recommend(new());
        Assert.Equal(4, list.HistoryVersion);
        AssertEqualsBruteForce(model, [events[0], events[2]], list, 10);
        // Removed and added elsewhere: the view must not take its own append for the whole difference.
        await cluster.ShardOf("ann").Remove("ann", events[0].EventKey);
        await cluster.User("ann").Record([Planted.Event("ann", "item9")]);
        Assert.Equal(["item3", "item9"], (await cluster.User("ann").Export()).Events.Select(e => e.ItemId));
    });

    [Fact]
    public void Recommend_RequestFields_AreObeyed() => GrainCluster.Run(4, async cluster =>
    {
        PlantedModel model = Planted.Model(1, Items, cluster.Map);
        await model.Publish(cluster);
        for (int i = 0; i < Items.Length; i++)
            await cluster.Item(Items[i]).Put(Planted.Item(Items[i], price: i, stock: i % 3 == 0 ? null : i, categories: i % 2 == 0 ? ["even"] : ["odd", "other"]));
        await cluster.User("ann").Record([Planted.Event("ann", "item0"), Planted.Event("ann", "item5", "view")]);
        async Task<string[]> List(RecommendRequest request) => [.. (await cluster.User("ann").Recommend(request with { K = 100 })).Items.Select(i => i.ItemId).OrderBy(RowKey.Of)];
        static string[] Sorted(IEnumerable<string> ids) => [.. ids.OrderBy(RowKey.Of)];
        string[] unseen = [.. Items.Where(i => i != "item0")];

        Assert.Equal(Sorted(unseen), await List(new()));
        Assert.Equal(Sorted(Items), await List(new() { IncludeSeen = true }));
        Assert.Equal(Sorted(unseen.Except(["item7", "item8"])), await List(new() { Exclude = ["item7", "item8", "unknown"] }));
        // Candidates all come back, but for what the user has.
        Assert.Equal(Sorted(["item3", "item4", "unknown"]), await List(new() { Candidates = ["item3", "item4", "item3", "item0", "unknown"] }));
        Assert.Equal(Sorted(unseen.Where((_, i) => i % 2 == 1)), await List(new() { Filter = new() { Categories = ["even"] } }));
        Assert.Equal(Sorted(unseen.Where((_, i) => i % 2 == 1)), await List(new() { Filter = new() { NotCategories = ["other", "unknown"] } }));
        Assert.Equal(Sorted(["item10", "item11", "item12"]), await List(new() { Filter = new() { PriceMin = 10, PriceMax = 12 } }));
        Assert.Equal(Sorted(["item10", "item11"]), await List(new() { Filter = new() { PriceMin = 10, PriceMax = 12, InStock = true } }));
        Assert.Empty(await List(new() { Filter = new() { Categories = ["unknown"] } }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.User("ann").Recommend(new() { K = 0 }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.User("ann").Recommend(new() { K = 1001 }));
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Recommend_NoUsableHistory_IsThePopularOnes(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        for (int user = 0; user < 6; user++)
            await cluster.User($"u{user}").Record([.. Items.Take(user + 1).Select(i => Planted.Event($"u{user}", i))]);
        await cluster.Item("new").Put(Planted.Item("new"));
        string[] expected = ["item0", "item1", "item2", "item3", "item4", "item5", "new"];
        await cluster.Until("the counts", async () => (await cluster.Item("item5").Get())?.Users == 1 && (await cluster.Item("item0").Get())?.Users == 6);

        RecommendationList cold = await cluster.User("nobody").Recommend(new() { K = 20 });
        Assert.Equal(expected, cold.Items.Select(i => i.ItemId));
        Assert.Equal([6f, 5, 4, 3, 2, 1, 0], cold.Items.Select(i => i.Score));
        Assert.All(cold.Items, (item, i) => Assert.Equal((i + 1, RecommendationSource.Popular), (item.Rank, item.Source)));
        Assert.Equal((0, 1, 0), (cold.ModelVersion, cold.CatalogueVersion, cold.HistoryVersion));

        // Someone whose only items have no factors, seen ones left out.
        await Planted.Model(1, Items[2..], cluster.Map).Publish(cluster);
        RecommendationList warm = await cluster.User("u1").Recommend(new() { K = 3 });
        Assert.Equal(["item2", "item3", "item4"], warm.Items.Select(i => i.ItemId));
        Assert.Equal((1, 2), (warm.ModelVersion, warm.HistoryVersion));
        Assert.Equal(RecommendationSource.Personal, (await cluster.User("u2").Recommend(new())).Items[0].Source);
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Explain_AnyItem_SumsToTheScoreOfTheList(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        foreach (Objective objective in Enum.GetValues<Objective>())
        {
            PlantedModel model = Planted.Model(1 + (long)objective, Items, cluster.Map, rank: 6, objective);
            await model.Publish(cluster);
            await cluster.User("ann").Record([.. Items.Take(7).Select((i, n) => Planted.Event("ann", i, "rating", 1 + n % 5))]);
            RecommendationList list = await cluster.User("ann").Recommend(new() { K = 40 });
            Assert.Equal(33, list.Items.Length);
            foreach (RecommendedItem item in list.Items)
            {
                Explanation why = (await cluster.User("ann").Explain(item.ItemId))!;
                Assert.Equal((item.ItemId, model.Info.Version, 7L), (why.ItemId, why.ModelVersion, why.HistoryVersion));
                Assert.Equal(why.Score, why.Offset + why.Contributions.Sum(c => c.Amount));
                Assert.Equal(item.Score, why.Score, 1e-4 * Math.Max(1, Math.Abs(why.Score)));
                Assert.All(why.Contributions, c => Assert.Equal(c.Amount, c.Similarity * c.Weight, 12));
                Assert.Equal(why.Contributions.OrderByDescending(c => c.Amount), why.Contributions);
            }
            Assert.Null(await cluster.User("ann").Explain("unknown"));
        }
    });

    [Fact]
    public void Erase_User_LeavesNothingToExportProfileOrList() => GrainCluster.Run(6, async cluster =>
    {
        await Planted.Model(1, Items, cluster.Map).Publish(cluster);
        Assert.Null(await cluster.User("ann").GetProfile());
        await cluster.User("ann").Record([Planted.Event("ann", "item1", timeMs: 10), Planted.Event("ann", "item2", timeMs: 5)]);
        UserProfile profile = (await cluster.User("ann").GetProfile())!;
        Assert.Equal((2, 2, 2, 5, 10, 1, 4), (profile.HistoryVersion, profile.Events, profile.Items, profile.FirstTimeMs, profile.LastTimeMs, profile.ModelVersion, profile.Vector.Length));

        Assert.Equal(2, (await cluster.User("ann").Erase()).Receipt!.Events);

        Assert.Null(await cluster.User("ann").GetProfile());
        Assert.Empty((await cluster.User("ann").Export()).Events);
        Assert.All((await cluster.User("ann").Recommend(new())).Items, i => Assert.Equal(RecommendationSource.Popular, i.Source));
        Assert.Empty(await cluster.ShardOf("ann").List(null, 10));
    });

    [Fact]
    public void Record_EventOfAnotherUser_IsRefused() => GrainCluster.Run(6, async cluster =>
    {
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.User("ann").Record([Planted.Event("ann", "a"), Planted.Event("bob", "a")]));
        Assert.Null(await cluster.User("ann").GetProfile());
    });

    [Theory, MemberData(nameof(Seeds))]
    public void Recommend_WhileVersionsArePublished_NamesTheModelThatScored(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        PlantedModel[] models = [.. Enumerable.Range(1, 3).Select(v => Planted.Model(v, Items, cluster.Map, rank: 3 + v))];
        await models[0].Publish(cluster);
        EventRecord[] events = [Planted.Event("ann", "item1"), Planted.Event("ann", "item2")];
        await cluster.User("ann").Record(events);
        var versions = new HashSet<long>();
        Task publishing = Publish();
        while (!publishing.IsCompleted)
        {
            RecommendationList list = await cluster.User("ann").Recommend(new());
            AssertEqualsBruteForce(models[list.ModelVersion - 1], events, list, 10);
            versions.Add(list.ModelVersion);
            // The fake clock moves, and with it the store, only while nothing runs.
            await Task.Delay(TimeSpan.FromMilliseconds(1), cluster.Clock);
        }
        await publishing;
        Assert.Equal(3, (await cluster.User("ann").Recommend(new())).ModelVersion);
        Assert.True(versions.Count > 1, "no list was asked for between two versions");

        async Task Publish()
        {
            await models[1].Publish(cluster);
            await models[2].Publish(cluster);
        }
    }, configure: s => s.PostConfigure<ModelDirectoryOptions>(o => o.VersionsKept = 5));

    private static void AssertEqualsBruteForce(PlantedModel model, IReadOnlyCollection<EventRecord> events, RecommendationList list, int k)
    {
        var values = events.GroupBy(e => e.ItemId).ToDictionary(
            g => g.Key, g => g.Sum(e => (EventTypeRules.Default.TryGet(e.Type, out EventTypeRule? rule) ? rule.Weight : 1) * (double)e.Value));
        HashSet<string> seen = [.. events.Where(e => e.Type == "purchase").Select(e => e.ItemId)];
        double[] x = model.Solve(values);
        (string Id, double Score)[] expected = [.. Items.Where(i => !seen.Contains(i))
            .Select(i => (Id: i, Score: model.Score(x, i))).OrderByDescending(s => s.Score).Take(k)];
        Assert.Equal(expected.Length, list.Items.Length);
        double scale = expected.Max(e => Math.Abs(e.Score));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Score, list.Items[i].Score, 1e-5 * scale);
            // Two items may only stand the other way round where their scores agree to float accuracy.
            Assert.Equal(expected[i].Score, model.Score(x, list.Items[i].ItemId), 1e-5 * scale);
            Assert.Equal(i + 1, list.Items[i].Rank);
        }
    }
}
