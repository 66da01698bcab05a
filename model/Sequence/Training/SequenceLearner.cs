using OrleansRec.Model.Sequence.Evaluation;

namespace OrleansRec.Model.Sequence.Training;

/// <summary>Both courses of a sequence training in one process: what the shards of a cluster come to as well, bit for bit.</summary>
public static class SequenceLearner
{
    /// <summary>Chooses the number of epochs and trains on everything.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="corpus">What is trained on.</param>
    /// <param name="run">Runs the parts of a step and the tiles of a ranking.</param>
    /// <param name="pause">Called between the stages of a step; null for nothing.</param>
    /// <returns>The state after the last epoch, and how it came there.</returns>
    /// <exception cref="ArithmeticException">The training diverged.</exception>
    public static (SequenceTrainingState State, SequenceProgress Progress) Learn(SequenceOptions options, SequenceCorpus corpus, PartRunner run, Action? pause = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(corpus);
        SequenceProgress progress = SequenceProgress.Start;
        SequenceTrainer? trainer = null;
        while (SequenceCourse.Next(options, progress) is { } step)
        {
            if (step.Epoch == 1)
                trainer = new(SequenceTrainingState.Start(options, corpus.All.ItemCount), step.IsChoosing ? corpus.Choosing : corpus.All, run);
            SequenceEpoch epoch = trainer!.RunEpoch(pause);
            if (epoch.Failure is { } failure)
                throw new ArithmeticException(failure);
            progress = progress.With(step, epoch.Loss, step.IsChoosing ? NdcgOf(trainer.State.Parameters, corpus, run) : double.NaN);
        }
        return (trainer!.State, progress);
    }

    /// <summary>NDCG@10 of the items that the users who are asked took next, among all that they have not had; NaN where nobody is asked.</summary>
    public static double NdcgOf(SequenceParameters parameters, SequenceCorpus corpus, PartRunner run)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        return corpus.HeldOut.Length == 0 ? double.NaN : HeldOutFigures.Of(HeldOutRanking.Ranks(parameters, corpus.Asked, corpus.HeldOut, leavesSeenOut: true, run)).Ndcg;
    }
}
