namespace OrleansRec.Grains.Training;

/// <summary>The factors of one side in one array: where the shards of this silo solve their rows, and the other side reads them. Nothing is held twice.</summary>
/// <remarks>
/// A shard writes its own rows while its side is solved, and pulled rows are written before the other side is: the coordinator begins neither before the other has ended,
/// so who reads finds what one sweep left. Work that was given up may still write or read here, but of an earlier attempt, whose array nobody else has, or of the
/// same sweep, whose bits are the same.
/// </remarks>
/// <param name="version">The training.</param>
/// <param name="attempt">The attempt at it.</param>
/// <param name="shardRows">Rows of each shard.</param>
/// <param name="width">Floats in a row.</param>
internal sealed class SideRows(long version, int attempt, int[] shardRows, int width)
{
    private const int Unsolved = -1;

    private readonly int[] _offsets = TrainingCopies.Offsets(shardRows);
    private readonly int[] _sweeps = [.. Enumerable.Repeat(Unsolved, shardRows.Length)];
    private readonly Lazy<float[]> _factors = new(() => new float[shardRows.Sum(r => (long)r) * width]);

    public (long Version, int Attempt) Training => (version, attempt);

    /// <summary>All rows.</summary>
    public long RowCount => shardRows.Sum(r => (long)r);

    /// <summary>Whether an array holds the side.</summary>
    public bool Fits => RowCount * width <= Array.MaxLength;

    public float[] Factors => _factors.Value;

    /// <summary>The rows of one shard.</summary>
    public Memory<float> Of(int shard) => Factors.AsMemory(_offsets[shard] * width, shardRows[shard] * width);

    /// <summary>Whether a shard of this silo has its rows here, as they are after a sweep.</summary>
    public bool Has(int shard, int sweep) => Volatile.Read(ref _sweeps[shard]) == sweep;

    /// <summary>A shard of this silo has written its rows.</summary>
    public void Solved(int shard, int sweep) => Volatile.Write(ref _sweeps[shard], sweep);

    /// <summary>A shard of this silo is about to write its rows.</summary>
    public void Begin(int shard) => Volatile.Write(ref _sweeps[shard], Unsolved);
}

/// <summary>The rows of one shard, where it writes them: among the others of its side, or in an array of its own.</summary>
/// <param name="rows">Row-major.</param>
/// <param name="side">The side that they are a part of; null where they are not.</param>
/// <param name="shard">The shard's index.</param>
internal sealed class ShardFactors(Memory<float> rows, SideRows? side = null, int shard = 0)
{
    public static readonly ShardFactors None = new(Memory<float>.Empty);

    public Memory<float> Rows => rows;

    public Span<float> Span => rows.Span;

    /// <summary>They are about to change: who pulls waits for the shard's answer.</summary>
    public void Begin() => side?.Begin(shard);

    /// <summary>They are those after a sweep: who pulls on this silo has them already.</summary>
    public void Solved(int sweep) => side?.Solved(shard, sweep);
}
