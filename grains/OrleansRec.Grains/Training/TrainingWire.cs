using System.Diagnostics;
using System.Security.Cryptography;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Grains.Training;

/// <summary>Between the machine's values and the messages that carry them.</summary>
internal static class TrainingWire
{
    /// <summary>Asks one shard to begin its part of the state's phase.</summary>
    public static Task Begin(TenantGrains grains, TrainingState state, TrainingPlan plan, long startedMs, int shard)
    {
        IUserShardTraining users = grains.UserTraining(shard);
        IItemShardTraining items = grains.ItemTraining(shard);
        return state.Phase switch
        {
            TrainingPhase.Freezing => users.Freeze(new(state.Version, state.Attempt, plan, state.Watermarks[shard])),
            TrainingPhase.Gathering => items.Gather(new(state.Version, state.Attempt, plan, [.. state.UserRows])),
            TrainingPhase.Mapping => users.MapItems(new(state.Version, state.Attempt, [.. state.ItemRows])),
            TrainingPhase.Starting => items.TakeStart(new(state.Version, state.Attempt, state.Checkpoint)),
            TrainingPhase.SolvingUsers => users.SolveUsers(new(state.Version, state.Attempt, state.Sweep, state.ItemGram, [.. state.ItemRows], state.GlobalMean)),
            TrainingPhase.SolvingItems => items.SolveItems(new(state.Version, state.Attempt, state.Sweep, state.UserGram, [.. state.UserRows], state.GlobalMean)),
            TrainingPhase.LearningSequences => items.LearnEpoch(LearnCommand(state, plan, startedMs)),
            TrainingPhase.Measuring => users.Measure(new(state.Version, state.Attempt, state.Sweep + 1, state.ItemGram, [.. state.ItemRows], state.GlobalMean)),
            TrainingPhase.Publishing => items.Prepare(new(
                state.Version, state.Attempt, state.Sweep, shard != ItemShardTraining.CompanionShard ? null
                    : new(
                        plan, [.. state.Watermarks], [.. state.ItemRows], state.ItemGram, state.GlobalMean, startedMs, state.Epochs.Done, state.Epochs.Done - state.Epochs.Ndcg.Count))),
            _ => throw new UnreachableException($"No shard works in phase {state.Phase}."),
        };
    }

    private static LearnCommand LearnCommand(TrainingState state, TrainingPlan plan, long startedMs)
    {
        SequenceStep next = state.NextEpoch!.Value;
        return new(state.Version, state.Attempt, state.Sweep, next.IsChoosing, next.Epoch, new(plan, [.. state.Watermarks], [.. state.ItemRows], [], state.GlobalMean, startedMs));
    }

    public static TrainingReport ToReport(ShardReport report) => new(report.Version, report.Attempt, report.Phase, report.Sweep, report.Shard)
    {
        Rows = report.Rows, Pairs = report.Pairs, Watermark = report.Watermark, Error = report.Error, IsFinal = report.IsFinal,
        Sums = [.. report.Sums.Select(n => new BucketSum(n.Level, n.Index, n.Values))],
        Quality = report.Quality is { } q ? new(q.Users, q.New, q.Current, q.Squares) : default, ComparedWith = report.Quality?.ComparedWith,
        Epoch = report.Epoch is { } e ? (e.Loss, e.Ndcg) : default,
        BucketHashes = [.. report.BucketHashes.Chunk(SHA256.HashSizeInBytes)],
    };

    public static SumNode[] ToNodes(IEnumerable<BucketSum> sums) => [.. sums.Select(s => new SumNode(s.Level, s.Index, s.Values))];
}
