using Orleans;
using OrleansRec.Model;

namespace OrleansRec.Contracts;

/// <summary>What a shard tells the coordinator when its part of a phase is over.</summary>
/// <param name="Version">Which training.</param>
/// <param name="Attempt">Which attempt at it.</param>
/// <param name="Phase">Which phase.</param>
/// <param name="Sweep">Which sweep; 0 outside sweeps.</param>
/// <param name="Shard">Which shard.</param>
/// <param name="Rows">Rows of the shard on its side.</param>
/// <param name="Pairs">Observed pairs of the shard.</param>
/// <param name="Watermark">Freezing: the last record that is trained on.</param>
/// <param name="Sums">Tree nodes over buckets: Gram, loss terms, rating sums.</param>
/// <param name="BucketHashes">Last sweep: SHA-256 of each bucket of the shard, 32 bytes each, in order; else empty.</param>
/// <param name="Error">Why the shard could not do it, or null. The coordinator then begins again from the last checkpoint, a bounded number of times.</param>
/// <param name="IsFinal">Whether beginning again cannot help: the training fails with <paramref name="Error"/>.</param>
/// <param name="Quality">Measuring: what came out; else null.</param>
/// <param name="Epoch">Learning sequences: what came out; else null.</param>
[GenerateSerializer, Immutable, Alias("rec.shard-report")]
public sealed record ShardReport(
    long Version, int Attempt, TrainingPhase Phase, int Sweep, int Shard, int Rows, long Pairs, long Watermark, SumNode[] Sums, byte[] BucketHashes,
    string? Error, bool IsFinal = false, ShardQuality? Quality = null, ShardEpoch? Epoch = null);
