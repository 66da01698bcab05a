using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OrleansRec.Model;

/// <summary>Up to <see cref="RowsMax"/> rows of factors side by side, padded with zeros, and a weight for each.</summary>
internal sealed unsafe class RowPanel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>More rows than this do not stay in the first-level cache beside the matrix.</summary>
    private const int RowsLimit = 128;
    private const int BytesAimed = 16 * 1024;
    private readonly int width;
    private readonly int size;

    /// <param name="width">Floats in a source row.</param>
    /// <param name="size">The padded width.</param>
    public RowPanel(int width, int size)
    {
        (this.width, this.size) = (width, size);
        RowsMax = Math.Clamp(BytesAimed / (size * sizeof(T)), 16, RowsLimit);
        Rows = new(RowsMax * size);
        Weights = new(RowsMax);
    }

    public int RowsMax { get; }

    public int Count { get; set; }

    public bool IsFull => Count == RowsMax;

    public AlignedBlock<T> Rows { get; }

    public AlignedBlock<T> Weights { get; }

    /// <summary>Adds scale · y, its last entry replaced by scale · 1 where the design has a bias.</summary>
    public void Add(float* y, bool hasBias, T scale, T weight)
    {
        var source = new ReadOnlySpan<float>(y, width);
        var row = Rows.Span.Slice(Count * size, width);
        if (typeof(T) == typeof(float))
            TensorPrimitives.Multiply(source, float.CreateTruncating(scale), MemoryMarshal.Cast<T, float>(row));
        else
        {
            TensorPrimitives.ConvertTruncating(source, row);
            if (scale != T.One)
                TensorPrimitives.Multiply(row, scale, row);
        }
        if (hasBias)
            row[width - 1] = scale;
        Weights.Span[Count++] = weight;
    }
}
