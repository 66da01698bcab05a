using System.Numerics;
using OrleansRec.Model.Sequence.Kernels;

namespace OrleansRec.Model.Sequence.Network;

/// <summary>Loss and gradient of a batch. In float it trains; in double, on the scalar rung, it is what tests hold against central differences.</summary>
/// <remarks>
/// A step: <see cref="Begin"/>, then <see cref="RunPart"/> for every part on any threads, then <see cref="SumParts"/> for every piece on any threads, then <see cref="Scatter"/>. Parts share nothing that
/// they write; their sums meet in one fixed tree, and rows of items are added in the order of the batch.
/// </remarks>
internal sealed unsafe class SequenceNetwork<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int PieceLength = 1 << 14;
    private readonly ParameterLayout _layout;
    private readonly SequenceOptions _options;
    private readonly NetworkKernels<T> _kernels;
    private readonly PackedWeights<T> _weights;
    private readonly CandidateScores<T> _candidates;
    private readonly NetworkRoom _room;
    private readonly PartRoom _part;
    private readonly AlignedBlock<T> _rows;
    private readonly AlignedBlock<T>[] _parts;

    /// <summary>Makes all buffers.</summary>
    /// <param name="layout">The model.</param>
    /// <param name="kernels">The rung.</param>
    /// <param name="size">The largest batch.</param>
    /// <exception cref="ArgumentException">The batch needs more room than an array has.</exception>
    public SequenceNetwork(ParameterLayout layout, NetworkKernels<T> kernels, BatchSize size)
    {
        (_layout, _options, _kernels) = (layout, layout.Options, kernels);
        _weights = new(layout, kernels, trains: true);
        _candidates = new(kernels, layout, size.Candidates);
        (_room, _part) = (new(_options, size), new(layout, size, kernels.PanelColumns));
        if (_part.Length > Array.MaxLength)
            throw new ArgumentException($"A part of a step needs {_part.Length} elements, and an array holds {Array.MaxLength}: take fewer negatives.", nameof(size));
        _rows = new(_room.Length);
        _parts = [.. Enumerable.Range(0, PackedBatch.Parts).Select(_ => new AlignedBlock<T>((int)_part.Length))];
    }

    /// <summary>Pieces of <see cref="SumParts"/>.</summary>
    public int PieceCount(PackedBatch batch) => (SumsOf(batch) + PieceLength - 1) / PieceLength;

    /// <summary>Packs weights and candidates.</summary>
    public void Begin(PackedBatch batch, T* parameters)
    {
        batch.Divide();
        _weights.Pack(parameters);
        _candidates.Take(batch, parameters + _layout.Items);
    }

    /// <summary>Forward and backward of one part.</summary>
    /// <returns>Σ of its rows' losses.</returns>
    public double RunPart(PackedBatch batch, int part, T* parameters, in Dropout<T> dropout)
    {
        fixed (T* rows = _rows, own = _parts[part], packed = _weights.Block)
        {
            new Span<T>(own, SumsOf(batch)).Clear();
            int first = batch.PartStart(part), end = batch.PartStart(part + 1);
            if (first == end)
                return 0;
            var step = new PartStep(batch, first, end, parameters, rows, own, packed, dropout);
            Embed(step);
            for (int b = 0; b < _options.Blocks; b++)
                Forward(step, b);
            double loss = Score(step);
            for (int b = _options.Blocks - 1; b >= 0; b--)
                Backward(step, b);
            BackToEmbeddings(step);
            return loss;
        }
    }

    /// <summary>Sums one piece of the parts' gradients into the first part, ((0 + 1) + (2 + 3)) + …</summary>
    public void SumParts(PackedBatch batch, int piece)
    {
        int from = piece * PieceLength, count = Math.Min(PieceLength, SumsOf(batch) - from);
        for (int stride = 1; stride < PackedBatch.Parts; stride *= 2)
            for (int part = 0; part + stride < PackedBatch.Parts; part += 2 * stride)
                fixed (T* sum = _parts[part], other = _parts[part + stride])
                    _kernels.Add(sum + from, other + from, sum + from, count);
    }

    /// <summary>Adds the summed gradients to the gradient of all parameters.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="gradient">Laid out as the parameters are.</param>
    public void Scatter(PackedBatch batch, T* gradient)
    {
        int d = _options.Width;
        T one = T.One;
        T* items = gradient + _layout.Items;
        fixed (T* sums = _parts[0], rows = _rows)
        {
            _kernels.Add(gradient, sums, gradient, _layout.NetworkLength);
            T* candidates = sums + _layout.NetworkLength;
            if (_options.Loss == SequenceLoss.FullSoftmax)
                _kernels.Add(items, candidates, items, _layout.ItemCount * d);
            else
                for (int c = 0; c < batch.CandidateCount; c++)
                    _kernels.AddOuter(&one, candidates + c * (nint)d, 1, d, items + batch.Candidates[c] * (nint)d, d);
            T* state = rows + _room.State, final = rows + _room.Final, positives = rows + _room.PositiveGradients;
            for (int n = 0; n < batch.RowCount; n++, state += d, final += d)
            {
                _kernels.AddOuter(&one, state, 1, d, items + batch.Items[n] * (nint)d, d);
                _kernels.AddOuter(positives + n, final, 1, d, items + batch.Targets[n] * (nint)d, d);
            }
        }
    }

    private int SumsOf(PackedBatch batch) => _layout.NetworkLength + batch.CandidateCount * _options.Width;

    private void Embed(in PartStep step)
    {
        int d = _options.Width;
        T* x = step.At(_room.States[0], d);
        for (int s = step.First; s < step.End; s++)
            for (int row = step.Batch.Starts[s], t = 0; row < step.Batch.Starts[s + 1]; row++, t++, x += d)
                _kernels.Add(step.Parameters + _layout.Items + step.Batch.Items[row] * (nint)d, step.Parameters + _layout.Positions + t * d, x, d);
        step.Dropout.Apply(step.At(_room.States[0], d), step.RowCount * d, RandomUse.EmbeddingDropout, (long)step.FirstRow * d);
    }

    private void Forward(in PartStep step, int block)
    {
        var (pass, x) = (PassOf(step, block), RowsOf(step, block));
        pass.BeforeAttention(x, step.RowCount);
        for (int s = step.First; s < step.End; s++)
            for (int h = 0; h < _options.Heads; h++)
            {
                var call = CallOf(step, s, h, block);
                Attention<T>.Forward(
                    call, step.QkvOf(x.Qkv, s, h, call), step.WeightsOf(_room.Blocks[block], _options.Heads, s, h), step.HeadsOf(x.Heads, s, h, call), step.Own + _part.Weights);
            }
        pass.AfterAttention(x, step.RowCount, step.Dropout, 4 * block, step.FirstRow);
    }

    private double Score(in PartStep step)
    {
        int d = _options.Width;
        T* last = step.At(_room.States[^1], d), final = step.At(_room.Final, d), moments = step.At(_room.FinalMoments, 2), state = step.At(_room.State, d), branch = step.At(_room.Branch, d);
        _kernels.Normalise(last, step.RowCount, d, step.Parameters + _layout.FinalGain, step.Parameters + _layout.FinalShift, final, moments);
        double loss = 0;
        T* positives = step.At(_room.PositiveGradients, 1), candidates = step.Own + _layout.NetworkLength;
        for (int n = 0; n < step.RowCount; n += PartRoom.TileRows)
            loss += _candidates.AddLoss(
                step.Batch, step.FirstRow + n, Math.Min(PartRoom.TileRows, step.RowCount - n), final + n * (nint)d, step.Parameters + _layout.Items,
                new(step.Own + _part.Scores, _part.ScoreStride, step.Own + _part.Pack), new(branch + n * (nint)d, positives + n, candidates));
        new Span<T>(state, step.RowCount * d).Clear();
        _kernels.NormaliseBackward(
            branch, last, moments, step.RowCount, d, step.Parameters + _layout.FinalGain, state, step.Own + _layout.FinalGain, step.Own + _layout.FinalShift);
        return loss;
    }

    private void Backward(in PartStep step, int block)
    {
        var (pass, x, d, sums) = (PassOf(step, block), RowsOf(step, block), GradientsOf(step), new WeightGradients<T>(step.Own, step.Own + _part.Pack));
        pass.BackToAttention(x, d, step.Dropout, 4 * block, step.FirstRow, step.RowCount, sums);
        new Span<T>(d.Qkv, step.RowCount * 3 * _options.Width).Clear();
        for (int s = step.First; s < step.End; s++)
            for (int h = 0; h < _options.Heads; h++)
            {
                var call = CallOf(step, s, h, block);
                Attention<T>.Backward(
                    call, step.QkvOf(x.Qkv, s, h, call), step.WeightsOf(_room.Blocks[block], _options.Heads, s, h), step.HeadsOf(d.Branch, s, h, call),
                    step.QkvOf(d.Qkv, s, h, call), step.Own + _part.Weights);
            }
        pass.BackFromAttention(x, d, step.RowCount, sums);
    }

    private void BackToEmbeddings(in PartStep step)
    {
        int d = _options.Width;
        T one = T.One;
        T* state = step.At(_room.State, d), positions = step.Own + _layout.Positions;
        step.Dropout.Apply(state, step.RowCount * d, RandomUse.EmbeddingDropout, (long)step.FirstRow * d);
        for (int s = step.First; s < step.End; s++)
            for (int row = step.Batch.Starts[s], t = 0; row < step.Batch.Starts[s + 1]; row++, t++, state += d)
                _kernels.AddOuter(&one, state, 1, d, positions + t * d, d);
    }

    private BlockPass<T> PassOf(in PartStep step, int block) => new(_kernels, _layout, block, _weights, step.Parameters, step.Packed);

    private AttentionCall<T> CallOf(in PartStep step, int sequence, int head, int block) => new()
    {
        Kernels = _kernels,
        Length = step.LengthOf(sequence),
        Width = _options.Width,
        HeadWidth = _options.Width / _options.Heads,
        Dropout = step.Dropout,
        Use = RandomUse.AttentionDropout + 4 * block,
        First = ((long)step.Batch.Starts[sequence] * _options.Heads + head) * _options.Length,
        Stride = _options.Heads * _options.Length,
    };

    private BlockRows<T> RowsOf(in PartStep step, int block)
    {
        var (room, d, f) = (_room.Blocks[block], _options.Width, _options.Hidden);
        return new()
        {
            In = step.At(_room.States[block], d),
            Normal1 = step.At(room.Normal1, d),
            Moments1 = step.At(room.Moments1, 2),
            Qkv = step.At(room.Qkv, 3 * d),
            Heads = step.At(room.Heads, d),
            Attended = step.At(room.Attended, d),
            Gate1 = step.At(room.Gate1, d),
            Middle = step.At(room.Middle, d),
            Normal2 = step.At(room.Normal2, d),
            Moments2 = step.At(room.Moments2, 2),
            Up = step.At(room.Up, 2 * f),
            Hidden = step.At(room.Hidden, f),
            Fed = step.At(room.Fed, d),
            Gate2 = step.At(room.Gate2, d),
            Out = step.At(_room.States[block + 1], d),
        };
    }

    private BlockGradients<T> GradientsOf(in PartStep step)
    {
        var (d, f) = (_options.Width, _options.Hidden);
        return new()
        {
            State = step.At(_room.State, d),
            Branch = step.At(_room.Branch, d),
            Gate = step.At(_room.Gate, d),
            Up = step.At(_room.Up, 2 * f),
            Hidden = step.At(_room.Hidden, f),
            Qkv = step.At(_room.Qkv, 3 * d),
        };
    }

    /// <summary>One part of a step: its sequences and the memory it works in.</summary>
    private readonly struct PartStep(PackedBatch batch, int first, int end, T* parameters, T* rows, T* own, T* packed, Dropout<T> dropout)
    {
        public PackedBatch Batch => batch;

        public int First => first;

        public int End => end;

        public int FirstRow => batch.Starts[first];

        public int RowCount => batch.Starts[end] - batch.Starts[first];

        public T* Parameters => parameters;

        public T* Own => own;

        public T* Packed => packed;

        public Dropout<T> Dropout => dropout;

        public T* At(long matrix, int width) => rows + matrix + (nint)FirstRow * width;

        public int LengthOf(int sequence) => batch.Starts[sequence + 1] - batch.Starts[sequence];

        public T* QkvOf(T* qkv, int sequence, int head, in AttentionCall<T> call) => qkv + (batch.Starts[sequence] - FirstRow) * 3 * (nint)call.Width + head * call.HeadWidth;

        public T* HeadsOf(T* heads, int sequence, int head, in AttentionCall<T> call) => heads + (batch.Starts[sequence] - FirstRow) * (nint)call.Width + head * call.HeadWidth;

        public T* WeightsOf(NetworkRoom.BlockRoom room, int headCount, int sequence, int head)
        {
            int length = LengthOf(sequence);
            return rows + room.Weights + (nint)batch.WeightStarts[sequence] * headCount + (nint)head * length * length;
        }
    }
}
