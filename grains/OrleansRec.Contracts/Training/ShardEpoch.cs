using Orleans;

namespace OrleansRec.Contracts;

/// <summary>An epoch of the sequence model.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Ndcg">Held-out NDCG@10; NaN where nobody could be asked, and in the second course.</param>
[GenerateSerializer, Immutable, Alias("rec.shard-epoch")]
public sealed record ShardEpoch(double Loss, double Ndcg);
