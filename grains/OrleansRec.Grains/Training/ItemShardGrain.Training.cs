using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Grains.Training;

namespace OrleansRec.Grains.Items;

/// <summary>The training side of an item shard: it passes the calls on to <see cref="ItemShardTraining"/>.</summary>
public sealed partial class ItemShardGrain : IItemShardTraining
{
    private ItemShardTraining? training;

    private ItemShardTraining Training => training ??= new(
        shard, map, GrainFactory,
        new SideSolver(ServiceProvider.GetRequiredService<IComputePool>(), ServiceProvider.GetRequiredService<IOptions<TrainingOptions>>().Value.PiecesPerWorker),
        ServiceProvider.GetRequiredService<TrainingCopies>(), store, logger);

    public Task Gather(GatherCommand command, CancellationToken cancellation = default)
    {
        Training.Gather(command);
        return Task.CompletedTask;
    }

    public Task<RowIdChunk> GetRowIds(long version, int firstRow, CancellationToken cancellation = default) =>
        Task.FromResult(Training.GetRowIds(version, firstRow));

    public Task TakeStart(StartCommand command, CancellationToken cancellation = default)
    {
        Training.TakeStart(command);
        return Task.CompletedTask;
    }

    public Task SolveItems(SolveCommand command, CancellationToken cancellation = default)
    {
        Training.SolveItems(command);
        return Task.CompletedTask;
    }

    public Task<FactorChunk> GetItemFactors(long version, int sweep, int firstRow, CancellationToken cancellation = default) =>
        Task.FromResult(Training.GetFactors(version, sweep, firstRow));

    public Task Prepare(PrepareCommand command, CancellationToken cancellation = default)
    {
        Training.Prepare(command);
        return Task.CompletedTask;
    }

    public Task Discard(long version, CancellationToken cancellation = default) => Training.Discard(version, cancellation);

    public Task Release(long version, CancellationToken cancellation = default) => Training.Release(version, cancellation);
}
