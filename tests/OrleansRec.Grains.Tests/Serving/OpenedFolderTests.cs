using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: a list by popularity is whole and in order from the first one on after a folder is opened. Method: items that events alone name, so that all that is known of them is what user shards send; the process dies before any snapshot.
/// </summary>
public sealed class OpenedFolderTests
{
    private const int Items = 12;

    /// <summary>Fixed: the first lists had the items that had been counted again by then, often none.</summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Popular_FirstListAfterACrash_IsThatOfBefore(ulong seed) => Run(seed, TimeSpan.FromSeconds(2), async cluster =>
    {
        string[] before = await Popular(cluster, "stranger");
        await cluster.Crash();
        Assert.Equal(before, await Popular(cluster, "stranger"));
        await cluster.Crash();
        Assert.Equal(before, await Popular(cluster, "stranger", new() { Scenario = "home" }));
        await cluster.Crash();
        Assert.Equal(before, (await cluster.Tenant.Scoring.Trending(new() { K = 50 })).Items.Select(i => i.ItemId));
    });

    /// <summary>Where lists may not wait, a published version's counts stand in.</summary>
    [Fact]
    public void Popular_FirstListAfterACrash_GoesByTheVersion() => Run(4, TimeSpan.Zero, async cluster =>
    {
        await cluster.Tenant.Coordinator.Start(TrainingPlan.From(new AlsOptions { Rank = 4, Sweeps = 2 }, []));
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
        string[] before = await Popular(cluster, "stranger");
        await cluster.Crash();
        Assert.Equal(before, await Popular(cluster, "stranger"));
        await cluster.Crash();
        Assert.Equal(before, await Popular(cluster, "stranger", new() { Filter = "item.id != \"none\"" }));
        // What came after the training counts as soon as it is counted, though the version knows nothing of it.
        await cluster.User("late").Record([Planted.Event("late", "later")]);
        await cluster.Crash();
        await cluster.Until("the last event is counted", async () => (await Popular(cluster, "stranger")).Contains("later"));
    });

    /// <summary>Without waiting and without a version a list is short, so the tests above hold what they say.</summary>
    [Fact]
    public void Popular_NothingToStandIn_IsShortUntilItIsCounted() => Run(5, TimeSpan.Zero, async cluster =>
    {
        string[] before = await Popular(cluster, "stranger");
        await cluster.Crash();
        Assert.NotEqual(before, await Popular(cluster, "stranger"));
        await cluster.Until("everything is counted", async () => (await Popular(cluster, "stranger")).SequenceEqual(before));
    });

    /// <summary>A user shard that cannot be read holds lists up no longer than the bound.</summary>
    [Fact]
    public void Popular_AShardIsOut_WaitsNoLongerThanTheBound() => Run(6, TimeSpan.FromSeconds(2), async cluster =>
    {
        await cluster.Crash();
        cluster.Store.FailsOpen = stream => stream == LogStreams.Users(TenantId.Default, 0);
        string stranger = Planted.Ids("stranger", 20).First(id => cluster.Map.OfUser(id) == 1);
        long began = cluster.Clock.GetTimestamp();
        string[] list = await Popular(cluster, stranger);
        Assert.InRange(cluster.Clock.GetElapsedTime(began), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
        Assert.NotEmpty(list);
        // Those that come later do not wait again.
        began = cluster.Clock.GetTimestamp();
        await Popular(cluster, stranger);
        Assert.InRange(cluster.Clock.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    });

    private static void Run(ulong seed, TimeSpan wait, Func<GrainCluster, Task> test) => GrainCluster.Run(seed, async cluster =>
    {
        // Item n has n + 1 users, of both user shards.
        for (int n = 0; n < Items; n++)
            for (int user = 0; user <= n; user++)
                await cluster.User($"u{user}").Record([Planted.Event($"u{user}", $"i{n}")]);
        await cluster.Until("everything is counted", async () => (await Popular(cluster, "stranger")).SequenceEqual(Enumerable.Range(0, Items).Select(n => $"i{Items - 1 - n}")));
        await test(cluster);
    }, configure: services => services.Configure<ServingOptions>(o => o.CountsWaitMax = wait));

    private static async Task<string[]> Popular(GrainCluster cluster, string user, ListShape? shape = null) =>
        [.. (await cluster.User(user).Recommend(new() { K = 50, Shape = shape })).Items.Select(i => i.ItemId)];
}
