using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Training;

/// <summary>
/// Goal: a version that is worse than the current one does not take its place unless told. Method: users of two tastes, each with 8 of the 20 items of theirs; a plan
/// that can tell the tastes apart, and one that cannot.
/// </summary>
public class QualityGateTests
{
    private const int Users = 240, TasteItems = 20, ItemsOfUser = 8;

    private static readonly TrainingPlan Good = Plan(rank: 4, sweeps: 8), Bad = Plan(rank: 1, sweeps: 1);

    [Fact]
    public void Train_WorseThanTheCurrentVersion_IsRefusedAndLeavesNothing() => Run(async cluster =>
    {
        TrainingStatus first = await Train(cluster, Good);
        Assert.Equal((TrainingPhase.Done, 0L), (first.Phase, first.Quality!.ComparedWith));

        TrainingStatus second = await Train(cluster, Bad);

        Assert.Equal(TrainingPhase.Refused, second.Phase);
        Assert.True(second.Quality!.New < second.Quality.Current, second.Reason);
        Assert.Contains("NDCG@10", second.Reason);
        Assert.Equal([1L], (await cluster.Models.Get()).Models.Select(m => m.Version));
        for (int shard = 0; shard < cluster.Map.ItemShards; shard++)
            Assert.Null(await cluster.Disk.ReadSnapshot(LogStreams.Model(TenantId.Default, 2, shard)));
        Assert.Equal(TrainingPhase.Done, (await Train(cluster, Good)).Phase);
    });

    [Fact]
    public void Train_WorseButToldToPublish_IsPublishedAndTheOtherCanBePromoted() => Run(async cluster =>
    {
        await Train(cluster, Good);

        TrainingStatus second = await Train(cluster, Bad with { PublishAlways = true });

        Assert.Equal(TrainingPhase.Done, second.Phase);
        Assert.Equal((true, false), (second.Quality!.IsWorse, second.Quality.IsRefused));
        Assert.Equal(2, await cluster.Models.GetCurrent());
        Assert.True(await cluster.Models.Promote(1));
        Assert.Equal(1, await cluster.Models.GetCurrent());
    });

    /// <summary>Of each sampled user one pair is held out: of about half of 240.</summary>
    [Fact]
    public void Train_Compared_HoldsOutOnePairOfEachSampledUser() => Run(async cluster =>
    {
        await Train(cluster, Good);
        TrainingStatus second = await Train(cluster, Good);

        ModelInfo model = (await cluster.Models.Get()).CurrentModel!;
        Assert.InRange(second.Quality!.Users, 90, 150);
        Assert.Equal(Users * ItemsOfUser - second.Quality.Users, model.Pairs);
        Assert.Equal(second.Quality.New, second.Quality.Current, 9);
        Assert.InRange(second.Quality.New, 0.25, 0.6);
    });

    [Fact]
    public void Train_GateIsOff_TrainsOnEverythingAndPublishes() => Run(async cluster =>
    {
        await Train(cluster, Good);

        TrainingStatus second = await Train(cluster, Bad);

        Assert.Equal((TrainingPhase.Done, null), (second.Phase, second.Quality));
        Assert.Equal(Users * ItemsOfUser, (await cluster.Models.Get()).CurrentModel!.Pairs);
    }, isEnabled: false);

    private static void Run(Func<GrainCluster, Task> test, bool isEnabled = true) => GrainCluster.Run(1, async cluster =>
    {
        var random = new Random(1);
        for (int user = 0; user < Users; user++)
        {
            int[] items = [.. Enumerable.Range(user % 2 * TasteItems, TasteItems)];
            random.Shuffle(items);
            await cluster.ShardOf($"user {user}").Append([.. items.Take(ItemsOfUser).Select(i => Planted.Event($"user {user}", $"item {i}", "interaction"))]);
        }
        await test(cluster);
    }, configure: services => services.PostConfigure<QualityGateOptions>(o => (o.Enabled, o.ShareMax, o.UsersMin) = (isEnabled, 0.5, 20)));

    private static TrainingPlan Plan(int rank, int sweeps) => TrainingPlan.From(new AlsOptions { Rank = rank, Sweeps = sweeps, Lambda = 2, Alpha = 3 }, []);

    private static async Task<TrainingStatus> Train(GrainCluster cluster, TrainingPlan plan)
    {
        await cluster.Tenant.Coordinator.Start(plan);
        await cluster.Until("the end of the training", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);
        return await cluster.Tenant.Coordinator.GetStatus();
    }
}
