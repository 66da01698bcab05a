using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model.Items;

namespace OrleansRec.Grains.Tests.Items;

/// <summary>Goal: an item is in lists from its first moment to its last, and no put is needed for either. Method: a fake clock that passes both, lists of every kind.</summary>
public sealed class ItemWindowTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    [Theory, InlineData(1), InlineData(2)]
    public void Window_TimePasses_OpensAndClosesEveryList(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        string[] items = Planted.Ids("i", 6);
        foreach (string item in items)
            await cluster.ShardOf("bob").Append([Planted.Event("bob", item)]);
        await Planted.Model(1, items, cluster.Map).Publish(cluster);
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "i0", "view")]);
        long now = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds(), step = (long)Step.TotalMilliseconds;

        async Task<string[][]> Lists() =>
        [
            Ids(await cluster.User("ann").Recommend(new() { K = 100 })), Ids(await cluster.User("ann").Recommend(new() { K = 100 })),
            Ids(await cluster.User("nobody").Recommend(new() { K = 100 })), Ids((await cluster.Item("i0").Similar(new() { K = 100 }))!),
        ];

        await cluster.Item("i1").Put(Windowed("i1", now + step, now + 3 * step));
        await cluster.Item("i2").Put(Windowed("i2", null, now + 2 * step));
        Assert.All(await Lists(), l => Assert.DoesNotContain("i1", l));
        Assert.All(await Lists(), l => Assert.Contains("i2", l));
        await Task.Delay(1.5 * Step, cluster.Clock);
        Assert.All(await Lists(), l => Assert.Superset(new HashSet<string> { "i1", "i2" }, l.ToHashSet()));
        await Task.Delay(Step, cluster.Clock);
        Assert.All(await Lists(), l => Assert.Contains("i1", l));
        Assert.All(await Lists(), l => Assert.DoesNotContain("i2", l));
        await Task.Delay(Step, cluster.Clock);
        Assert.All(await Lists(), l => Assert.DoesNotContain("i1", l));
        // A window that is moved holds as it is now, and a crash forgets none.
        now = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await cluster.Item("i1").Put(Windowed("i1", now, null));
        // A new start takes some seconds of the clock.
        await cluster.Item("i2").Put(Windowed("i2", now + 12 * step, null));
        Assert.All(await Lists(), l => Assert.Contains("i1", l));
        await cluster.Crash();
        Assert.All(await Lists(), l => Assert.DoesNotContain("i2", l));
        await Task.Delay(13 * Step, cluster.Clock);
        Assert.All(await Lists(), l => Assert.Contains("i2", l));
    });

    [Fact]
    public void Put_Details_ComeBackAfterACrashAndASnapshot() => GrainCluster.Run(3, async cluster =>
    {
        ItemRecord item = Planted.Item("a") with
        {
            Details = new()
            {
                Kind = ItemKind.Coupon, Brand = "Acme", Rating = 4.5, Tags = ["new"], Group = "g", FromMs = 5, UntilMs = 1L << 50, Text = "A text.", Url = "/a",
                ImageUrl = "/a.png", Vectors = [ItemVector.Of("text", [1, -2.5f])],
            },
        };
        await cluster.Item("a").Put(item);
        await cluster.Crash();
        Assert.Equivalent(item, (await cluster.Item("a").Get())!.Item, strict: true);
        await cluster.ItemShard(cluster.Map.OfItem("a")).Snapshot();
        await cluster.Crash();
        Assert.Equivalent(item, (await cluster.Item("a").Get())!.Item, strict: true);
        // Lists of other silos are not sent what they do not need.
        ItemDetails listed = (await cluster.ItemShard(cluster.Map.OfItem("a")).GetChanges(0)).Items.Single().Item!.Details!;
        Assert.Equal(("Acme", null, 0), (listed.Brand, listed.Text, listed.Vectors.Length));
    });

    [Fact]
    public void Get_Again_IsAnsweredFromTheGrainUntilTheItemChanges() => GrainCluster.Run(4, async cluster =>
    {
        IItemShardGrain shard = cluster.ItemShard(cluster.Map.OfItem("a"));
        Assert.Equal(new ItemLoad(0, false, null), await shard.Load("a", 0));
        await cluster.Item("a").Put(Planted.Item("a", 5));
        ItemLoad first = await shard.Load("a", 0);
        Assert.Equal(new ItemLoad(first.Stamp, true, null), await shard.Load("a", first.Stamp));
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "a")]);
        await cluster.Until("the event is counted", async () => (await cluster.Item("a").Get())!.Events == 1);
        ItemLoad counted = await shard.Load("a", first.Stamp);
        Assert.Equal((false, 1L), (counted.IsKnown, counted.View!.Users));
        await cluster.Crash();
        Assert.False((await cluster.ItemShard(cluster.Map.OfItem("a")).Load("a", counted.Stamp)).IsKnown);
        Assert.Equal(5, (await cluster.Item("a").Get())!.Item!.Price);
        Assert.Equal(5, (await cluster.Item("a").Get())!.Item!.Price);
        await cluster.Item("a").Delete();
        Assert.Null(await cluster.Item("a").Get());
        Assert.Null(await cluster.Item("a").Get());
    });

    [Fact]
    public void Filter_OnAPathAbove_FindsWhatIsBelow() => GrainCluster.Run(5, async cluster =>
    {
        await cluster.ItemShard(cluster.Map.OfItem("pot")).Put([Planted.Item("pot", categories: ["Home > Garden > Pots", "Sale"])]);
        await cluster.ItemShard(cluster.Map.OfItem("lamp")).Put([Planted.Item("lamp", categories: ["Home > Lighting"])]);
        await cluster.ItemShard(cluster.Map.OfItem("kite")).Put([Planted.Item("kite", categories: ["Home"])]);

        async Task<string[]> With(string category) => [.. Ids(await cluster.User("nobody").Recommend(new() { Filter = new() { Categories = [category] } })).Order()];
        async Task<string[]> Without(string category) => [.. Ids(await cluster.User("nobody").Recommend(new() { Filter = new() { NotCategories = [category] } })).Order()];

        Assert.Equal(["kite", "lamp", "pot"], await With("Home"));
        Assert.Equal(["pot"], await With("Home > Garden"));
        Assert.Equal(["pot"], await With("Home > Garden > Pots"));
        Assert.Empty(await With("Garden"));
        Assert.Equal(["kite", "lamp"], await Without("Home > Garden"));
        Assert.Equal(["kite", "lamp"], await Without("Sale"));
    });

    private static ItemRecord Windowed(string itemId, long? fromMs, long? untilMs) => Planted.Item(itemId) with { Details = new() { FromMs = fromMs, UntilMs = untilMs } };

    private static string[] Ids(RecommendationList list) => [.. list.Items.Select(i => i.ItemId)];
}
