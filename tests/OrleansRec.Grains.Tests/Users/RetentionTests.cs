using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>Goal: what is too old or too much goes, and nothing else, from histories, counters and what a crash leaves. Method: events at known times, a fake clock.</summary>
public sealed class RetentionTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void EventAgeMax_EventsOnBothSidesOfIt_LosesTheOlder() => GrainCluster.Run(1, async cluster =>
    {
        long now = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await cluster.ShardOf("ann").Append(
        [
            Planted.Event("ann", "old", id: "1") with { TimeMs = now - 40 * Day }, Planted.Event("ann", "both", id: "2") with { TimeMs = now - 31 * Day },
            Planted.Event("ann", "both", id: "3") with { TimeMs = now - 29 * Day }, Planted.Event("ann", "new", id: "4") with { TimeMs = now },
        ]);

        await cluster.Until("the older ones are gone", async () => (await cluster.User("ann").Export()).Events.Length == 2);
        await cluster.Crash();

        Assert.Equal(["both", "new"], (await cluster.User("ann").Export()).Events.Select(e => e.ItemId));
        await cluster.Until("the counters follow", async () => await cluster.Item("old").Get() is null && (await cluster.Item("both").Get())?.Events == 1);
        Assert.Equal(1, (await cluster.Item("both").Get())!.Users);
    }, configure: services => services.PostConfigure<UserShardOptions>(o => (o.EventAgeMax, o.RetentionPeriod) = (TimeSpan.FromDays(30), TimeSpan.FromSeconds(1))));

    [Fact]
    public void EventAgeMax_TimePasses_LosesWhatHasBecomeTooOld() => GrainCluster.Run(2, async cluster =>
    {
        long now = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "a") with { TimeMs = now }]);
        await Task.Delay(TimeSpan.FromSeconds(5), cluster.Clock);
        Assert.Single((await cluster.User("ann").Export()).Events);

        await cluster.Until("it is too old", async () => (await cluster.User("ann").Export()).Events.Length == 0);
        Assert.InRange(cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds() - now, 10_000, 14_000);
    }, configure: services => services.PostConfigure<UserShardOptions>(o => (o.EventAgeMax, o.RetentionPeriod) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1))));

    /// <summary>Batches of two, so that the shard waits for the disk in between, and events come meanwhile.</summary>
    [Fact]
    public void EventsPerUserMax_UserWithMore_KeepsTheLatestByTime() => GrainCluster.Run(3, async cluster =>
    {
        long now = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await cluster.ShardOf("ann").Append([.. Enumerable.Range(0, 10).Select(i => Planted.Event("ann", $"i{i}", id: $"{i}") with { TimeMs = now - i * 7 % 10 * Day })]);
        await cluster.ShardOf("bob").Append([Planted.Event("bob", "i0"), Planted.Event("bob", "i1")]);

        await cluster.Until("three are left", async () => (await cluster.User("ann").Export()).Events.Length == 3);

        Assert.Equal([0, 3, 6], (await cluster.User("ann").Export()).Events.Select(e => int.Parse(e.ItemId[1..])).Order());
        Assert.Equal(2, (await cluster.User("bob").Export()).Events.Length);
    }, configure: services => services.PostConfigure<UserShardOptions>(o => (o.EventsPerUserMax, o.RetentionPeriod, o.RetentionBatchMax) = (3, TimeSpan.FromSeconds(1), 2)));

    [Fact]
    public void Retention_NotAskedFor_KeepsEverything() => GrainCluster.Run(4, async cluster =>
    {
        await cluster.ShardOf("ann").Append([.. Enumerable.Range(0, 50).Select(i => Planted.Event("ann", $"i{i}") with { TimeMs = i })]);
        await Task.Delay(TimeSpan.FromSeconds(30), cluster.Clock);
        Assert.Equal(50, (await cluster.User("ann").Export()).Events.Length);
    }, configure: services => services.PostConfigure<UserShardOptions>(o => o.RetentionPeriod = TimeSpan.FromSeconds(1)));
}
