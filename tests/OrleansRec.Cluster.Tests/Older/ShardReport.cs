using Orleans;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>A report from before there were a quality and an epoch in it.</summary>
[GenerateSerializer, Immutable, Alias("rec.shard-report")]
public sealed record ShardReport(
    long Version, int Attempt, TrainingPhase Phase, int Sweep, int Shard, int Rows, long Pairs, long Watermark, SumNode[] Sums, byte[] BucketHashes,
    string? Error, bool IsFinal)
{
    /// <summary>As today's shards make it.</summary>
    public ShardReport(
        long version, int attempt, TrainingPhase phase, int sweep, int shard, int rows, long pairs, long watermark, SumNode[] sums, byte[] bucketHashes,
        string? error, bool isFinal = false, ShardQuality? quality = null, ShardEpoch? epoch = null)
        : this(version, attempt, phase, sweep, shard, rows, pairs, watermark, sums, bucketHashes, error, isFinal) => (Quality, Epoch) = (quality, epoch);

    /// <summary>Stays where it was made.</summary>
    [field: NonSerialized] public ShardQuality? Quality { get; init; }

    /// <summary>Stays where it was made.</summary>
    [field: NonSerialized] public ShardEpoch? Epoch { get; init; }
}
