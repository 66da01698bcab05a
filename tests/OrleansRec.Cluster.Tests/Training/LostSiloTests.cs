using Orleans;
using OrleansRec.Cluster.Tests.Cluster;
using OrleansRec.Contracts;
using OrleansRec.Grains.Tests.Training;

namespace OrleansRec.Cluster.Tests.Training;

/// <summary>
/// Goal: a training survives the loss of a silo at any step, and its model is published once, with the factors of a training in one thread. Method: three
/// silos; the first of them that comes to a named call of a named sweep is killed before or after that call. With REC_TEST_FULL every point has its training.
/// </summary>
public sealed class LostSiloTests
{
    private const int Sweeps = 4;

    private static bool IsFull => Environment.GetEnvironmentVariable("REC_TEST_FULL") == "1";

    public static TheoryData<string> Stories => ["solving", "reporting", "publishing"];

    [Theory, MemberData(nameof(Stories))]
    public async Task Train_ASiloIsKilledInEachOfManyTrainings_PublishesTheSameFactorsOnceEach(string story)
    {
        var shop = new PlantedShop(4);
        TrainingPlan plan = shop.Plan(rank: 16, sweeps: Sweeps);
        string expected = shop.Train(plan).Hash;
        await using SiloCluster cluster = await SiloCluster.Start(silos: 3, new(8, 8));
        await shop.Import(cluster.Tenant, cluster.Map, 1);
        long version = 0;
        foreach (var (name, isPoint, after) in IsFull ? Points(story) : Points(story)[..1])
        {
            if (version > 0)
                await cluster.Join();
            Task<string> killed = cluster.KillAt(isPoint, after);
            version++;
            Assert.Equal(version, await Start(cluster, plan, version));
            await killed;
            await SiloCluster.Until($"the training that lost a silo at {name} is over", async () => (await cluster.Tenant.Coordinator.GetStatus()).IsOver);

            TrainingStatus status = await Retries.Until("the training says how it ended", () => cluster.Tenant.Coordinator.GetStatus());
            Assert.True(status.Phase == Model.TrainingPhase.Done, $"{name}: {status.Phase} {status.Reason}");
            ModelDirectory directory = await Retries.Until("the models are known", () => cluster.Tenant.Models.Get());
            Assert.Equal((name, version, expected), (name, directory.Current, directory.CurrentModel!.FactorsHash));
            Assert.Equal(Sweeps, directory.CurrentModel.Losses.Length);
            Assert.Equal(directory.Models.Length, directory.Models.Select(m => m.Version).Distinct().Count());
        }
    }

    /// <summary>Where the answer was lost with the silo, the training runs, or is even over: it is not asked for twice.</summary>
    private static Task<long> Start(SiloCluster cluster, TrainingPlan plan, long version) => Retries.Until("the training has begun", async attempt =>
    {
        bool isKnown = attempt > 1 && (await cluster.Tenant.Coordinator.GetStatus()).Version == version;
        return isKnown ? version : (await cluster.Tenant.Coordinator.Start(plan)).Version;
    });

    private static (string Name, Func<IIncomingGrainCallContext, bool> IsPoint, bool After)[] Points(string story) => story switch
    {
        "solving" =>
        [
            ("items of sweep 3, after", Is(nameof(IItemShardTraining.SolveItems), 3), true),
            ("users of sweep 2, before", Is(nameof(IUserShardTraining.SolveUsers), 2), false),
            ("factors on their way", Is(nameof(IItemShardTraining.GetItemFactors)), false),
        ],
        "reporting" =>
        [
            // The coordinator's own silo.
            ("a report of sweep 2, before", Is(nameof(ITrainingCoordinatorGrain.Report), 2), false),
            ("a report of sweep 3, after", Is(nameof(ITrainingCoordinatorGrain.Report), 3), true),
            ("the watermarks", Is(nameof(IUserShardTraining.Freeze)), true),
        ],
        _ =>
        [
            ("publishing, after: it is done, and nobody is told", Is(nameof(IModelDirectoryGrain.Publish)), true),
            ("publishing, before", Is(nameof(IModelDirectoryGrain.Publish)), false),
            ("preparing", Is(nameof(IItemShardTraining.Prepare)), true),
        ],
    };

    private static Func<IIncomingGrainCallContext, bool> Is(string method, int? sweep = null) => call =>
        call.MethodName == method && (sweep is null || SweepOf(call.Request.GetArgument(0)) == sweep);

    private static int? SweepOf(object? argument) => argument switch
    {
        SolveCommand command => command.Sweep,
        ShardReport report => report.Sweep,
        _ => null,
    };
}
