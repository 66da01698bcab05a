using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Users;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>
/// Goal: a list is used again exactly while nothing that it was computed from has changed. Method: the store of one user alone, and a cluster in which
/// catalogue, model and history change one after another.
/// </summary>
public sealed class KeptListTests
{
    private static readonly string[] Items = Planted.Ids("item", 30);

    [Fact]
    public void Find_SameVersions_IsTheListThatWasKept()
    {
        var kept = new KeptLists();
        RecommendationList list = new("a", 1, 2, 3, []);
        kept.Keep(new() { K = 10 }, list, 0);

        Assert.Same(list, kept.Find(new() { K = 10 }, 1, 2, 0, 3));
        Assert.Null(kept.Find(new() { K = 10 }, 9, 2, 0, 3));
        Assert.Null(kept.Find(new() { K = 10 }, 1, 9, 0, 3));
        Assert.Null(kept.Find(new() { K = 10 }, 1, 2, 0, 9));
        Assert.Null(kept.Find(new() { K = 11 }, 1, 2, 0, 3));
        Assert.Null(kept.Find(new() { K = 10, IncludeSeen = true }, 1, 2, 0, 3));
    }

    [Fact]
    public void Find_RequestThatNamesItems_IsNever()
    {
        var kept = new KeptLists();
        RecommendRequest[] requests = [new() { Candidates = ["a"] }, new() { Exclude = ["a"] }, new() { Filter = new() { InStock = true } }];
        foreach (RecommendRequest request in requests)
        {
            kept.Keep(request, new("a", 1, 2, 3, []), 0);
            Assert.Null(kept.Find(request, 1, 2, 0, 3));
            Assert.Null(kept.Find(new(), 1, 2, 0, 3));
        }
    }

    [Fact]
    public void Keep_MoreThanTheBound_DropsTheOldest()
    {
        var kept = new KeptLists();
        for (int k = 1; k <= KeptLists.ListsMax + 1; k++)
            kept.Keep(new() { K = k }, new($"{k}", 1, 2, 3, []), 0);
        kept.Keep(new() { K = 2 }, new("2 again", 1, 2, 4, []), 0);

        Assert.Null(kept.Find(new() { K = 1 }, 1, 2, 0, 3));
        Assert.Equal("2 again", kept.Find(new() { K = 2 }, 1, 2, 0, 4)!.RecommendationId);
        Assert.Equal("3", kept.Find(new() { K = 3 }, 1, 2, 0, 3)!.RecommendationId);
    }

    [Fact]
    public void Recommend_AfterEveryKindOfChange_KnowsIt() => GrainCluster.Run(1, async cluster =>
    {
        await Planted.Model(1, Items, cluster.Map).Publish(cluster);
        await cluster.User("ann").Record([Planted.Event("ann", "item1"), Planted.Event("ann", "item2", "view")]);
        RecommendationList first = await List(), same = await List();
        Assert.Equal(first.Items, same.Items);
        Assert.NotEqual(first.RecommendationId, same.RecommendationId);

        string best = first.Items[0].ItemId;
        await cluster.ItemShard(cluster.Map.OfItem(best)).Put([Planted.Item(best, visible: false)]);
        RecommendationList hidden = await List();
        Assert.Equal(first.Items[1..].Select(i => i.ItemId), hidden.Items[..^1].Select(i => i.ItemId));

        await cluster.User("ann").Record([Planted.Event("ann", hidden.Items[0].ItemId)]);
        RecommendationList bought = await List();
        Assert.DoesNotContain(hidden.Items[0].ItemId, bought.Items.Select(i => i.ItemId));
        Assert.Equal(3, bought.HistoryVersion);

        await Planted.Model(2, Items, cluster.Map).Publish(cluster);
        await cluster.Until("the new model", async () => (await List()).ModelVersion == 2);

        Task<RecommendationList> List() => cluster.User("ann").Recommend(new() { K = 5 });
    });

    [Fact]
    public void Recommend_ThroughTheWorkers_IsTheListOfTheInlineScan()
    {
        RecommendationList inline = Of(long.MaxValue), throughWorkers = Of(0);
        Assert.Equal(10, inline.Items.Length);
        Assert.Equal(inline.Items, throughWorkers.Items);

        static RecommendationList Of(long inlineScanBytesMax)
        {
            RecommendationList? list = null;
            GrainCluster.Run(1, async cluster =>
            {
                await Planted.Model(1, Items, cluster.Map).Publish(cluster);
                list = (await cluster.User("ann").RecordThenRecommend([Planted.Event("ann", "item1")], new())).List;
            }, configure: services => services.Configure<ServingOptions>(o => o.InlineScanBytesMax = inlineScanBytesMax));
            return list!;
        }
    }
}
