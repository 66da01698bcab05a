using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Users;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>
/// Goal: a list that is read without a call is the list that the user's grain would answer, and there is none as soon as anything that it was computed from has changed, whoever changed it.
/// Method: a cluster whose grain calls are counted; history, catalogue, model and owner change one after another.
/// </summary>
public sealed class PublishedListTests
{
    private static readonly string[] Items = Planted.Ids("item", 30);
    private static readonly RecommendRequest Five = new() { K = 5 };

    [Fact]
    public void Recommend_NothingHasChanged_IsOneCall() => Run(async (cluster, _, calls) =>
    {
        // The fake clock moves on meanwhile: a proof that has grown old is renewed by a call to the shard, and the next list is one call again.
        await cluster.Until("a list of one call", async () =>
        {
            calls.Clear();
            await cluster.User("ann").Recommend(Five);
            return calls.SequenceEqual(["Recommend"]);
        });
        int bought = 3;
        await cluster.Until("a list of one call after an event of two", async () =>
        {
            calls.Clear();
            await cluster.User("ann").RecordThenRecommend([Planted.Event("ann", Items[bought++])], Five);
            await cluster.User("ann").Recommend(Five);
            return calls.SequenceEqual(["RecordThenRecommend", "Append", "Recommend"]);
        });
    });

    [Fact]
    public void Find_NothingHasChanged_IsTheGrainsListUnderANewIdAndMakesNoCall() => Run(async (cluster, lists, calls) =>
    {
        Assert.Null(Find(lists));
        RecommendationList answered = null!;
        RecommendationList? first = null, second = null;
        await cluster.Until("two published lists", async () =>
        {
            answered = await cluster.User("ann").Recommend(Five);
            calls.Clear();
            (first, second) = (Find(lists), Find(lists));
            return first is not null && second is not null;
        });
        Assert.DoesNotContain("Recommend", calls);
        Assert.DoesNotContain("Load", calls);
        Assert.Equal(answered with { RecommendationId = "", Items = [] }, first! with { RecommendationId = "", Items = [] });
        Assert.Equal(answered.Items, first.Items);
        Assert.Equal(3, new HashSet<string> { answered.RecommendationId, first.RecommendationId, second!.RecommendationId }.Count);
        Assert.Null(lists().Find(TenantId.Default, "ann", new() { K = 6 }));
        Assert.Null(lists().Find(TenantId.Default, "bob", Five));
        Assert.Null(lists().Find(TenantId.Of("other"), "ann", Five));
    });

    [Fact]
    public void Find_AfterEveryKindOfChange_IsNothing() => Run(async (cluster, lists, _) =>
    {
        // Past the user's grain, as a batch of many events comes.
        await Kept(cluster, lists);
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "item3")]);
        await AssertKnown(version: 3);

        await cluster.ShardOf("ann").Remove("ann", Planted.Event("ann", "item3").EventKey);
        await AssertKnown(version: 4);

        await cluster.User("ann").Record([Planted.Event("ann", "item4")]);
        await AssertKnown(version: 5);

        string best = (await Kept(cluster, lists)).Items[0].ItemId;
        await cluster.ItemShard(cluster.Map.OfItem(best)).Put([Planted.Item(best, visible: false)]);
        Assert.Null(Find(lists));
        Assert.DoesNotContain(best, (await Kept(cluster, lists)).Items.Select(i => i.ItemId));

        await Planted.Model(2, Items, cluster.Map).Publish(cluster);
        await cluster.Until("the new model", async () => (await cluster.User("ann").Recommend(Five)).ModelVersion == 2);
        Assert.Equal(2, (await Kept(cluster, lists)).ModelVersion);

        await cluster.User("ann").Erase();
        Assert.Null(Find(lists));
        Assert.Equal(0, (await cluster.User("ann").Recommend(Five)).HistoryVersion);
        Assert.Null(Find(lists));

        async Task AssertKnown(long version)
        {
            Assert.Null(Find(lists));
            Assert.Equal(version, (await Kept(cluster, lists)).HistoryVersion);
        }
    });

    /// <summary>Two processes on one store, unaware of each other: what the first has published ends no later than what its shard would answer.</summary>
    [Fact]
    public void Find_ShardWasTakenOver_EndsWithinTheFenceCheckPeriod() => Run(async (cluster, lists, _) =>
    {
        await Kept(cluster, lists);
        IPublishedLists old = lists();
        await cluster.StartAnother();
        await cluster.ShardOf("ann").Append([Planted.Event("ann", "item9")]);
        await Task.Delay(new UserShardOptions().FenceCheckPeriod, cluster.Clock);
        Assert.Null(old.Find(TenantId.Default, "ann", Five));
    });

    /// <summary>The grain's list, once it is published: where the shard's proof is half a period old, the first list has it renewed.</summary>
    private static async Task<RecommendationList> Kept(GrainCluster cluster, Func<IPublishedLists> lists)
    {
        RecommendationList? list = null;
        await cluster.Until("a published list", async () =>
        {
            list = await cluster.User("ann").Recommend(Five);
            return Find(lists) is { } found && found.Items.SequenceEqual(list.Items);
        });
        return list!;
    }

    private static RecommendationList? Find(Func<IPublishedLists> lists) => lists().Find(TenantId.Default, "ann", Five);

    private static void Run(Func<GrainCluster, Func<IPublishedLists>, ConcurrentQueue<string>, Task> test)
    {
        IPublishedLists? lists = null;
        var calls = new ConcurrentQueue<string>();
        GrainCluster.Run(1, async cluster =>
        {
            await Planted.Model(1, Items, cluster.Map).Publish(cluster);
            await cluster.User("ann").Record([Planted.Event("ann", "item1"), Planted.Event("ann", "item2", "view")]);
            await test(cluster, () => lists!, calls);
        }, configure: services =>
        {
            services.AddSingleton(provider =>
            {
                var copies = ActivatorUtilities.CreateInstance<SiloCopies>(provider);
                lists = new PublishedLists(copies, provider.GetRequiredService<IRandomSource>());
                return copies;
            });
            services.AddSingleton<IIncomingGrainCallFilter>(new Counter(calls));
        });
    }

    private sealed class Counter(ConcurrentQueue<string> calls) : IIncomingGrainCallFilter
    {
        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (context.Grain is UserGrain or UserShardGrain)
                calls.Enqueue(context.MethodName);
            return context.Invoke();
        }
    }
}
