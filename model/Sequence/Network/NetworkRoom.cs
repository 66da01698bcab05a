using OrleansRec.Model.Sequence.Kernels;

namespace OrleansRec.Model.Sequence.Network;

/// <summary>Where each matrix of a training step lies in one block of memory, planned once for the largest batch.</summary>
internal sealed class NetworkRoom
{
    private readonly int _rows;
    private long _length;

    /// <summary>Plans the room.</summary>
    /// <param name="options">The model.</param>
    /// <param name="size">The largest batch.</param>
    /// <exception cref="ArgumentException">The batch needs more than an array holds.</exception>
    public NetworkRoom(SequenceOptions options, BatchSize size)
    {
        _rows = size.Rows;
        int d = options.Width, f = options.Hidden;
        States = [.. Enumerable.Range(0, options.Blocks + 1).Select(_ => Rows(d))];
        Blocks = [.. Enumerable.Range(0, options.Blocks).Select(_ => new BlockRoom(this, d, f, (long)size.Weights * options.Heads))];
        (Final, FinalMoments, PositiveGradients) = (Rows(d), Rows(2), Rows(1));
        (State, Branch, Gate, Up, Hidden, Qkv) = (Rows(d), Rows(d), Rows(d), Rows(2 * f), Rows(f), Rows(3 * d));
        if (_length > Array.MaxLength)
            throw new ArgumentException($"A step needs {_length} elements of room, and an array holds {Array.MaxLength}: take fewer sequences a batch or a shorter window.", nameof(size));
    }

    /// <summary>Elements.</summary>
    public int Length => (int)_length;

    /// <summary>Inputs of the blocks, and the output of the last.</summary>
    public long[] States { get; }

    public BlockRoom[] Blocks { get; }

    public long Final { get; }

    public long FinalMoments { get; }

    /// <summary>Gradient of each row's score of the next item.</summary>
    public long PositiveGradients { get; }

    // Gradients.
    public long State { get; }

    public long Branch { get; }

    public long Gate { get; }

    public long Up { get; }

    public long Hidden { get; }

    public long Qkv { get; }

    private long Rows(int width) => Take((long)_rows * width);

    // Each begins on a cache line.
    private long Take(long length)
    {
        long start = _length;
        _length += (length + 15) / 16 * 16;
        return start;
    }

    /// <summary>What one block leaves for its backward pass.</summary>
    internal sealed class BlockRoom(NetworkRoom room, int d, int f, long weights)
    {
        public long Normal1 { get; } = room.Rows(d);

        public long Moments1 { get; } = room.Rows(2);

        public long Qkv { get; } = room.Rows(3 * d);

        public long Weights { get; } = room.Take(weights);

        public long Heads { get; } = room.Rows(d);

        public long Attended { get; } = room.Rows(d);

        public long Gate1 { get; } = room.Rows(d);

        public long Middle { get; } = room.Rows(d);

        public long Normal2 { get; } = room.Rows(d);

        public long Moments2 { get; } = room.Rows(2);

        public long Up { get; } = room.Rows(2 * f);

        public long Hidden { get; } = room.Rows(f);

        public long Fed { get; } = room.Rows(d);

        public long Gate2 { get; } = room.Rows(d);
    }
}

/// <summary>What each part of a step has for itself.</summary>
internal sealed class PartRoom
{
    /// <summary>Rows whose scores are computed together.</summary>
    public const int TileRows = 64;

    /// <summary>Plans the room.</summary>
    /// <param name="layout">The model.</param>
    /// <param name="size">The largest batch.</param>
    /// <param name="panelColumns">Of the kernels.</param>
    public PartRoom(ParameterLayout layout, BatchSize size, int panelColumns)
    {
        var options = layout.Options;
        int widest = Math.Max(3 * options.Width, 2 * options.Hidden) + panelColumns;
        // A stride of a power of two would put a column's elements on few lines of the cache.
        ScoreStride = (size.Candidates + 15) / 16 * 16 + 16;
        Sums = Line(layout.NetworkLength + size.Candidates * (long)options.Width);
        Scores = Sums;
        Pack = Scores + Line(TileRows * (long)ScoreStride);
        Weights = Pack + Line((long)WeightRows * widest);
        Length = Weights + Line(2L * options.Length);
    }

    /// <summary>Elements of the sums, which lie first: of the network's parameters, then of the candidates' embeddings.</summary>
    public long Sums { get; }

    public long Scores { get; }

    public int ScoreStride { get; }

    public long Pack { get; }

    public long Weights { get; }

    public long Length { get; }

    private static int WeightRows => WeightGradients<float>.RowsMax;

    private static long Line(long length) => (length + 15) / 16 * 16;
}
