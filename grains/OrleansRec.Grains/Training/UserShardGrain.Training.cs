using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>The training side of a user shard: it hands its pairs to <see cref="UserShardTraining"/> and passes the calls on.</summary>
public sealed partial class UserShardGrain : IUserShardTraining
{
    /// <summary>Users frozen in one turn, so that appends and reads are held up for about a millisecond at most.</summary>
    private const int FreezeUsersPerTurn = 1024;

    /// <summary>Of the changes kept for item shards a training bears with so many: it needs the room more, so item shards are first brought to let go of more.</summary>
    private const int FreezeBacklogMax = 10_000;

    private UserShardTraining? training;
    private TrainingWatch? watch;

    private UserShardTraining Training => training ??= new(
        shard, map, grains, ServiceProvider.GetRequiredService<SideSolver>(),
        silo.Of(grains.Tenant).Training, FreezePairs, CurrentModel, unasked, logger);

    private async Task<PublishedModel?> CurrentModel(CancellationToken cancellation) =>
        await silo.Of(grains.Tenant).Models.Get(GrainFactory, cancellation);

    private Task Watched()
    {
        watch ??= new(
            this, grains, ServiceProvider.GetRequiredService<IOptions<TrainingOptions>>().Value.SilencePeriod, () => Training.Version, Training.Forget,
            unasked, logger);
        watch.Begin();
        return Task.CompletedTask;
    }

    public Task Freeze(FreezeCommand command, CancellationToken cancellation = default)
    {
        Training.Freeze(command);
        return Watched();
    }

    public Task<ColumnSizes> GetColumnSizes(long version, int attempt, int itemShard, int firstItem, CancellationToken cancellation = default) =>
        Task.FromResult(Training.GetColumnSizes(version, attempt, itemShard, firstItem));

    public Task<ColumnChunk> GetColumns(long version, int attempt, int itemShard, int firstItem, CancellationToken cancellation = default) =>
        Task.FromResult(Training.GetColumns(version, attempt, itemShard, firstItem));

    public Task MapItems(MapCommand command, CancellationToken cancellation = default)
    {
        Training.MapItems(command);
        return Watched();
    }

    public Task SolveUsers(SolveCommand command, CancellationToken cancellation = default)
    {
        Training.SolveUsers(command);
        return Watched();
    }

    public Task Measure(SolveCommand command, CancellationToken cancellation = default)
    {
        Training.Measure(command);
        return Watched();
    }

    public Task<FactorChunk> GetUserFactors(long version, int attempt, int sweep, int firstRow, CancellationToken cancellation = default) =>
        Task.FromResult(Training.GetFactors(version, attempt, sweep, firstRow));

    public Task Release(long version, CancellationToken cancellation = default)
    {
        Training.Forget(version);
        return Task.CompletedTask;
    }

    /// <summary>The pairs of all events up to a watermark; −1 is everything accepted so far, once that is durable.</summary>
    private async Task<FrozenPairs> FreezePairs(TrainingPlan plan, long watermark, CancellationToken stop)
    {
        if (watermark < 0)
        {
            watermark = state.LastSequence;
            await log.Durable(watermark);
        }
        else if (watermark > state.LastSequence)
        {
            // This activation was replaced by one that went on, and has not heard of it: the next one reads what there is.
            var reason = new FencedException($"User shard {shard} ends at record {state.LastSequence} here; the training works on records up to {watermark}.");
            OnFailed(reason);
            throw reason;
        }
        if (state.BacklogCount > FreezeBacklogMax)
            await (settling is { IsCompleted: false } ? settling : settling = WriteQuietly(() => Settle(log.DurableSequence))).WaitAsync(stop);
        stop.ThrowIfCancellationRequested();
        AlsOptions als = plan.ToOptions();
        TypeMeanings types = plan.MeaningsOf([.. Enumerable.Range(0, state.Texts.Types.Count).Select(type => state.Texts.Types[type])]);
        UserRow[] users = [.. state.Sorted()];
        var builder = new PairBlock.Builder((int)Math.Min(state.EventCount, Array.MaxLength));
        var values = new PairValues();
        var heldOut = new List<HeldOutUser>();
        double share = plan.HeldOut?.Share ?? 0;
        for (int row = 0; row < users.Length; row++)
        {
            if (row % FreezeUsersPerTurn == FreezeUsersPerTurn - 1)
            {
                await Task.Yield();
                stop.ThrowIfCancellationRequested();
            }
            // Who has not agreed to lists of their own is not learned from either.
            if (users[row].Record.Settings is { MayPersonalise: false })
                continue;
            values.Take(users[row].Record.Through(watermark), types, als.EffectivePairValue);
            if (als.Objective == Objective.Implicit)
                values.DropZeros();
            if (HeldOutSample.Has(users[row].Key.Id, share)
                && HeldOutSample.NewestItem(users[row].Record.Through(watermark)) is >= 0 and int newest && values.TryDrop(newest))
                heldOut.Add(new(builder.UserCount, users[row].Key.Id, state.Texts.Items[newest], newest, users[row].Record.Through(watermark)));
            builder.Add(users[row].Key.Id, values.Items, values.Values);
        }
        return new(builder.Build(state.Texts.Items.Count, item => state.Texts.Items[item]), watermark, heldOut, state.Texts);
    }
}
