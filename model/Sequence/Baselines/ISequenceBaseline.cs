namespace OrleansRec.Model.Sequence.Baselines;

/// <summary>A simple way to predict the next item of a history; hard to beat, so every figure of the sequence model stands beside theirs.</summary>
public interface ISequenceBaseline
{
    /// <summary>Adds this history's score to each item.</summary>
    /// <param name="history">Items, oldest first.</param>
    /// <param name="scores">Shape (V), zero at first; an item whose score stays 0 is not recommended.</param>
    void AddScores(ReadOnlySpan<int> history, Span<double> scores);
}
