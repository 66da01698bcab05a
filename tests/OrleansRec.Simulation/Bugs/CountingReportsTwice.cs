using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>Counts a report of solved users for the next shard too, as one that keeps reports in a list and not by shard would.</summary>
[KeepAlive, GrainType("trainingcoordinator")]
internal sealed class CountingReportsTwice(
    [PersistentState("training", "rec")] IPersistentState<TrainingRecord> storage, ShardMap map, TimeProvider time, IOptions<TrainingOptions> options,
    IOptions<QualityGateOptions> gate, UnaskedCalls unasked, ILogger<TrainingCoordinatorGrain> logger) : Grain, ITrainingCoordinatorGrain
{
    private readonly TrainingCoordinatorGrain _inner = new(storage, map, time, options, gate, unasked, logger);

    public override Task OnActivateAsync(CancellationToken cancellationToken) => _inner.OnActivateAsync(cancellationToken);

    public Task<TrainingStarted> Start(TrainingPlan plan, CancellationToken cancellation = default) => _inner.Start(plan, cancellation);

    public Task<bool> Stop(CancellationToken cancellation = default) => _inner.Stop(cancellation);

    public Task<TrainingStatus> GetStatus(CancellationToken cancellation = default) => _inner.GetStatus(cancellation);

    public async Task Report(ShardReport report, CancellationToken cancellation = default)
    {
        await _inner.Report(report, cancellation);
        if (report.Phase == TrainingPhase.SolvingUsers && report.Error is null)
            await _inner.Report(report with { Shard = (report.Shard + 1) % map.UserShards, Sums = [.. report.Sums.Select(Elsewhere)] }, cancellation);
    }

    // The sums of the range of buckets beside this one, so that the whole comes out complete.
    private SumNode Elsewhere(SumNode node) => node with { Index = node.Index ^ ((Buckets.Count >> node.Level) / map.UserShards) };
}
