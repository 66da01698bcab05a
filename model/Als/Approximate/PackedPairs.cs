namespace OrleansRec.Model;

/// <summary>One row's pairs, ready for many passes: the rows of the other side side by side, where they stay in the second-level cache.</summary>
internal sealed unsafe class PackedPairs : IPairPasses
{
    /// <summary>Bytes of packed rows: half of the second-level cache of most machines, so that passes read them from there.</summary>
    private const int PanelBytesMax = 512 * 1024;

    /// <summary>How many pairs ahead the factors are asked for: they lie in memory, some hundred cycles away.</summary>
    private const int PrefetchDistance = 8;

    private readonly int size;
    private RotatedSide side = null!;
    private int count;

    public PackedPairs(int size)
    {
        this.size = size;
        int most = PairsMax(size);
        (Rows, Index, Excess, Targets) = (new(most * size), new(most), new(most), new(most));
        Span<int> index = Index.Span;
        for (int n = 0; n < most; n++)
            index[n] = n;
    }

    /// <summary>Rows with more pairs than this are solved together with others (<see cref="SharedPairs"/>).</summary>
    public static int PairsMax(int size) => Math.Max(RowPassKernels.BlockRows, PanelBytesMax / sizeof(float) / size);

    /// <summary>Takes a row's pairs.</summary>
    public void Take(RotatedSide other, ReadOnlySpan<int> otherRows, ReadOnlySpan<float> values)
    {
        (side, count) = (other, otherRows.Length);
        other.Weigh(otherRows, values, Excess.Span, Targets.Span);
        fixed (float* all = other.Rows, rows = Rows)
            for (int n = 0; n < count; n++)
            {
                if (n + PrefetchDistance < count)
                    CacheLines.Prefetch(all + (nint)otherRows[n + PrefetchDistance] * size, size);
                new ReadOnlySpan<float>(all + (nint)otherRows[n] * size, size).CopyTo(new Span<float>(rows + (nint)n * size, size));
            }
    }

    /// <summary>The rows taken, row-major, padded.</summary>
    public AlignedBlock<float> Rows { get; }

    /// <summary>0, 1, 2, …</summary>
    public AlignedBlock<int> Index { get; }

    /// <summary>d of each pair.</summary>
    public AlignedBlock<float> Excess { get; }

    /// <summary>t of each pair.</summary>
    public AlignedBlock<float> Targets { get; }

    public void FirstPass(ReadOnlySpan<ConjugateGradientRow> rows, bool isWarm)
    {
        var row = rows[0];
        fixed (float* z = Rows, d = Excess, t = Targets, x = row.X, r = row.R, squares = row.Diagonal)
        fixed (int* index = Index)
            side.Kernels.Pass(z, size, index, count, size, isWarm ? x : null, d, t, r, squares);
    }

    public void Pass(ReadOnlySpan<ConjugateGradientRow> rows)
    {
        var row = rows[0];
        fixed (float* z = Rows, d = Excess, p = row.P, q = row.Q)
        fixed (int* index = Index)
            side.Kernels.Pass(z, size, index, count, size, p, d, null, q, null);
    }
}
