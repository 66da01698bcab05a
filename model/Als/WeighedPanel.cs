using System.Numerics;

namespace OrleansRec.Model;

/// <summary>Up to <see cref="RowsMax"/> pairs of a row: the factors scaled by √|d| and padded with zeros, and t/√|d| for each.</summary>
internal sealed unsafe class WeighedPanel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DenseKernels<T> kernels;
    private readonly int[] ordered;
    private readonly int width;

    public WeighedPanel(DenseKernels<T> kernels, int width)
    {
        (this.kernels, this.width) = (kernels, width);
        int size = kernels.Padded(width);
        Stride = Strides.Of<T>(size);
        RowsMax = Strides.PanelRows<T>(size);
        Rows = new(RowsMax * Stride);
        Scales = new(RowsMax);
        Targets = new(RowsMax);
        ordered = new int[RowsMax];
    }

    public int RowsMax { get; }

    /// <summary>Distance between rows.</summary>
    public int Stride { get; }

    public AlignedBlock<T> Rows { get; }

    /// <summary>√|d|, or d after <see cref="Weigh"/>.</summary>
    public AlignedBlock<T> Scales { get; }

    /// <summary>t/√|d|, or t where d = 0 and after <see cref="Weigh"/>.</summary>
    public AlignedBlock<T> Targets { get; }

    /// <summary>How many rows, the first, have d &gt; 0.</summary>
    public int Raising { get; private set; }

    /// <summary>How many rows, the next, have d &lt; 0.</summary>
    public int Lowering { get; private set; }

    /// <summary>Takes pairs.</summary>
    /// <param name="system">Whose pairs.</param>
    /// <param name="others">The factors of the other side.</param>
    /// <param name="columns">The pairs' rows of the other side.</param>
    /// <param name="values">r of each pair.</param>
    /// <param name="ahead">How many of the columns that can be read are still to be asked for.</param>
    public void Fill(RowSystem system, float* others, int* columns, ReadOnlySpan<float> values, int ahead)
    {
        int count = values.Length;
        (Raising, Lowering) = (count, 0);
        fixed (T* rows = Rows, scales = Scales, targets = Targets)
        fixed (int* taken = ordered)
        {
            if (system.IsExplicit)
                WeighRatings(system, others, columns, values, targets);
            else if (typeof(T) != typeof(float) || !system.Weights.WeighRaising(values, (float*)scales, (float*)targets))
            {
                Order(system, columns, values);
                kernels.Pack(others, taken, count, count, width, scales, rows, Stride);
                return;
            }
            kernels.Pack(others, columns, count, ahead, width, scales, rows, Stride);
            if (system.IsExplicit)
                for (int p = 0; p < count; p++)
                    rows[(nint)p * Stride + width - 1] = T.One;
        }
    }

    /// <summary>Takes d and t of pairs whose rows stay where they are.</summary>
    public void Weigh(RowSystem system, ReadOnlySpan<float> values)
    {
        fixed (T* scales = Scales, targets = Targets)
            system.Weights.Weigh(values, (float*)scales, (float*)targets);
    }

    private void WeighRatings(RowSystem system, float* others, int* columns, ReadOnlySpan<float> values, T* targets)
    {
        Scales.Span[..values.Length].Fill(T.One);
        for (int p = 0; p < values.Length; p++)
            targets[p] = T.CreateTruncating(system.Target(values[p], others + (nint)columns[p] * width));
    }

    /// <summary>Pairs with d &gt; 0 first, then d &lt; 0, then d = 0, each in the order of entries.</summary>
    private void Order(RowSystem system, int* columns, ReadOnlySpan<float> values)
    {
        int at = 0;
        Raising = Take(system, columns, values, 1, ref at);
        Lowering = Take(system, columns, values, -1, ref at);
        Take(system, columns, values, 0, ref at);
    }

    private int Take(RowSystem system, int* columns, ReadOnlySpan<float> values, int sign, ref int at)
    {
        int first = at;
        Span<T> scales = Scales.Span, targets = Targets.Span;
        for (int p = 0; p < values.Length; p++)
        {
            double excess = system.Weights.Excess(values[p]);
            if (Math.Sign(excess) != sign)
                continue;
            double scale = sign == 0 ? 1 : Math.Sqrt(Math.Abs(excess));
            scales[at] = T.CreateTruncating(scale);
            targets[at] = T.CreateTruncating(system.Weights.Target(values[p]) / scale);
            ordered[at++] = columns[p];
        }
        return at - first;
    }
}

/// <summary>How matrices and panels of a size lie in memory.</summary>
internal static unsafe class Strides
{
    private const int LineBytes = 64;

    /// <summary>Bytes of rows whose distance is a multiple of this come to lie in few sets of the first-level cache.</summary>
    private const int CrowdedBytes = 256;
    private const int PanelBytes = 16 * 1024;
    private const int PanelRowsMax = 128;
    private const int PanelRowsMin = 32;

    /// <summary>Entries between the beginnings of two rows.</summary>
    public static int Of<T>(int size)
        where T : unmanaged => size * sizeof(T) % CrowdedBytes == 0 ? size + Added<T>() : size;

    /// <summary>How much more than the size that is at most.</summary>
    public static int Added<T>()
        where T : unmanaged => LineBytes / sizeof(T);

    /// <summary>How many rows a panel holds.</summary>
    public static int PanelRows<T>(int size)
        where T : unmanaged => Math.Clamp(PanelBytes / (size * sizeof(T)), PanelRowsMin, PanelRowsMax);
}
