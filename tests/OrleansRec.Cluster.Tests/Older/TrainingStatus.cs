using Orleans;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>A status from before there were a silo, a quality and a sequence model in it.</summary>
[GenerateSerializer, Immutable, Alias("rec.training-status")]
public sealed record TrainingStatus(
    TrainingPhase Phase, long Version, TrainingPlan? Plan, int Sweep, int ShardsDone, int ShardsTotal, double[] Losses,
    long Users, long Items, long Pairs, long StartedMs, long EndedMs, double[] SweepSeconds, string? Reason)
{
    /// <summary>As today's coordinator makes it.</summary>
    public TrainingStatus(
        TrainingPhase phase, long version, TrainingPlan? plan, int sweep, int shardsDone, int shardsTotal, double[] losses,
        long users, long items, long pairs, long startedMs, long endedMs, double[] sweepSeconds, string? reason, string silo = "", ModelQuality? quality = null,
        SequenceStatus? sequence = null)
        : this(phase, version, plan, sweep, shardsDone, shardsTotal, losses, users, items, pairs, startedMs, endedMs, sweepSeconds, reason) =>
        (Silo, Quality, Sequence) = (silo, quality, sequence);

    /// <summary>Stays where it was made.</summary>
    [field: NonSerialized] public string Silo { get; init; } = "";

    /// <summary>Stays where it was made.</summary>
    [field: NonSerialized] public ModelQuality? Quality { get; init; }

    /// <summary>Stays where it was made.</summary>
    [field: NonSerialized] public SequenceStatus? Sequence { get; init; }

    /// <summary>Whether it has ended, or never began.</summary>
    public bool IsOver => Phase.IsEnd();
}
