using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Items;

/// <summary>The catalogue is durable before the answer and in the next list after it.</summary>
public sealed class ItemShardGrainTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Put_ThenCrash_IsThere(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        ItemRecord item = Planted.Item("a", 9.5, 3, true, "red", "blue");
        Assert.Equal(1, await cluster.Item("a").Put(item));
        Assert.Equal(2, await cluster.Item("a").Put(item with { Price = 10 }));

        await cluster.Crash();

        ItemView view = (await cluster.Item("a").Get())!;
        Assert.Equivalent(item with { Price = 10 }, view.Item);
        Assert.True(await cluster.Item("a").Delete());
        Assert.False(await cluster.Item("a").Delete());
        Assert.Null(await cluster.Item("a").Get());
        await cluster.ItemShard(cluster.Map.OfItem("a")).Snapshot();
        await cluster.Crash();
        Assert.Null(await cluster.Item("a").Get());
        Assert.Equal(3, (await cluster.ItemShard(cluster.Map.OfItem("a")).GetStatus()).CatalogueVersion);
    });

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Put_HiddenOrSoldOutOrDeleted_IsInNoListAtOnce(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        string[] items = Planted.Ids("i", 8);
        foreach (string item in items)
            await cluster.ShardOf("bob").Append([Planted.Event("bob", item)]);
        await Planted.Model(1, items, cluster.Map).Publish(cluster);
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "i0", "view")]);

        async Task<string[][]> Lists() =>
        [
            Ids(await cluster.User("ann").Recommend(new() { K = 100 })),
            Ids(await cluster.User("nobody").Recommend(new() { K = 100 })),
            Ids((await cluster.Item("i0").Similar(new() { K = 100 }))!),
            Ids(await cluster.User("ann").Recommend(new() { K = 100, Candidates = items })),
        ];

        await cluster.Item("i1").Put(Planted.Item("i1", visible: false));
        Assert.All(await Lists(), l => Assert.DoesNotContain("i1", l));
        await cluster.Item("i1").Put(Planted.Item("i1"));
        Assert.All(await Lists(), l => Assert.Contains("i1", l));
        await cluster.Item("i2").Put(Planted.Item("i2", stock: 0));
        Assert.All(await Lists(), l => Assert.DoesNotContain("i2", l));
        await cluster.Item("i2").Put(Planted.Item("i2", stock: 1));
        Assert.All(await Lists(), l => Assert.Contains("i2", l));
        await cluster.Item("i3").Delete();
        Assert.All(await Lists(), l => Assert.DoesNotContain("i3", l));
        await cluster.Item("i3").Put(Planted.Item("i3"));
        Assert.All(await Lists(), l => Assert.Contains("i3", l));
    });

    /// <summary>A snapshot left out items that were deleted and had no events any more, and a model that was trained on those events listed them again.</summary>
    [Fact]
    public void Delete_ThenItsEventsGo_IsInNoListAfterASnapshotAndACrash() => GrainCluster.Run(6, async cluster =>
    {
        await cluster.ShardOf("bob").Append([Planted.Event("bob", "a"), Planted.Event("bob", "b")]);
        await Planted.Model(1, ["a", "b"], cluster.Map).Publish(cluster);
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "b", "view")]);
        await cluster.Item("a").Put(Planted.Item("a"));
        Assert.True(await cluster.Item("a").Delete());
        await cluster.User("bob").Erase();
        IItemShardGrain shard = cluster.ItemShard(cluster.Map.OfItem("a"));
        await cluster.Until("the erasure has reached the item", async () =>
            (await shard.GetStatus()).Watermarks[cluster.Map.OfUser("bob")] >= 3);
        await shard.Snapshot();

        await cluster.Crash();

        Assert.Equal(["b"], Ids(await cluster.User("ann").Recommend(new() { K = 100, IncludeSeen = true })));
    });

    [Fact]
    public void Put_CommitFails_IsInNoList() => GrainCluster.Run(5, async cluster =>
    {
        await cluster.Item("a").Put(Planted.Item("a"));
        Assert.Equal(["a"], Ids(await cluster.User("nobody").Recommend(new())));
        cluster.Store.FailsAppend = _ => true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Item("a").Put(Planted.Item("a", visible: false)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.Item("b").Put(Planted.Item("b")));
        cluster.Store.FailsAppend = _ => false;

        RecommendationList list = await cluster.User("nobody").Recommend(new());

        Assert.Equal(["a"], Ids(list));
        Assert.Equal(1, list.CatalogueVersion);
    });

    [Fact]
    public void GetChanges_SinceAVersion_HoldsWhatChangedOrEverything() => GrainCluster.Run(2, async cluster =>
    {
        string[] items = [.. Planted.Ids("i", 40).Where(i => cluster.Map.OfItem(i) == 0)];
        IItemShardGrain shard = cluster.ItemShard(0);
        await shard.Put([.. items.Select(i => Planted.Item(i))]);
        long known = (await shard.GetChanges(0)).Version;
        await shard.Put([Planted.Item(items[1], 5)]);
        await shard.Delete(items[2]);

        ItemChanges some = await shard.GetChanges(known);
        Assert.False(some.Complete);
        Assert.Equal([items[1], items[2]], some.Items.Select(i => i.ItemId).Order(StringComparer.Ordinal).ToArray());
        Assert.True(some.Items.Single(i => i.ItemId == items[2]).Deleted);
        Assert.Empty((await shard.GetChanges(some.Version)).Items);
        Assert.True((await shard.GetChanges(known - 5)).Complete);
        Assert.Equal(items.Length, (await shard.GetChanges(known - 5)).Items.Length);
    }, configure: s => s.PostConfigure<ItemShardOptions>(o => o.ChangesMax = 4));

    [Fact]
    public void List_Pages_CoverItemsInTheOrderOfHashAndIdWithoutDeletedOnes() => GrainCluster.Run(3, async cluster =>
    {
        string[] items = [.. Planted.Ids("i", 60).Where(i => cluster.Map.OfItem(i) == 2)];
        IItemShardGrain shard = cluster.ItemShard(2);
        await shard.Put([.. items.Select(i => Planted.Item(i))]);
        await shard.Delete(items[3]);
        var listed = new List<string>();
        while (await shard.List(listed.LastOrDefault(), 4) is { Length: > 0 } page)
            listed.AddRange(page.Select(i => i.ItemId));
        Assert.Equal(items.Where(i => i != items[3]).OrderBy(RowKey.Of), listed);
    });

    private static string[] Ids(RecommendationList list) => [.. list.Items.Select(i => i.ItemId)];
}
