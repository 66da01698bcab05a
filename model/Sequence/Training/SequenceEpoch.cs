namespace OrleansRec.Model.Sequence.Training;

/// <summary>How an epoch ended.</summary>
public enum SequenceOutcome
{
    /// <summary>All steps were taken.</summary>
    Trained,

    /// <summary>A loss or a parameter is not a number or infinite.</summary>
    NotFinite,

    /// <summary>A step's loss is more than <see cref="SequenceTrainer.LossFactorMax"/> times that of equal scores.</summary>
    Exploded,
}

/// <summary>The result of one epoch.</summary>
/// <param name="Outcome">Trained, or why the training has failed.</param>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Steps">Steps taken in it.</param>
/// <param name="Loss">Mean loss over its positions; of a failed epoch the loss of the step that failed.</param>
/// <param name="LossOfEqualScores">The loss of a model that prefers nothing, in the last step: what a training begins near.</param>
public readonly record struct SequenceEpoch(SequenceOutcome Outcome, int Epoch, int Steps, double Loss, double LossOfEqualScores)
{
    /// <summary>A sentence for operators; null where all is well.</summary>
    public string? Failure => Outcome switch
    {
        SequenceOutcome.Trained => null,
        SequenceOutcome.NotFinite => $"Epoch {Epoch}, step {Steps}: the loss or a parameter is not finite ({Loss:G6}). Lower the learning rate or set a largest gradient norm.",
        _ => $"Epoch {Epoch}, step {Steps}: the loss is {Loss:G6}, and equal scores have {LossOfEqualScores:G6}. Lower the learning rate or set a largest gradient norm.",
    };
}
