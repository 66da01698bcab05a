namespace OrleansRec.Model.Sequence.Training;

/// <summary>How far the training of a sequence model has come.</summary>
/// <param name="Ndcg">Held-out NDCG@10 of each epoch of the first course, by which the number of epochs is chosen; NaN where nobody could be asked.</param>
/// <param name="Losses">Mean loss of each epoch of both courses.</param>
public sealed record SequenceProgress(IReadOnlyList<double> Ndcg, IReadOnlyList<double> Losses)
{
    /// <summary>Of a training at its start.</summary>
    public static SequenceProgress Start { get; } = new([], []);

    /// <summary>Epochs done, of both courses.</summary>
    public int Done => Losses.Count;

    /// <summary>The progress after one more epoch.</summary>
    /// <param name="step">Which epoch.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="ndcg">Its held-out NDCG@10; not read in the second course.</param>
    public SequenceProgress With(SequenceStep step, double loss, double ndcg) =>
        new(step.IsChoosing ? [.. Ndcg, ndcg] : Ndcg, [.. Losses, loss]);
}

/// <summary>One epoch of a course.</summary>
/// <param name="IsChoosing">Whether it is one of the first course, which chooses the number of epochs.</param>
/// <param name="Epoch">Its number in the course, from 1.</param>
public readonly record struct SequenceStep(bool IsChoosing, int Epoch);

/// <summary>
/// The course of a sequence training as a pure function. First the number of epochs is chosen, on users whose newest item is left out; then the model is trained anew on everything, for that many epochs.
/// </summary>
public static class SequenceCourse
{
    /// <summary>What comes next.</summary>
    /// <param name="options">Epochs and Patience bound the first course.</param>
    /// <param name="progress">What is done.</param>
    /// <returns>The next epoch; null when all is done.</returns>
    public static SequenceStep? Next(SequenceOptions options, SequenceProgress progress)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        if (IsChoosing(options, progress))
            return new(true, progress.Ndcg.Count + 1);
        int again = progress.Done - progress.Ndcg.Count;
        return again < Chosen(options, progress) ? new(false, again + 1) : null;
    }

    /// <summary>The number of epochs that the first course has chosen; where nobody could be asked, as many as the options allow. 0 while it is not over.</summary>
    public static int Chosen(SequenceOptions options, SequenceProgress progress) => IsChoosing(options, progress) ? 0
        : EarlyStop.Decide([.. progress.Ndcg], options.Patience).BestEpoch is > 0 and int best ? best : options.Epochs;

    private static bool IsChoosing(SequenceOptions options, SequenceProgress progress) =>
        progress.Ndcg.Count < options.Epochs && !EarlyStop.Decide([.. progress.Ndcg], options.Patience).IsOver;
}
