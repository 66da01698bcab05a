using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>Goal: a visitor's events become a user's, each once, whatever happens on the way. Method: visitor and user on one shard and on two, crashes between the steps.</summary>
public sealed class MergeTests
{
    private const int Events = 7;

    /// <summary>Small steps, so that a merge has several.</summary>
    private static void Small(IServiceCollection services) =>
        services.PostConfigure<UserShardOptions>(o => (o.MergeBatchMax, o.MergeSilencePeriod) = (3, TimeSpan.FromSeconds(2)));

    private static EventRecord[] Of(string user) => [.. Enumerable.Range(0, Events).Select(n => Planted.Event(user, $"i{n}", n % 2 == 0 ? "view" : "purchase", id: $"{user} {n}", timeMs: n) with { Text = n == 1 ? "text" : null })];

    /// <summary>A visitor on another shard than the user's, or on the same.</summary>
    private static string Visitor(GrainCluster cluster, string user, bool isElsewhere) =>
        Planted.Ids("visitor", 50).First(v => cluster.Map.OfUser(v) != cluster.Map.OfUser(user) == isElsewhere);

    private static async Task AssertMerged(GrainCluster cluster, string user, string visitor, params string[] ownItems)
    {
        UserHistory history = await cluster.User(user).Export();
        Assert.Equal([.. ownItems, .. Of(visitor).Select(e => e.ItemId)], history.Events.Select(e => e.ItemId));
        Assert.Equal(Of(visitor).Select(e => (e.EventKey, e.Type, e.Text)), history.Events.TakeLast(Events).Select(e => (e.EventKey, e.Type, e.Text)));
        Assert.Empty((await cluster.User(visitor).Export()).Events);
    }

    [Theory, InlineData(1, true), InlineData(2, false)]
    public void Merge_AVisitor_IsKnownToTheNextListAndOnce(ulong seed, bool isElsewhere) => GrainCluster.Run(seed, async cluster =>
    {
        string visitor = Visitor(cluster, "ann", isElsewhere);
        await Planted.Model(1, Planted.Ids("i", 12), cluster.Map).Publish(cluster);
        await cluster.User("ann").Record([Planted.Event("ann", "i10")]);
        await cluster.User(visitor).Record(Of(visitor));
        await cluster.User("ann").Recommend(new());

        Assert.Equal(new MergeAnswer(Events, 0, 0, Events + 1), await cluster.User("ann").Merge(visitor));

        RecommendationList list = await cluster.User("ann").Recommend(new() { K = 20 });
        Assert.Equal(Events + 1, list.HistoryVersion);
        Assert.DoesNotContain(list.Items, i => i.ItemId is "i1" or "i3" or "i5");
        await AssertMerged(cluster, "ann", visitor, "i10");
        Assert.Equal(new MergeAnswer(0, 0, 0, Events + 1), await cluster.User("ann").Merge(visitor));
        await cluster.Until("the items count one user", async () => (await cluster.Item("i1").Get()) is { Users: 1, Events: 1 });
        // An event of the visitor that comes again was the user's already.
        await cluster.User(visitor).Record([Of(visitor)[2]]);
        Assert.Equal(new MergeAnswer(0, 1, 0, Events + 1), await cluster.User("ann").Merge(visitor));
        await cluster.Crash();
        await AssertMerged(cluster, "ann", visitor, "i10");
    }, configure: Small);

    /// <summary>The user's shard cannot write at the n-th step: the visitor keeps what the user does not have, and the merge is finished without a caller.</summary>
    [Theory, InlineData(1, true, 0), InlineData(2, true, 1), InlineData(3, true, 2), InlineData(4, false, 0), InlineData(5, false, 1), InlineData(6, true, 3), InlineData(7, true, 4), InlineData(8, false, 3)]
    public void Merge_ACrashAtAnyStep_LosesNothingAndIsFinished(ulong seed, bool isElsewhere, int step) => GrainCluster.Run(seed, async cluster =>
    {
        string visitor = Visitor(cluster, "ann", isElsewhere);
        await cluster.User(visitor).Record(Of(visitor));
        await cluster.User("ann").Record([Planted.Event("ann", "own")]);
        int appends = 0;
        cluster.Store.FailsAppend = _ => appends++ == step;
        cluster.Store.StoresFailedAppends = step % 2 == 0;
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.User("ann").Merge(visitor));

        await cluster.Crash();

        // Nothing is with nobody. Read where the events come from first: the merge goes on meanwhile.
        HistoryEvent[] left = (await cluster.User(visitor).Export()).Events, taken = (await cluster.User("ann").Export()).Events;
        string[] held = [.. left.Concat(taken).Select(e => e.ItemId).Where(i => i != "own").Distinct().Order()];
        Assert.Equal(Of(visitor).Select(e => e.ItemId), held);
        await cluster.Until("the merge is finished", async () => (await cluster.User(visitor).Export()).Events.Length == 0);
        await AssertMerged(cluster, "ann", visitor, "own");
        await cluster.Until("the items count one user", async () => (await cluster.Item("i1").Get()) is { Users: 1, Events: 1 });
    }, configure: Small);

    [Fact]
    public void Merge_IntoAUserWhoseEventsAreNotStored_LeavesNone() => GrainCluster.Run(9, async cluster =>
    {
        string visitor = Visitor(cluster, "ann", isElsewhere: true);
        await cluster.User(visitor).Record(Of(visitor));
        await cluster.User("ann").Configure(new() { MayStore = false });
        Assert.Equal((0, Events), await cluster.User("ann").Merge(visitor) is { } merged ? (merged.Events, merged.NotStored) : default);
        Assert.Empty((await cluster.User("ann").Export()).Events);
        Assert.Empty((await cluster.User(visitor).Export()).Events);
    }, configure: Small);

    [Fact]
    public void Merge_AnEventErasedWithTheUser_StaysErased() => GrainCluster.Run(10, async cluster =>
    {
        string visitor = Visitor(cluster, "ann", isElsewhere: true);
        await cluster.User(visitor).Record(Of(visitor));
        await cluster.User("ann").Merge(visitor);
        await cluster.User("ann").Erase();
        await cluster.User(visitor).Record(Of(visitor));
        MergeAnswer again = await cluster.User("ann").Merge(visitor);
        Assert.Equal((0, Events), (again.Events, again.Duplicates));
        Assert.Empty((await cluster.User("ann").Export()).Events);
    }, configure: Small);

    [Fact]
    public void Merge_IntoItself_IsRefused() => GrainCluster.Run(11, async cluster =>
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.User("ann").Merge("ann")));
}
