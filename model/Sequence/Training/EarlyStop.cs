namespace OrleansRec.Model.Sequence.Training;

/// <summary>Whether a training has seen its best epoch.</summary>
/// <param name="BestEpoch">The epoch with the highest NDCG, the first of equals; from 1, and 0 before there is any.</param>
/// <param name="IsOver">Whether <see cref="SequenceOptions.Patience"/> epochs have passed since.</param>
public readonly record struct EarlyStop(int BestEpoch, bool IsOver)
{
    /// <summary>Decides by the held-out NDCG of each epoch so far.</summary>
    /// <param name="ndcg">NDCG@10 of epochs 1, 2, …; NaN counts as worse than any.</param>
    /// <param name="patience">Epochs without a better one, ≥ 1.</param>
    public static EarlyStop Decide(ReadOnlySpan<double> ndcg, int patience)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        int best = 0;
        for (int epoch = 1; epoch <= ndcg.Length; epoch++)
            if (!double.IsNaN(ndcg[epoch - 1]) && (best == 0 || ndcg[epoch - 1] > ndcg[best - 1]))
                best = epoch;
        return new(best, ndcg.Length - best >= patience);
    }
}
