using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Tests.Cluster;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Training;

/// <summary>
/// Goal: a shard never does two pieces of training work at once. Method: work that waits for a gate, as a solve waits for its threads, and a command that
/// comes meanwhile.
/// </summary>
public class ShardWorkTests
{
    /// <summary>
    /// A solve that went on beside the start values of a training begun again took those for its own result: they became the checkpoint of its sweep,
    /// and its report stood for a solve that was never done.
    /// </summary>
    [Fact]
    public void Begin_WhileOtherWorkIsUnderWay_StopsItAndBeginsWhenItHasEnded() => GrainCluster.Run(1, async cluster =>
    {
        var work = new ShardWork(0, cluster.Tenant, new UnaskedCalls(), NullLogger.Instance);
        var gate = new TaskCompletionSource();
        var steps = new List<string>();
        work.Begin(1, 1, TrainingPhase.SolvingItems, 3, async stop =>
        {
            await gate.Task;
            steps.Add(stop.IsCancellationRequested ? "stopped" : "solved");
            return Report(TrainingPhase.SolvingItems, 3);
        });

        work.Begin(1, 1, TrainingPhase.Starting, 2, _ => Step("started", TrainingPhase.Starting, 2));
        Assert.Empty(steps);
        gate.SetResult();
        await cluster.Until("the start", () => Task.FromResult(steps.Contains("started")));
        work.Begin(1, 1, TrainingPhase.SolvingItems, 3, _ => Step("solved again", TrainingPhase.SolvingItems, 3));
        await cluster.Until("the second solve", () => Task.FromResult(steps.Contains("solved again")));

        Assert.Equal(["stopped", "started", "solved again"], steps);

        Task<ShardReport> Step(string step, TrainingPhase phase, int sweep)
        {
            steps.Add(step);
            return Task.FromResult(Report(phase, sweep));
        }
    });

    /// <summary>
    /// Of two coordinators, the one that had begun the later attempt ended with its silo. The other went on asking for its own, which no shard works for
    /// any more, wrote nothing, and so never learned that it was the one of the past: the training stood still for good.
    /// </summary>
    [Fact]
    public void Begin_OfAnEarlierAttempt_MakesItsCoordinatorReadWhatIsKept() => GrainCluster.Run(2, async cluster =>
    {
        TenantGrains first = cluster.Tenant;
        Assert.Equal(0, (await first.Coordinator.GetStatus()).Version);
        await cluster.StartAnother();
        await cluster.Tenant.Coordinator.Start(new PlantedShop(1).Plan());
        var work = new ShardWork(0, first, new UnaskedCalls(), NullLogger.Instance);
        work.Begin(1, 2, TrainingPhase.Freezing, 0, _ => new TaskCompletionSource<ShardReport>().Task);

        work.Begin(1, 1, TrainingPhase.Mapping, 0, _ => throw new UnreachableException("work of an earlier attempt"));

        await cluster.Until("the first coordinator reads anew", async () => (await first.Coordinator.GetStatus()).Version == 1);
    });

    private static ShardReport Report(TrainingPhase phase, int sweep) => new(1, 1, phase, sweep, 0, 0, 0, 0, [], [], null);
}
