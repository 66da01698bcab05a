using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Sequence.Evaluation;

/// <summary>One epoch of a leave-one-out evaluation.</summary>
/// <param name="Training">The epoch.</param>
/// <param name="HeldOut">Figures on the item before the last; null when training again.</param>
public readonly record struct LeaveOneOutEpoch(SequenceEpoch Training, HeldOutFigures? HeldOut);

/// <summary>What a leave-one-out evaluation found.</summary>
/// <param name="Epochs">Epochs chosen on the items before the last.</param>
/// <param name="Chosen">Figures of that epoch on the items before the last.</param>
/// <param name="Test">Figures on the last items, of the model trained again; null where a training failed.</param>
/// <param name="Failure">Why a training failed; null where none did.</param>
/// <param name="Parameters">The model trained again; null where a training failed.</param>
public sealed record LeaveOneOutResult(int Epochs, HeldOutFigures Chosen, HeldOutFigures? Test, string? Failure, SequenceParameters? Parameters);

/// <summary>Leave-one-out: epochs are chosen on each user's item before the last; the model is trained again on all but the last for as many epochs; the last items are scored once.</summary>
public static class LeaveOneOut
{
    /// <summary>Users with fewer items are not measured: without two of them nothing would be left to read.</summary>
    public const int ItemsMin = 3;

    /// <summary>Evaluates.</summary>
    /// <param name="options">Valid options; Epochs and Patience bound the first training.</param>
    /// <param name="rows">All items of each user, oldest first.</param>
    /// <param name="leavesSeenOut">Whether a user's earlier items are left out of the list.</param>
    /// <param name="run">Runs the parts of a step and the tiles of a ranking.</param>
    /// <param name="report">Told of each epoch.</param>
    /// <param name="cancellationToken">Looked at between steps.</param>
    /// <exception cref="ArgumentException">An option is out of range, or no user has <see cref="ItemsMin"/> items.</exception>
    public static LeaveOneOutResult Run(
        SequenceOptions options, SequenceRows rows, bool leavesSeenOut, PartRunner run, Action<LeaveOneOutEpoch>? report = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        if (!Enumerable.Range(0, rows.Count).Any(user => rows.LengthOf(user) >= ItemsMin))
            throw new ArgumentException($"At least one user must have {ItemsMin} items; got none.", nameof(rows));
        var split = new Split(rows, leavesSeenOut, run);
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(options, rows.ItemCount), rows.WithoutLast(2), run);
        var (ndcg, figures) = (new List<double>(), new List<HeldOutFigures>());
        EarlyStop stop = default;
        while (ndcg.Count < options.Epochs && !stop.IsOver)
        {
            var epoch = trainer.RunEpoch(null, cancellationToken);
            if (epoch.Failure is { } failure)
                return new(stop.BestEpoch, default, null, failure, null);
            figures.Add(split.Measure(trainer.State.Parameters, 2));
            ndcg.Add(figures[^1].Ndcg);
            report?.Invoke(new(epoch, figures[^1]));
            stop = EarlyStop.Decide(ndcg.ToArray(), options.Patience);
        }
        return TrainAgain(options, rows, split, stop.BestEpoch, figures[stop.BestEpoch - 1], run, report, cancellationToken);
    }

    private static LeaveOneOutResult TrainAgain(
        SequenceOptions options, SequenceRows rows, Split split, int epochs, HeldOutFigures chosen, PartRunner run, Action<LeaveOneOutEpoch>? report, CancellationToken cancellationToken)
    {
        var trainer = new SequenceTrainer(SequenceTrainingState.Start(options, rows.ItemCount), rows.WithoutLast(1), run);
        for (int n = 0; n < epochs; n++)
        {
            var epoch = trainer.RunEpoch(null, cancellationToken);
            if (epoch.Failure is { } failure)
                return new(epochs, chosen, null, failure, null);
            report?.Invoke(new(epoch, null));
        }
        return new(epochs, chosen, split.Measure(trainer.State.Parameters, 1), null, trainer.State.Parameters);
    }

    /// <summary>Which item of each user is held out.</summary>
    /// <param name="rows">All items.</param>
    /// <param name="fromEnd">1: the last; 2: the one before.</param>
    /// <returns>Shape (users); −1 for users with fewer than <see cref="ItemsMin"/> items.</returns>
    public static int[] HeldOut(SequenceRows rows, int fromEnd)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return [.. Enumerable.Range(0, rows.Count).Select(user => rows.LengthOf(user) < ItemsMin ? -1 : rows[user][^fromEnd])];
    }

    private sealed class Split(SequenceRows rows, bool leavesSeenOut, PartRunner run)
    {
        public HeldOutFigures Measure(SequenceParameters parameters, int fromEnd) =>
            HeldOutFigures.Of(HeldOutRanking.Ranks(parameters, rows.WithoutLast(fromEnd), HeldOut(rows, fromEnd), leavesSeenOut, run));
    }
}
