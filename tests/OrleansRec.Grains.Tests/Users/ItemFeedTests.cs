using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>
/// Counters of items are exactly those of the histories, whatever crashes. Method: random events, removals and erasures, with crashes, failing
/// stores and snapshots in between; then every counter is compared with a count over the histories themselves.
/// </summary>
public sealed class ItemFeedTests
{
    private static readonly string[] Users = Planted.Ids("u", 12), Items = Planted.Ids("i", 9);

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Counters_AfterCrashesAndSnapshots_AreThoseOfTheHistories(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        var random = new Random((int)seed);
        for (int round = 0; round < 5; round++)
        {
            await Act(cluster, random, 30);
            if (random.Next(2) == 0)
                await Attempt(() => cluster.ItemShard(random.Next(3)).Snapshot());
            if (random.Next(2) == 0)
                _ = Attempt(() => cluster.UserShard(random.Next(2)).Snapshot());
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200)), cluster.Clock);
            if (random.Next(3) == 0)
                await cluster.Crash();
            else if (random.Next(2) == 0)
                await cluster.Restart();
            else
                await FailOneItemShard(cluster, random);
        }
        await CountsAgree(cluster);
    }, configure: s => s.PostConfigure<UserShardOptions>(o => (o.SnapshotRecords, o.FeedBatchMax) = (40, 7)));

    [Fact]
    public void Counters_OfAShardThatLostItsMemory_AreSentAgain() => GrainCluster.Run(4, async cluster =>
    {
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "a"), Planted.Event("ann", "a", "view")]);
        IItemShardGrain shard = cluster.ItemShard(cluster.Map.OfItem("a"));
        await cluster.Until("the feed", async () => (await shard.Get("a"))?.Events == 2);

        cluster.Store.FailsAppend = stream => stream.Contains("/items/", StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => shard.Put([Planted.Item("a")]));
        cluster.Store.FailsAppend = _ => false;

        await cluster.Until("the feed again", async () => await Attempt(() => shard.Get("a")) is { Events: 2, Users: 1, Item: null });
    });

    /// <summary>
    /// Two snapshots of a shard with the same catalogue have the same number, so nothing told that the older one was read: what had come between was
    /// counted nowhere, because the user shard had let it go.
    /// </summary>
    [Fact]
    public void Counters_OfAShardThatReadAnOlderSnapshot_AreThoseOfTheHistories() => GrainCluster.Run(7, async cluster =>
    {
        int shard = cluster.Map.OfItem("a");
        string stream = LogStreams.Items(cluster.Tenant.Tenant, shard);
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "a")]);
        await cluster.ShardOf("ann").Snapshot();
        LogSnapshot older = (await cluster.Disk.ReadSnapshot(stream))!;
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "a", "view")]);
        await cluster.ShardOf("ann").Snapshot();

        await cluster.Crash();
        cluster.Store.OlderSnapshot = (stream, older);
        await Attempt(() => cluster.ItemShard(shard).Get("a"));

        await cluster.Until("both events are counted", async () => await Attempt(() => cluster.ItemShard(shard).Get("a")) is { Events: 2 });
        Assert.Null(cluster.Store.OlderSnapshot);
    });

    [Fact]
    public void Get_ItemWithManyEvents_ShowsTheLatestTwentyNewestFirst() => GrainCluster.Run(5, async cluster =>
    {
        for (int i = 0; i < 30; i++)
            await cluster.ShardOf("ann").Append([Planted.Event("ann", "a", timeMs: i)]);
        await cluster.Until("the feed", async () => (await cluster.Item("a").Get())?.Events == 30);
        ItemView view = (await cluster.Item("a").Get())!;

        Assert.Equal(Enumerable.Range(10, 20).Select(i => (long)i).Reverse(), view.Recent.Select(r => r.TimeMs));
        Assert.Equal((1, 29), (view.Users, view.LastTimeMs));
    });

    [Fact]
    public void Erase_OfAUser_TakesItsEventsOutOfTheItems() => GrainCluster.Run(6, async cluster =>
    {
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "a"), Planted.Event("ann", "a", "view")]);
        await cluster.ShardOf("bob").Append([Planted.Event("bob", "a")]);
        await cluster.Until("the feed", async () => (await cluster.Item("a").Get())?.Events == 3);
        await cluster.ShardOf("ann").Erase("ann");
        await cluster.Until("the erasure", async () => (await cluster.Item("a").Get())?.Events == 1);
        ItemView view = (await cluster.Item("a").Get())!;

        Assert.Equal(1, view.Users);
        Assert.Equal(["bob"], view.Recent.Select(r => r.UserId));
    });

    private static async Task Act(GrainCluster cluster, Random random, int count)
    {
        for (int n = 0; n < count; n++)
        {
            string user = Users[random.Next(Users.Length)];
            EventRecord[] events = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Planted.Event(user, Items[random.Next(Items.Length)], timeMs: random.Next(6)))];
            IUserShardGrain shard = cluster.ShardOf(user);
            await Attempt<object?>(random.Next(10) switch
            {
                0 => async () => await shard.Erase(user),
                1 or 2 => async () => await shard.Remove(user, events[0].EventKey),
                _ => async () => await shard.Append(events),
            });
        }
    }

    private static async Task FailOneItemShard(GrainCluster cluster, Random random)
    {
        string item = Items[random.Next(Items.Length)];
        cluster.Store.FailsAppend = stream => stream.Contains("/items/", StringComparison.Ordinal);
        await Attempt<object?>(async () => await cluster.Item(item).Put(Planted.Item(item)));
        cluster.Store.FailsAppend = _ => false;
    }

    private static async Task CountsAgree(GrainCluster cluster)
    {
        var histories = new List<UserHistory>();
        foreach (string user in Users)
            histories.Add((await cluster.ShardOf(user).Load(user, -1))!);
        await cluster.ShardOf("ann").GetStatus();
        foreach (string item in Items)
        {
            int events = histories.Sum(h => h.Events.Count(e => e.ItemId == item)), users = histories.Count(h => h.Events.Any(e => e.ItemId == item));
            await cluster.Until($"{item} has {users} users and {events} events", async () =>
                await Attempt(() => cluster.ItemShard(cluster.Map.OfItem(item)).Get(item)) is var view && (view?.Users ?? 0, view?.Events ?? 0) == (users, events));
        }
        // Once equal it must stay so: a change counted late would show now.
        await Task.Delay(TimeSpan.FromSeconds(5), cluster.Clock);
        foreach (string item in Items)
        {
            ItemView? view = await cluster.ItemShard(cluster.Map.OfItem(item)).Get(item);
            Assert.Equal(histories.Count(h => h.Events.Any(e => e.ItemId == item)), view?.Users ?? 0);
        }
    }

    private static async Task<T?> Attempt<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is StoreUnavailableException or FencedException)
        {
            return default;
        }
    }

    private static async Task Attempt(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e) when (e is StoreUnavailableException or FencedException or InvalidOperationException)
        {
            // A snapshot that an item shard could not join is tried again by the shard itself.
        }
    }
}
