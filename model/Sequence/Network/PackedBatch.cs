namespace OrleansRec.Model.Sequence.Network;

/// <summary>The largest batch that buffers are made for.</summary>
/// <param name="Rows">Positions of all its sequences.</param>
/// <param name="Sequences">Sequences.</param>
/// <param name="Weights">Σ length² over its sequences: attention weights of one head.</param>
/// <param name="Candidates">Negatives of a step.</param>
internal readonly record struct BatchSize(int Rows, int Sequences, int Weights, int Candidates);

/// <summary>The sequences of one step, one behind the other without padding, and its negatives. Filled anew for each step; never grows.</summary>
/// <remarks>Worked example: histories (a, b, c) and (d, e) give rows a, b, d with targets b, c, e and starts 0, 2, 3.</remarks>
internal sealed class PackedBatch(BatchSize size)
{
    /// <summary>A step is always split into this many parts, however many workers there are.</summary>
    public const int Parts = 8;

    private readonly int[] _partStarts = new int[Parts + 1];

    public BatchSize SizeMax => size;

    public int RowCount { get; private set; }

    public int SequenceCount { get; private set; }

    /// <summary>Negatives of this step; the first <see cref="CandidateCount"/> of them.</summary>
    public int[] Candidates { get; } = new int[size.Candidates];

    /// <summary>−log q of each, where it is corrected.</summary>
    public double[] CandidateOffsets { get; } = new double[size.Candidates];

    public int CandidateCount { get; set; }

    /// <summary>Item of each row.</summary>
    public int[] Items { get; } = new int[size.Rows];

    /// <summary>The item that follows.</summary>
    public int[] Targets { get; } = new int[size.Rows];

    /// <summary>First row of each sequence, and the end of the last.</summary>
    public int[] Starts { get; } = new int[size.Sequences + 1];

    /// <summary>Where the attention weights of each sequence begin.</summary>
    public int[] WeightStarts { get; } = new int[size.Sequences + 1];

    public void Clear() => (RowCount, SequenceCount, CandidateCount) = (0, 0, 0);

    /// <summary>Adds one sequence of at least two items: all but the last are rows, all but the first are targets.</summary>
    public void Add(ReadOnlySpan<int> sequence)
    {
        int rows = sequence.Length - 1;
        sequence[..rows].CopyTo(Items.AsSpan(RowCount));
        sequence[1..].CopyTo(Targets.AsSpan(RowCount));
        RowCount += rows;
        SequenceCount++;
        Starts[SequenceCount] = RowCount;
        WeightStarts[SequenceCount] = WeightStarts[SequenceCount - 1] + rows * rows;
    }

    /// <summary>Splits the sequences into parts of about as many rows; by the batch alone.</summary>
    public void Divide()
    {
        int sequence = 0;
        for (int part = 0; part <= Parts; part++)
        {
            while (sequence < SequenceCount && Starts[sequence] < (long)RowCount * part / Parts)
                sequence++;
            _partStarts[part] = sequence;
        }
        _partStarts[Parts] = SequenceCount;
    }

    /// <summary>First sequence of a part; of <see cref="Parts"/> the end.</summary>
    public int PartStart(int part) => _partStarts[part];
}
