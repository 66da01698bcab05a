using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>Goal: what a user has agreed to holds from the answer on, where the data live, and after a crash. Method: one user with settings beside one without.</summary>
public sealed class UserSettingsTests
{
    private static readonly UserSettings NoLists = new() { MayPersonalise = false }, NoEvents = new() { MayStore = false };

    [Theory, InlineData(1), InlineData(2)]
    public void Configure_NoStoring_AnswersEventsAsNotStored(ulong seed) => GrainCluster.Run(seed, async cluster =>
    {
        await cluster.User("ann").Record([Planted.Event("ann", "before")]);
        Assert.Equal(new ConfigureAnswer(2), await cluster.User("ann").Configure(NoEvents));
        Assert.Equal(new AppendAnswer(0, 0, 0, 2, null, 1), await cluster.User("ann").Record([Planted.Event("ann", "after")]));
        Assert.Equal(new AppendAnswer(0, 0, 0, 2, null, 2), await cluster.ShardOf("ann").Append([Planted.Event("ann", "x"), Planted.Event("ann", "y")]));
        await cluster.Crash();
        Assert.Equal(1, (await cluster.User("ann").Record([Planted.Event("ann", "late")])).NotStored);
        await cluster.ShardOf("ann").Snapshot();
        await cluster.Crash();
        Assert.Equal(1, (await cluster.User("ann").Record([Planted.Event("ann", "later")])).NotStored);
        Assert.Equal(["before"], (await cluster.User("ann").Export()).Events.Select(e => e.ItemId));

        await cluster.User("ann").Configure(UserSettings.None);
        Assert.Equal(1, (await cluster.User("ann").Record([Planted.Event("ann", "again")])).Accepted);
    });

    [Fact]
    public void Configure_NoPersonalisation_GivesWhatAStrangerGets() => GrainCluster.Run(3, async cluster =>
    {
        string[] items = Planted.Ids("i", 8);
        await Planted.Model(1, items, cluster.Map).Publish(cluster);
        await cluster.User("bob").Record([Planted.Event("bob", "i1")]);
        await cluster.User("ann").Record([Planted.Event("ann", "i0")]);
        await cluster.Until("both are counted", async () => await cluster.Item("i0").Get() is not null && await cluster.Item("i1").Get() is not null);
        Assert.All((await cluster.User("ann").Recommend(new())).Items, i => Assert.Equal(RecommendationSource.Personal, i.Source));

        await cluster.User("ann").Configure(NoLists);

        RecommendationList list = await cluster.User("ann").Recommend(new());
        Assert.Equal((await cluster.User("stranger").Recommend(new())).Items, list.Items);
        Assert.Contains("i0", list.Items.Select(i => i.ItemId));
        Assert.Null(await cluster.User("ann").Explain("i2"));
        UserProfile profile = (await cluster.User("ann").GetProfile())!;
        Assert.Equal((0, null, false), (profile.Vector.Length, profile.Portrait, profile.Settings!.MayPersonalise));
        RecordedList then = await cluster.User("ann").RecordThenRecommend([Planted.Event("ann", "i2")], new());
        Assert.All(then.List.Items, i => Assert.Equal(RecommendationSource.Popular, i.Source));
        await cluster.Crash();
        Assert.All((await cluster.User("ann").Recommend(new())).Items, i => Assert.Equal(RecommendationSource.Popular, i.Source));
        await cluster.User("ann").Configure(UserSettings.None);
        Assert.All((await cluster.User("ann").Recommend(new())).Items, i => Assert.Equal(RecommendationSource.Personal, i.Source));
    });

    [Fact]
    public void Configure_ARetention_TakesOutThatUsersEventsAndNoOther() => GrainCluster.Run(4, async cluster =>
    {
        long now = cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (string user in new[] { "ann", "bob" })
            await cluster.User(user).Record([Planted.Event(user, "old", timeMs: now - 60_000), Planted.Event(user, "new", timeMs: now - 1_000)]);

        await cluster.User("ann").Configure(new() { EventAgeMax = TimeSpan.FromSeconds(30) });

        await cluster.Until("the old one is gone", async () => (await cluster.User("ann").Export()).Events.Length == 1);
        // At once, and not when the shard would look next.
        Assert.True(cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds() - now < 10_000);
        Assert.Equal(["new"], (await cluster.User("ann").Export()).Events.Select(e => e.ItemId));
        Assert.Equal(2, (await cluster.User("bob").Export()).Events.Length);
        await cluster.Crash();
        // What becomes too old later goes too, after a new start.
        await Task.Delay(TimeSpan.FromSeconds(20), cluster.Clock);
        await cluster.ShardOf("ann").GetStatus();
        await cluster.Until("the new one is gone", async () => (await cluster.User("ann").Export()).Events.Length == 0);
        Assert.Equal(2, (await cluster.User("bob").Export()).Events.Length);
    }, configure: services => services.PostConfigure<UserShardOptions>(o => o.RetentionPeriod = TimeSpan.FromSeconds(20)));

    [Fact]
    public void Configure_AUserWithoutEvents_IsKnownAndCanBeErased() => GrainCluster.Run(5, async cluster =>
    {
        await cluster.User("new").Configure(new() { Attributes = [new("country", "DE")] });
        Assert.Equal([new UserAttribute("country", "DE")], (await cluster.User("new").GetProfile())!.Settings!.Attributes);
        Assert.Equal(0, (await cluster.ShardOf("new").GetStatus()).Users);
        Assert.True((await cluster.User("new").Erase()).Found);
        Assert.Null(await cluster.User("new").GetProfile());
        await cluster.User("new").Record([Planted.Event("new", "a")]);
        Assert.Null((await cluster.User("new").GetProfile())!.Settings);
    });
}
