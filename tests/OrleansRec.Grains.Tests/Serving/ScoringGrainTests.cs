using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Serving;

/// <summary>Lists that belong to no stored user.</summary>
public sealed class ScoringGrainTests
{
    private static readonly string[] Items = Planted.Ids("item", 30);

    [Fact]
    public void RecommendFor_AHistory_IsTheListOfAUserWhoHasIt() => GrainCluster.Run(1, async cluster =>
    {
        PlantedModel model = Planted.Model(1, Items, cluster.Map);
        await model.Publish(cluster);
        await cluster.User("ann").Record([Planted.Event("ann", "item1"), Planted.Event("ann", "item2")]);
        HistoryPair[] history = [new("item1", 5), new("item2", 3), new("item2", 2), new("unknown", 1)];

        RecommendationList list = await Scoring(cluster).RecommendFor(history, new() { K = 30 });

        Assert.Equal((await cluster.User("ann").Recommend(new() { K = 30 })).Items, list.Items);
        Assert.Equal((1, 0), (list.ModelVersion, list.HistoryVersion));
        Assert.Equal(RecommendationSource.Popular, (await Scoring(cluster).RecommendFor([new("unknown", 1)], new())).Items.FirstOrDefault(new RecommendedItem("", 0, 0, "popular")).Source);
    });

    /// <summary>Candidates are scored one by one, without an index; with every cluster probed, the approximate index finds all that the exact one does.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(ClusteredIndex.ClustersMax)]
    public void RecommendFor_ManyItems_IsTheListOfAllItemsAsCandidates(int approximateProbes) => GrainCluster.Run(5, async cluster =>
    {
        string[] items = Planted.Ids("item", 900);
        await Planted.Model(1, items, cluster.Map).Publish(cluster);
        for (int n = 0; n < 20; n++)
        {
            HistoryPair[] history = [new($"item{n}", 5), new($"item{2 * n + 100}", 3)];
            RecommendationList list = await Scoring(cluster).RecommendFor(history, new() { K = 25 });
            RecommendationList among = await Scoring(cluster).RecommendFor(history, new() { K = 25, Candidates = items });
            Assert.Equal(25, list.Items.Length);
            Assert.Equal(among.Items, list.Items);
        }
    }, configure: s => s.PostConfigure<ServingOptions>(o => o.ApproximateProbes = approximateProbes));

    [Fact]
    public void Similar_Items_AreNearestByCosine() => GrainCluster.Run(2, async cluster =>
    {
        PlantedModel model = Planted.Model(1, Items, cluster.Map);
        await model.Publish(cluster);
        RecommendationList list = (await cluster.Item("item4").Similar(new() { K = 29 }))!;

        double Cosine(string a, string b) => Dot(model, a, b) / Math.Sqrt(Dot(model, a, a) * Dot(model, b, b));
        Assert.Equal(Items.Where(i => i != "item4").OrderByDescending(i => Cosine("item4", i)), list.Items.Select(i => i.ItemId));
        Assert.All(list.Items, i => Assert.Equal(Cosine("item4", i.ItemId), i.Score, 1e-5));
        Assert.Equal(["item9"], (await cluster.Item("item4").Similar(new() { Candidates = ["item9", "item4"] }))!.Items.Select(i => i.ItemId));
        Assert.Null(await cluster.Item("unknown").Similar(new()));
    });

    [Fact]
    public void Top_VersionThatIsNotHeld_SaysSo() => GrainCluster.Run(3, async cluster =>
    {
        await Planted.Model(1, Items, cluster.Map).Publish(cluster);
        await Assert.ThrowsAsync<VersionGoneException>(() => Scoring(cluster).Top(new(7, 0, new float[4], 0, [], new())));
        await Assert.ThrowsAsync<ArgumentException>(() => Scoring(cluster).Top(new(1, 0, new float[5], 0, [], new())));
    });

    private static double Dot(PlantedModel model, string a, string b)
    {
        double dot = 0;
        for (int i = 0; i < model.Width; i++)
            dot += model.Row(a)[i] * model.Row(b)[i];
        return dot;
    }

    private static IScoringGrain Scoring(GrainCluster cluster) => cluster.Tenant.Scoring;
}
