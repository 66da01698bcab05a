using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Grains.Training;

namespace OrleansRec.Grains.Items;

/// <summary>The training side of an item shard: it passes the calls on to <see cref="ItemShardTraining"/>.</summary>
public sealed partial class ItemShardGrain : IItemShardTraining
{
    private ItemShardTraining? training;
    private TrainingWatch? watch;

    private ItemShardTraining Training => training ??= new(
        shard, map, grains, ServiceProvider.GetRequiredService<SideSolver>(), copies.Training, store, unasked,
        new(grains, ServiceProvider.GetRequiredService<SideSolver>(), Catalogue, store, ServiceProvider.GetRequiredService<IOptions<TrainingOptions>>().Value, logger),
        new(grains, ServiceProvider.GetRequiredService<SideSolver>(), store, ServiceProvider.GetRequiredService<IOptions<TrainingOptions>>().Value), logger);

    private Task Watched()
    {
        watch ??= new(
            this, grains, ServiceProvider.GetRequiredService<IOptions<TrainingOptions>>().Value.SilencePeriod, () => Training.Version, Training.Forget,
            unasked, logger, Training.Release);
        watch.Begin();
        return Task.CompletedTask;
    }

    public Task Gather(GatherCommand command, CancellationToken cancellation = default)
    {
        Training.Gather(command);
        return Watched();
    }

    public Task<RowIdChunk> GetRowIds(long version, int attempt, int firstRow, CancellationToken cancellation = default) =>
        Task.FromResult(Training.GetRowIds(version, attempt, firstRow));

    public Task TakeStart(StartCommand command, CancellationToken cancellation = default)
    {
        Training.TakeStart(command);
        return Watched();
    }

    public Task SolveItems(SolveCommand command, CancellationToken cancellation = default)
    {
        Training.SolveItems(command);
        return Watched();
    }

    public Task<FactorChunk> GetItemFactors(long version, int attempt, int sweep, int firstRow, CancellationToken cancellation = default) =>
        Task.FromResult(Training.GetFactors(version, attempt, sweep, firstRow));

    public Task LearnEpoch(LearnCommand command, CancellationToken cancellation = default)
    {
        Training.LearnEpoch(command);
        return Watched();
    }

    public Task Prepare(PrepareCommand command, CancellationToken cancellation = default)
    {
        Training.Prepare(command);
        return Watched();
    }

    public Task Discard(long version, CancellationToken cancellation = default) => Training.Discard(version, cancellation);

    public Task Release(long version, CancellationToken cancellation = default) => Training.Release(version, cancellation);
}
