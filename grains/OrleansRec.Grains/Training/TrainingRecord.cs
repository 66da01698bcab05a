using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Training;

/// <summary>The durable part of a training: enough to go on from the last checkpoint after any loss.</summary>
[GenerateSerializer, Immutable, Alias("rec.training-record")]
public sealed record TrainingRecord
{
    [Id(0)] public TrainingPhase Phase { get; init; }
    [Id(1)] public long Version { get; init; }
    [Id(2)] public TrainingPlan? Plan { get; init; }
    [Id(3)] public int UserShards { get; init; }
    [Id(4)] public int ItemShards { get; init; }
    [Id(5)] public long[] Watermarks { get; init; } = [];
    [Id(6)] public int Checkpoint { get; init; }
    [Id(7)] public double[] Losses { get; init; } = [];
    [Id(8)] public double[] SweepSeconds { get; init; } = [];
    [Id(9)] public long StartedMs { get; init; }
    [Id(10)] public long EndedMs { get; init; }
    [Id(11)] public string? Reason { get; init; }
    [Id(12)] public long Users { get; init; }
    [Id(13)] public long Items { get; init; }
    [Id(14)] public long Pairs { get; init; }
    [Id(15)] public int Attempt { get; init; }
    [Id(16)] public UnreleasedTraining[] Unreleased { get; init; } = [];
    [Id(17)] public ModelQuality? Quality { get; init; }
    [Id(18)] public double[] EpochLosses { get; init; } = [];
    [Id(19)] public double[] EpochNdcg { get; init; } = [];

    /// <summary>The state that a coordinator begins from.</summary>
    public TrainingState ToState() => new()
    {
        Phase = Phase, Version = Version, Options = Plan?.ToOptions() ?? new(), Rule = Plan?.ToRule(), Sequence = Plan?.ToSequence(), UserShards = UserShards, ItemShards = ItemShards,
        Watermarks = Watermarks, Checkpoint = Checkpoint, Sweep = Checkpoint, Losses = Losses, Reason = Reason, Pairs = Pairs,
        Attempt = Attempt, Epochs = new(EpochNdcg, EpochLosses), Unreleased = [.. Unreleased.Select(u => new TrainingRelease(u.Version, u.Published))],
    };

    /// <summary>This record with what the machine has since come to.</summary>
    public TrainingRecord With(TrainingState state) => this with
    {
        Phase = state.Phase, Version = state.Version, UserShards = state.UserShards, ItemShards = state.ItemShards,
        Watermarks = [.. state.Watermarks], Checkpoint = state.Checkpoint, Losses = [.. state.Losses], Reason = state.Reason,
        Users = state.UserRows.Sum(r => (long)r), Items = state.ItemRows.Sum(r => (long)r), Pairs = state.Pairs,
        EpochLosses = [.. state.Epochs.Losses], EpochNdcg = [.. state.Epochs.Ndcg],
        Attempt = state.Attempt, Quality = ModelQuality.Of(state.Quality), Unreleased = [.. state.Unreleased.Select(u => new UnreleasedTraining(u.Version, u.Published))],
    };
}

/// <summary>A training that has ended, but that not every shard is known to have let go.</summary>
[GenerateSerializer, Immutable, Alias("rec.unreleased-training")]
public readonly record struct UnreleasedTraining(long Version, bool Published);
