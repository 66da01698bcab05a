using Orleans;

namespace OrleansRec.Contracts;

/// <summary>How far the sequence model of a training is.</summary>
/// <param name="Epoch">The epoch under way in its course, or the last one done; 0 before the first.</param>
/// <param name="EpochsMax">Epochs of the course: in the first one at most.</param>
/// <param name="IsChoosing">Whether the course is the one that chooses the number of epochs.</param>
/// <param name="Losses">Mean loss of each epoch done, of both courses.</param>
/// <param name="Ndcg">Held-out NDCG@10 of each epoch of the first course; NaN where nobody could be asked.</param>
[GenerateSerializer, Immutable, Alias("rec.sequence-status")]
public sealed record SequenceStatus(int Epoch, int EpochsMax, bool IsChoosing, double[] Losses, double[] Ndcg);
