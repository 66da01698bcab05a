using Microsoft.Extensions.DependencyInjection;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Training;

/// <summary>
/// Goal: a training through the grains comes to the factors of a training in one thread, to the last bit, whatever the shards, the order of the log, and
/// whoever dies meanwhile. Method: the hash of the published factors is compared with that of <see cref="AlsTrainer"/> on the same pairs.
/// </summary>
public class TrainingTests
{
    [Theory]
    [InlineData(1, 1, 1, RowSolver.Cholesky)]
    [InlineData(3, 3, 2, RowSolver.Cholesky)]
    [InlineData(16, 16, 3, RowSolver.Cholesky)]
    [InlineData(2, 5, 4, RowSolver.Cholesky)]
    [InlineData(1, 1, 1, RowSolver.ConjugateGradient)]
    [InlineData(3, 3, 2, RowSolver.ConjugateGradient)]
    [InlineData(16, 16, 3, RowSolver.ConjugateGradient)]
    [InlineData(2, 5, 4, RowSolver.ConjugateGradient)]
    [InlineData(3, 3, 2, RowSolver.Subspace)]
    [InlineData(2, 5, 4, RowSolver.Subspace)]
    [InlineData(16, 16, 3, RowSolver.Auto)]
    [InlineData(2, 5, 4, RowSolver.Auto)]
    public void Train_AnyShardsAndOrderOfArrival_GivesTheFactorsOfOneThread(int userShards, int itemShards, int seed, RowSolver solver)
    {
        var shop = new PlantedShop(1);
        TrainingPlan plan = shop.Plan(solver: solver);
        GrainCluster.Run((ulong)seed, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, seed);

            TrainingStatus status = await Train(cluster, plan);

            AlsModel expected = shop.Train(plan);
            ModelInfo model = (await cluster.Models.Get()).CurrentModel!;
            Assert.Equal(expected.Hash, model.FactorsHash);
            Assert.Equal(expected.Losses, model.Losses);
            Assert.Equal((1L, 1_500L), (model.Version, model.Pairs));
            Assert.Equal(status.Losses, model.Losses);
        }, new(userShards, itemShards));
    }

    [Theory]
    [InlineData(Objective.Explicit, RowSolver.Cholesky)]
    [InlineData(Objective.Implicit, RowSolver.ConjugateGradient)]
    public void Train_OtherObjectiveAndSolver_GivesTheFactorsOfOneThread(Objective objective, RowSolver solver)
    {
        var shop = new PlantedShop(2);
        TrainingPlan plan = shop.Plan(rank: 9, sweeps: 4, objective, solver);
        GrainCluster.Run(7, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 7);
            await Train(cluster, plan);

            AlsModel expected = shop.Train(plan);
            ModelInfo model = (await cluster.Models.Get()).CurrentModel!;
            Assert.Equal(expected.Hash, model.FactorsHash);
            Assert.Equal(expected.GlobalMean, model.GlobalMean);
        });
    }

    [Fact]
    public void Train_EventsArriveMeanwhile_TrainsOnWhatWasThereAtItsStart()
    {
        var shop = new PlantedShop(3);
        TrainingPlan plan = shop.Plan(sweeps: 5);
        GrainCluster.Run(11, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            ITrainingCoordinatorGrain coordinator = Coordinator(cluster);
            await coordinator.Start(plan);
            TrainingStatus status;
            int arrived = 0;
            do
            {
                string user = $"user {arrived % PlantedShop.UserCount}";
                status = await coordinator.GetStatus();
                // What arrives while the watermarks are being fixed may be on either side of them.
                if (status.Phase != TrainingPhase.Freezing)
                    await cluster.User(user).Record([Planted.Event(user, $"new item {arrived++}", id: $"late {arrived}")]);
                else
                    await Task.Delay(TimeSpan.FromMilliseconds(1), cluster.Clock);
            }
            while (!status.IsOver);

            Assert.True(arrived > 10, $"only {arrived} events arrived during the training");
            Assert.Equal(shop.Train(plan).Hash, (await cluster.Models.Get()).CurrentModel!.FactorsHash);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9, RowSolver.ConjugateGradient)]
    [InlineData(10, RowSolver.ConjugateGradient)]
    [InlineData(11, RowSolver.ConjugateGradient)]
    [InlineData(12, RowSolver.ConjugateGradient)]
    [InlineData(13, RowSolver.Subspace)]
    [InlineData(14, RowSolver.Subspace)]
    [InlineData(15, RowSolver.Auto)]
    [InlineData(16, RowSolver.Auto)]
    public void Train_ProcessDiesAgainAndAgain_PublishesTheSameFactorsOnce(int seed, RowSolver solver = RowSolver.Cholesky)
    {
        var shop = new PlantedShop(4);
        // At rank 48 `auto` solves rows in both ways.
        TrainingPlan plan = shop.Plan(rank: solver == RowSolver.Auto ? 48 : 16, sweeps: 6, solver: solver);
        GrainCluster.Run((ulong)seed, async cluster =>
        {
            var random = new Random(seed);
            await shop.Import(cluster.Tenant, cluster.Map, seed);
            await Coordinator(cluster).Start(plan);
            for (int crash = 0; crash < 4; crash++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 400)), cluster.Clock);
                await cluster.Crash();
                // Whoever starts a process asks the coordinator how it stands, which wakes it.
                await Coordinator(cluster).GetStatus();
            }
            await WaitForEnd(cluster);

            ModelDirectory directory = await cluster.Models.Get();
            Assert.Equal(shop.Train(plan).Hash, directory.CurrentModel!.FactorsHash);
            Assert.Equal([1L], directory.Models.Select(m => m.Version));
            Assert.Equal(6, directory.CurrentModel.Losses.Length);
        });
    }

    [Fact]
    public void Start_WhileOneRuns_AnswersWithTheRunning()
    {
        var shop = new PlantedShop(5);
        GrainCluster.Run(13, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            Assert.Equal(new TrainingStarted(true, 1), await Coordinator(cluster).Start(shop.Plan(rank: 8)));
            Assert.Equal(new TrainingStarted(false, 1), await Coordinator(cluster).Start(shop.Plan(rank: 4)));
            await WaitForEnd(cluster);
            Assert.Equal(8, (await cluster.Models.Get()).CurrentModel!.Plan.Rank);
            Assert.Equal(new TrainingStarted(true, 2), await Coordinator(cluster).Start(shop.Plan(rank: 4)));
            await WaitForEnd(cluster);
            Assert.Equal(2, (await cluster.Models.Get()).Current);
        });
    }

    [Fact]
    public void Stop_WhileOneRuns_PublishesNothingAndLeavesNoBlocks()
    {
        var shop = new PlantedShop(6);
        GrainCluster.Run(17, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            await Coordinator(cluster).Start(shop.Plan(rank: 8, sweeps: 50));
            await cluster.Until("the third sweep", async () => (await Coordinator(cluster).GetStatus()).Sweep >= 3);

            Assert.True(await Coordinator(cluster).Stop());

            Assert.False(await Coordinator(cluster).Stop());
            Assert.Equal(TrainingPhase.Stopped, (await Coordinator(cluster).GetStatus()).Phase);
            Assert.Equal(0, await cluster.Models.GetCurrent());
            await cluster.Until("the checkpoints are gone", async () =>
            {
                for (int shard = 0; shard < cluster.Map.ItemShards; shard++)
                    for (int sweep = 0; sweep < 2; sweep++)
                        if (await cluster.Disk.ReadSnapshot(LogStreams.Checkpoint(TenantId.Default, 1, shard, sweep)) is not null)
                            return false;
                return true;
            });
        });
    }

    [Fact]
    public void Train_FixesTheRungOfItsPlan()
    {
        var shop = new PlantedShop(8);
        GrainCluster.Run(29, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            await Train(cluster, shop.Plan(rank: 4, sweeps: 1));

            Assert.Equal(ActiveRung.Name, (await cluster.Models.Get()).CurrentModel!.Plan.KernelRung);
        });
    }

    /// <summary>As after a restart on a machine with other vectors: the plan is the one that was kept.</summary>
    [Fact]
    public void Train_BegunOnAnotherRung_FailsAndNamesBoth()
    {
        var shop = new PlantedShop(8);
        GrainCluster.Run(31, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            await Coordinator(cluster).Start(shop.Plan(rank: 4, sweeps: 1) with { KernelRung = "1024" });
            await WaitForEnd(cluster);

            TrainingStatus status = await Coordinator(cluster).GetStatus();
            Assert.Equal(TrainingPhase.Failed, status.Phase);
            Assert.Contains("rung 1024", status.Reason);
            Assert.Contains($"runs {ActiveRung.Name}", status.Reason);
            Assert.Equal(0, await cluster.Models.GetCurrent());
        });
    }

    /// <summary>An activation that had been replaced froze what it knew, which ended before the watermark: a version was published without the newest events.</summary>
    [Fact]
    public void Freeze_WatermarkIsAheadOfTheActivation_ReadsAnewFirst() => GrainCluster.Run(41, async cluster =>
    {
        TenantGrains first = cluster.Tenant;
        int shard = cluster.Map.OfUser("ann");
        await first.UserShard(shard).Append([Planted.Event("ann", "a")]);
        await cluster.StartAnother();
        await cluster.UserShard(shard).Append([Planted.Event("ann", "b")]);

        await first.UserTraining(shard).Freeze(new(1, 1, new PlantedShop(1).Plan(), Watermark: 2));

        await cluster.Until("the first one has read anew", async () => (await first.UserShard(shard).GetStatus()).LastSequence == 2);
    });

    [Fact]
    public void Start_EmptyLog_FailsAndSaysWhy() => GrainCluster.Run(19, async cluster =>
    {
        await Coordinator(cluster).Start(new PlantedShop(7).Plan());
        await WaitForEnd(cluster);

        TrainingStatus status = await Coordinator(cluster).GetStatus();
        Assert.Equal(TrainingPhase.Failed, status.Phase);
        Assert.Contains("no interactions", status.Reason);
    });

    /// <summary>The directory's refusal was asked for again and again: the training never ended, and no other could start.</summary>
    [Fact]
    public void Start_ModelLargerThanASiloCopies_FailsWithTheDirectorysReason()
    {
        var shop = new PlantedShop(8);
        GrainCluster.Run(23, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            await Coordinator(cluster).Start(shop.Plan());
            await WaitForEnd(cluster);

            TrainingStatus status = await Coordinator(cluster).GetStatus();
            Assert.Equal(TrainingPhase.Failed, status.Phase);
            Assert.Contains("ModelCopyBytesMax", status.Reason);
            Assert.Equal(0, await cluster.Models.GetCurrent());
        }, configure: s => s.PostConfigure<ServingOptions>(o => o.ModelCopyBytesMax = 100));
    }

    /// <summary>
    /// A shard that came back alone had fewer rows, while item shards reported what they had gathered before: the pairs never agreed, and the training
    /// failed after its eighth restart.
    /// </summary>
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Train_UserErasedAndOneShardRestarted_IsPublished(int seed)
    {
        var shop = new PlantedShop(9);
        GrainCluster.Run((ulong)seed, async cluster =>
        {
            const string erased = "user 3";
            int shard = cluster.Map.OfUser(erased);
            string other = Enumerable.Range(0, PlantedShop.UserCount).Select(u => $"user {u}").First(u => u != erased && cluster.Map.OfUser(u) == shard);
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            await Coordinator(cluster).Start(shop.Plan(rank: 8, sweeps: 6));
            await cluster.Until("the second sweep", async () => (await Coordinator(cluster).GetStatus()).Sweep >= 2);
            await cluster.User(erased).Erase();

            cluster.Store.FailsAppend = stream => stream == LogStreams.Users(TenantId.Default, shard);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => cluster.UserShard(shard).Append([Planted.Event(other, "item 1", id: "lost")]));
            cluster.Store.FailsAppend = _ => false;
            await WaitForEnd(cluster);

            TrainingStatus status = await Coordinator(cluster).GetStatus();
            Assert.True(status.Phase == TrainingPhase.Done, status.Reason);
            Assert.Equal(PlantedShop.UserCount - 1, status.Users);
        });
    }

    /// <summary>Shards were told once to let go: one that could not be reached then kept its checkpoint for ever.</summary>
    [Fact]
    public void Stop_StoreFailsMeanwhile_LeavesNoCheckpointInTheEnd()
    {
        var shop = new PlantedShop(6);
        GrainCluster.Run(31, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            await Coordinator(cluster).Start(shop.Plan(rank: 8, sweeps: 50));
            await cluster.Until("the third sweep", async () => (await Coordinator(cluster).GetStatus()).Sweep >= 3);

            cluster.Store.FailsDelete = _ => true;
            Assert.True(await Coordinator(cluster).Stop());
            await Task.Delay(TimeSpan.FromSeconds(1), cluster.Clock);
            Assert.NotNull(await Checkpoint(cluster));
            cluster.Store.FailsDelete = _ => false;

            await cluster.Until("the checkpoints are gone", async () => await Checkpoint(cluster) is null);
        });
    }

    /// <summary>A state that could not be written was written after the next sweep only; after the last there is none.</summary>
    [Fact]
    public void Train_StateCannotBeWrittenForAWhile_IsWrittenLater()
    {
        var shop = new PlantedShop(10);
        FailingGrainStorage states = null!;
        GrainCluster.Run(37, async cluster =>
        {
            await shop.Import(cluster.Tenant, cluster.Map, 1);
            states.FailsWrite = state => state is TrainingRecord { Phase: TrainingPhase.Done };
            await Coordinator(cluster).Start(shop.Plan(rank: 8));
            await WaitForEnd(cluster);
            await cluster.Until("a write that fails", () => Task.FromResult(states.Failures > 0));
            states.FailsWrite = _ => false;

            await cluster.Until("the end is kept", () => Task.FromResult(states.Written is TrainingRecord { Phase: TrainingPhase.Done, Unreleased: [] }));
        }, configure: s => states = FailingGrainStorage.Around(s));
    }

    private static async Task<LogSnapshot?> Checkpoint(GrainCluster cluster)
    {
        LogSnapshot? found = null;
        for (int shard = 0; shard < cluster.Map.ItemShards; shard++)
            for (int sweep = 0; sweep < 2; sweep++)
                found ??= await cluster.Disk.ReadSnapshot(LogStreams.Checkpoint(TenantId.Default, 1, shard, sweep));
        return found;
    }

    private static ITrainingCoordinatorGrain Coordinator(GrainCluster cluster) =>
        cluster.Tenant.Coordinator;

    [Fact]
    public void Train_ManyChangesKeptForItemShards_LetsThemGoBeforeItFreezesPairs()
    {
        const int KeptMax = 22_000, Before = 10_500, After = 11_600; // half of the bound would make room by itself
        EventRecord[] Views(int first, int count) =>
            [.. Enumerable.Range(first, count).Select(n => Planted.Event($"user {n % 97}", $"item {n % 89}", "interaction", 1) with { EventKey = (ulong)n + 1 })];
        GrainCluster.Run(11, async cluster =>
        {
            await cluster.UserShard(0).Append(Views(0, Before));
            await Train(cluster, new PlantedShop(1).Plan(rank: 4, sweeps: 1));

            Assert.Equal(After, (await cluster.UserShard(0).Append(Views(Before, After))).Accepted);
        }, new(1, 2), s => s.PostConfigure<UserShardOptions>(o =>
            (o.FeedChangesMax, o.SnapshotRecords, o.IdleSnapshotRecords, o.SnapshotBytes) = (KeptMax, int.MaxValue, int.MaxValue, long.MaxValue)));
    }

    private static async Task<TrainingStatus> Train(GrainCluster cluster, TrainingPlan plan)
    {
        await Coordinator(cluster).Start(plan);
        await WaitForEnd(cluster);
        TrainingStatus status = await Coordinator(cluster).GetStatus();
        Assert.True(status.Phase == TrainingPhase.Done, status.Reason);
        return status;
    }

    private static Task WaitForEnd(GrainCluster cluster) =>
        cluster.Until("the training is over", async () => (await Coordinator(cluster).GetStatus()).IsOver);
}
