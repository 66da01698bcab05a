namespace OrleansRec.Model;

/// <summary>Buffers of the subspace steps of one thread; they grow with the longest row and the largest block met.</summary>
internal sealed class SubspaceScratch
{
    /// <summary>Bytes of the scaled rows that a product is formed of: they stay in the first-level cache.</summary>
    private const int PanelBytes = 16 * 1024;

    private int pairs;

    public DenseKernels<float> Dense { get; } = KernelRung.Single;

    /// <summary>z·x of each pair, kept from block to block.</summary>
    public AlignedBlock<float> Predictions { get; private set; } = new(0);

    public AlignedBlock<float> Weights { get; private set; } = new(0);

    public AlignedBlock<float> Excess { get; private set; } = new(0);

    public AlignedBlock<float> Targets { get; private set; } = new(0);

    public AlignedBlock<int> Index { get; private set; } = new(0);

    public AlignedBlock<float> Panel { get; private set; } = new(0);

    public AlignedBlock<float> Right { get; private set; } = new(0);

    public AlignedBlock<float> Solution { get; private set; } = new(0);

    public AlignedBlock<float> Inverse { get; private set; } = new(0);

    public int PanelRows { get; private set; }

    /// <summary>Coordinates in a block; the last may have fewer.</summary>
    public int BlockSize { get; private set; }

    /// <summary>H of each block, factorised, in rows of <see cref="BlockSize"/>: a block of coordinates from c on has its H from row c on.</summary>
    public AlignedBlock<float> Matrices { get; private set; } = new(0);

    /// <summary>Makes room for a row of so many pairs, in blocks of so many of <paramref name="size"/> floats.</summary>
    public void Require(int pairCount, int block, int size)
    {
        if (pairCount > pairs)
        {
            pairs = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)pairCount);
            (Predictions, Weights, Excess, Targets, Index) = (new(pairs), new(pairs), new(pairs), new(pairs), new(pairs));
        }
        if (block == BlockSize && Inverse.Length == size)
            return;
        BlockSize = block;
        PanelRows = Math.Clamp(PanelBytes / sizeof(float) / block, 16, 128);
        (Matrices, Panel, Right, Solution, Inverse) = (new(size * block), new(PanelRows * block), new(block), new(block), new(size));
    }

    /// <summary>Fills the index with 0, 1, 2, …</summary>
    public void Count(int count)
    {
        Span<int> index = Index.Span;
        for (int n = 0; n < count; n++)
            index[n] = n;
    }
}
