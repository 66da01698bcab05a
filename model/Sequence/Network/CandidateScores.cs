using System.Numerics;
using OrleansRec.Model.Sequence.Kernels;

namespace OrleansRec.Model.Sequence.Network;

/// <summary>The negatives of a step, packed for both products with them; the whole catalogue for the full softmax.</summary>
internal sealed unsafe class CandidateScores<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NetworkKernels<T> _kernels;
    private readonly ParameterLayout _layout;
    private readonly AlignedBlock<T> _rows, _forward, _backward, _offsets;
    private readonly bool _isWhole, _isCorrected;

    public CandidateScores(NetworkKernels<T> kernels, ParameterLayout layout, int candidatesMax)
    {
        (_kernels, _layout) = (kernels, layout);
        int d = layout.Options.Width;
        _isWhole = layout.Options.Loss == SequenceLoss.FullSoftmax;
        _isCorrected = layout.Options is { Loss: SequenceLoss.SampledSoftmax, LogQCorrection: true };
        long length = Math.Max(kernels.PackedLength(d, candidatesMax), (long)candidatesMax * (d + kernels.PanelColumns));
        if (length > Array.MaxLength)
            throw new ArgumentException($"The candidates of a step need {length} elements, and an array holds {Array.MaxLength}.", nameof(candidatesMax));
        _rows = new(_isWhole ? 0 : candidatesMax * d);
        _forward = new(kernels.PackedLength(d, candidatesMax));
        _backward = new(kernels.PackedLength(candidatesMax, d));
        _offsets = new(_isCorrected ? candidatesMax : 0);
    }

    /// <summary>Takes the embeddings of the batch's candidates as they are.</summary>
    public void Take(PackedBatch batch, T* items)
    {
        int d = _layout.Options.Width, count = batch.CandidateCount;
        fixed (T* rows = _rows, forward = _forward, backward = _backward)
        {
            T* source = _isWhole ? items : rows;
            if (!_isWhole)
                for (int c = 0; c < count; c++)
                    new ReadOnlySpan<T>(items + batch.Candidates[c] * (nint)d, d).CopyTo(new Span<T>(rows + c * (nint)d, d));
            _kernels.Pack(source, 1, d, d, count, forward);
            _kernels.Pack(source, d, 1, count, d, backward);
        }
        for (int c = 0; c < (_isCorrected ? count : 0); c++)
            _offsets.Span[c] = T.CreateTruncating(batch.CandidateOffsets[c]);
    }

    /// <summary>Losses of some rows, and their gradients.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="rows">At most <see cref="PartRoom.TileRows"/>.</param>
    /// <param name="final">The model's output at the rows, shape (rows, d).</param>
    /// <param name="items">All embeddings.</param>
    /// <param name="room">Scores, shape (rows, stride), and room to pack rows.</param>
    /// <param name="d">Takes the gradient of the output and of each row's positive score, and adds that of the candidates' embeddings.</param>
    /// <returns>Σ of the rows' losses.</returns>
    public double AddLoss(PackedBatch batch, int firstRow, int rows, T* final, T* items, in ScoreRoom<T> room, in ScoreGradients<T> d)
    {
        int width = _layout.Options.Width, count = batch.CandidateCount;
        double loss = 0;
        fixed (T* forward = _forward, backward = _backward, offsets = _offsets)
        {
            _kernels.Multiply(final, width, 1, rows, forward, width, count, room.Scores, room.Stride, adds: false);
            for (int n = 0; n < rows; n++)
            {
                T* scores = room.Scores + n * (nint)room.Stride, state = final + n * (nint)width;
                int target = batch.Targets[firstRow + n];
                if (_isCorrected)
                    _kernels.Add(scores, offsets, scores, count);
                MaskTarget(batch, scores, target);
                T positive;
                _kernels.Dots(state, items + target * (nint)width, width, 1, width, &positive);
                loss += RowLoss(scores, count, ref positive, 1.0 / batch.RowCount);
                d.Positives[n] = positive;
            }
            _kernels.Multiply(room.Scores, room.Stride, 1, rows, backward, count, width, d.Final, width, adds: false);
            for (int n = 0; n < rows; n++)
                _kernels.AddOuter(d.Positives + n, items + batch.Targets[firstRow + n] * (nint)width, 1, width, d.Final + n * (nint)width, width);
            _kernels.Pack(final, width, 1, rows, width, room.Pack);
            _kernels.Multiply(room.Scores, 1, room.Stride, count, room.Pack, rows, width, d.Candidates, width, adds: true);
        }
        return loss;
    }

    // A negative that is the next item itself is none.
    private void MaskTarget(PackedBatch batch, T* scores, int target)
    {
        if (_isWhole)
        {
            scores[target] = T.NegativeInfinity;
            return;
        }
        var candidates = batch.Candidates.AsSpan(0, batch.CandidateCount);
        for (int from = 0; ;)
        {
            int found = candidates[from..].IndexOf(target);
            if (found < 0)
                return;
            scores[from + found] = T.NegativeInfinity;
            from += found + 1;
        }
    }

    private double RowLoss(T* scores, int count, ref T positive, double weight)
    {
        if (_layout.Options.Loss != SequenceLoss.Gbce)
            return _kernels.SoftmaxLoss(scores, count, ref positive, T.CreateTruncating(weight));
        double beta = Beta(count, _layout), score = double.CreateTruncating(positive), share = 1.0 / (count + 1);
        double negatives = _kernels.NegativeLoss(scores, count, T.CreateTruncating(weight * share));
        positive = T.CreateTruncating(-weight * share * beta / (1 + Math.Exp(score)));
        return share * (beta * (Math.Max(-score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score)))) + negatives);
    }

    /// <summary>β = 1 − t·(1 − α), α being negatives over the other items (Petrov and Macdonald 2023).</summary>
    public static double Beta(int negatives, ParameterLayout layout) =>
        1 - layout.Options.Calibration * (1 - Math.Min(1, negatives / (layout.ItemCount - 1.0)));
}

/// <summary>Room for the scores of a tile of rows.</summary>
internal readonly unsafe struct ScoreRoom<T>(T* scores, int stride, T* pack)
    where T : unmanaged
{
    public T* Scores => scores;

    public int Stride => stride;

    public T* Pack => pack;
}

/// <summary>Where the gradients of a tile of rows go.</summary>
internal readonly unsafe struct ScoreGradients<T>(T* final, T* positives, T* candidates)
    where T : unmanaged
{
    public T* Final => final;

    public T* Positives => positives;

    public T* Candidates => candidates;
}
