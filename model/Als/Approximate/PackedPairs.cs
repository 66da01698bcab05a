namespace OrleansRec.Model;

/// <summary>One row's pairs, ready for many passes: the rows of the other side side by side, where they stay in the second-level cache.</summary>
internal sealed unsafe class PackedPairs : IPairPasses
{
    /// <summary>Bytes of packed rows: half of the second-level cache of most machines, so that passes read them from there.</summary>
    private const int PanelBytesMax = 512 * 1024;

    /// <summary>How many pairs ahead the factors are asked for: they lie in memory, some hundred cycles away.</summary>
    private const int PrefetchDistance = 8;

    private readonly int size;
    private readonly AlignedBlock<float> panel;
    private readonly AlignedBlock<int> index;
    private readonly AlignedBlock<float> excess;
    private readonly AlignedBlock<float> targets;
    private RotatedSide side = null!;
    private int count;

    public PackedPairs(int size)
    {
        this.size = size;
        int most = PairsMax(size);
        (panel, index, excess, targets) = (new(most * size), new(most), new(most), new(most));
        for (int n = 0; n < most; n++)
            index.Span[n] = n;
    }

    /// <summary>Rows with more pairs than this are solved together with others (<see cref="SharedPairs"/>).</summary>
    public static int PairsMax(int size) => Math.Max(RowPassKernels.BlockRows, PanelBytesMax / sizeof(float) / size);

    /// <summary>Takes a row's pairs.</summary>
    public void Take(RotatedSide other, ReadOnlySpan<int> otherRows, ReadOnlySpan<float> values)
    {
        (side, count) = (other, otherRows.Length);
        other.Weigh(otherRows, values, excess.Span, targets.Span);
        float* row = panel.Pointer;
        for (int n = 0; n < count; n++, row += size)
        {
            if (n + PrefetchDistance < count)
                CacheLines.Prefetch(side.Row(otherRows[n + PrefetchDistance]), size);
            new ReadOnlySpan<float>(side.Row(otherRows[n]), size).CopyTo(new Span<float>(row, size));
        }
    }

    /// <summary>The rows taken, row-major, padded.</summary>
    public float* Rows => panel.Pointer;

    /// <summary>0, 1, 2, …</summary>
    public int* Index => index.Pointer;

    /// <summary>d of each pair.</summary>
    public float* Excess => excess.Pointer;

    /// <summary>t of each pair.</summary>
    public float* Targets => targets.Pointer;

    public void FirstPass(ReadOnlySpan<ConjugateGradientRow> rows, bool isWarm)
    {
        var row = rows[0];
        side.Kernels.Pass(
            panel.Pointer, size, index.Pointer, count, size, isWarm ? row.X.Pointer : null, excess.Pointer, targets.Pointer, row.R.Pointer, row.Diagonal.Pointer);
    }

    public void Pass(ReadOnlySpan<ConjugateGradientRow> rows) =>
        side.Kernels.Pass(panel.Pointer, size, index.Pointer, count, size, rows[0].P.Pointer, excess.Pointer, null, rows[0].Q.Pointer, null);
}
