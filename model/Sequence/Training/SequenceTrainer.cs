using OrleansRec.Model.Sequence.Kernels;
using OrleansRec.Model.Sequence.Network;

namespace OrleansRec.Model.Sequence.Training;

/// <summary>Trains a sequence model epoch by epoch.</summary>
/// <remarks>
/// A step is split into a fixed number of parts, and their gradients meet in a fixed tree; dropout, negatives and order come from counters. So the bits depend on the state and on the histories,
/// and on nothing else but the vector width. Buffers are made once, for the largest batch; a step allocates nothing.
/// </remarks>
public sealed unsafe class SequenceTrainer
{
    /// <summary>A step whose loss is more than this many times that of equal scores has exploded.</summary>
    public const double LossFactorMax = 10;

    private readonly PartRunner _run;
    private readonly EpochOrder _order;
    private readonly NegativeDraws _negatives;
    private readonly PackedBatch _batch;
    private readonly SequenceNetwork<float> _network;
    private readonly AdamW _optimiser;
    private readonly float[] _gradient;
    private readonly double[] _losses = new double[PackedBatch.Parts];
    private readonly Action<int> _shuffle, _fill, _runPart, _sumPiece, _scatter, _stepPiece;
    private Dropout<float> _dropout;
    private int _stepOfEpoch;

    /// <summary>Makes all buffers.</summary>
    /// <param name="state">Where to go on from; changed by each epoch.</param>
    /// <param name="rows">The histories, the same in every epoch.</param>
    /// <param name="run">Runs the parts of a step in <see cref="RunEpoch"/>; null: the caller's thread does.</param>
    /// <exception cref="ArgumentException">
    /// The state is in mid-epoch or of another vector width, the histories have another number of items or none of at least two, or a batch needs more room than an array has.
    /// </exception>
    public SequenceTrainer(SequenceTrainingState state, SequenceRows rows, PartRunner? run = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rows);
        RequireFit(state, rows);
        (State, _run) = (state, run ?? PartRunners.Inline);
        _order = new(rows, state.Options);
        if (_order.StepCount == 0)
            throw new ArgumentException("At least one user must have two items; got none.", nameof(rows));
        _negatives = new(rows, state.Options);
        var (rowsMax, sequencesMax, weightsMax) = _order.LargestBatch();
        _batch = new(new(rowsMax, sequencesMax, weightsMax, _negatives.CountMax(rowsMax)));
        var layout = state.Parameters.Layout;
        _network = new(layout, NetworkKernels<float>.Chosen, _batch.SizeMax);
        (_optimiser, _gradient) = (new(layout), new float[layout.Length]);
        (_shuffle, _fill, _runPart, _sumPiece, _scatter, _stepPiece) = (Shuffle, Fill, RunPart, SumPiece, Scatter, StepPiece);
    }

    /// <summary>Where the training is.</summary>
    public SequenceTrainingState State { get; }

    /// <summary>Steps of an epoch.</summary>
    public int StepCount => _order.StepCount;

    /// <summary>How the last epoch that <see cref="Stages"/> went through ended.</summary>
    public SequenceEpoch LastEpoch { get; private set; }

    /// <summary>Takes all steps of the next epoch.</summary>
    /// <param name="pause">Called between stages: the worker may yield there.</param>
    /// <param name="cancellationToken">Looked at between stages.</param>
    /// <returns>The epoch; where it failed, the state is no longer whole.</returns>
    /// <exception cref="InvalidOperationException">An earlier epoch did not end well.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the state is no longer whole.</exception>
    public SequenceEpoch RunEpoch(Action? pause = null, CancellationToken cancellationToken = default)
    {
        foreach (SequenceStage stage in Stages())
        {
            cancellationToken.ThrowIfCancellationRequested();
            _run(stage.Count, stage.Part);
            pause?.Invoke();
        }
        return LastEpoch;
    }

    /// <summary>The next epoch as stages, for a caller that runs their parts in its own way; each stage ends before the next is asked for.</summary>
    /// <remarks>An epoch that the caller does not go through leaves the state in mid-epoch. <see cref="LastEpoch"/> is set at the end.</remarks>
    /// <exception cref="InvalidOperationException">An earlier epoch did not end well.</exception>
    public IEnumerable<SequenceStage> Stages()
    {
        if (!State.IsWhole)
            throw new InvalidOperationException($"The training stopped within epoch {State.Epoch + 1}; go on from the last checkpoint.");
        State.IsWhole = false;
        yield return new(1, _shuffle);
        double sum = 0;
        long positions = 0;
        for (_stepOfEpoch = 0; _stepOfEpoch < StepCount; _stepOfEpoch++)
        {
            yield return new(1, _fill);
            yield return new(PackedBatch.Parts, _runPart);
            double loss = Sum(_losses) / _batch.RowCount;
            // A failed step must not reach the parameters.
            if (OutcomeOf(loss) is not SequenceOutcome.Trained and var failure)
            {
                LastEpoch = new(failure, State.Epoch + 1, _stepOfEpoch + 1, loss, LossOfEqualScores());
                yield break;
            }
            yield return new(_network.PieceCount(_batch), _sumPiece);
            yield return new(1, _scatter);
            yield return new(_optimiser.PieceCount, _stepPiece);
            sum += loss * _batch.RowCount;
            positions += _batch.RowCount;
        }
        LastEpoch = Finish(sum / positions);
    }

    private SequenceEpoch Finish(double loss)
    {
        foreach (float value in State.Parameters.Values)
            if (!float.IsFinite(value))
                return new(SequenceOutcome.NotFinite, State.Epoch + 1, StepCount, value, LossOfEqualScores());
        State.Epoch++;
        State.IsWhole = true;
        return new(SequenceOutcome.Trained, State.Epoch, StepCount, loss, LossOfEqualScores());
    }

    private void Shuffle(int part) => _order.Shuffle(State.Options.Seed, State.Epoch);

    private void Fill(int part)
    {
        _order.Fill(_stepOfEpoch, _batch);
        _negatives.Draw(_batch, State.Epoch, _stepOfEpoch);
        _dropout = new(State.Options.Dropout, State.Options.Seed, State.Epoch, _stepOfEpoch);
        fixed (float* parameters = State.Parameters.Values)
            _network.Begin(_batch, parameters);
    }

    private void Scatter(int part)
    {
        fixed (float* gradient = _gradient)
            _network.Scatter(_batch, gradient);
        State.Step++;
        _optimiser.Begin(State.Step, _gradient);
    }

    private void RunPart(int part)
    {
        fixed (float* parameters = State.Parameters.Values)
            _losses[part] = _network.RunPart(_batch, part, parameters, _dropout);
    }

    private void SumPiece(int piece) => _network.SumParts(_batch, piece);

    private void StepPiece(int piece) => _optimiser.RunPiece(piece, State, _gradient);

    private static double Sum(double[] parts) => ((parts[0] + parts[1]) + (parts[2] + parts[3])) + ((parts[4] + parts[5]) + (parts[6] + parts[7]));

    private SequenceOutcome OutcomeOf(double loss) =>
        !double.IsFinite(loss) ? SequenceOutcome.NotFinite : loss > LossFactorMax * LossOfEqualScores() ? SequenceOutcome.Exploded : SequenceOutcome.Trained;

    // Of all scores 0; a correction of q makes the candidates weigh what the catalogue does.
    private double LossOfEqualScores()
    {
        int count = _batch.CandidateCount;
        return State.Options.Loss == SequenceLoss.Gbce
            ? Math.Log(2) * (CandidateScores<float>.Beta(count, State.Parameters.Layout) + count) / (count + 1)
            : Math.Log(1 + Math.Max(count, State.Options.LogQCorrection ? State.Parameters.Layout.ItemCount : 0));
    }

    private static void RequireFit(SequenceTrainingState state, SequenceRows rows)
    {
        if (!state.IsWhole)
            throw new ArgumentException($"The state is in the middle of epoch {state.Epoch + 1}; go on from a checkpoint.", nameof(state));
        if (state.Rung != ActiveRung.Name)
            throw new ArgumentException($"The state was trained at vector width {state.Rung}, and this process has {ActiveRung.Name}: the bits would differ.", nameof(state));
        if (rows.ItemCount != state.Parameters.Layout.ItemCount)
            throw new ArgumentException($"The model has {state.Parameters.Layout.ItemCount} items; the histories have {rows.ItemCount}.", nameof(rows));
    }
}
