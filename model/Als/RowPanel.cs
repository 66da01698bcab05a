using System.Numerics;
using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>Up to <see cref="RowsMax"/> rows of factors side by side, padded with zeros, and a weight for each.</summary>
internal sealed unsafe class RowPanel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>More rows than this do not stay in the first-level cache beside the matrix.</summary>
    private const int RowsLimit = 128;
    private const int BytesAimed = 16 * 1024;
    private readonly AlignedBlock<T> rows;
    private readonly AlignedBlock<T> weights;
    private readonly int width;
    private readonly int size;

    /// <param name="width">Floats in a source row.</param>
    /// <param name="size">The padded width.</param>
    public RowPanel(int width, int size)
    {
        (this.width, this.size) = (width, size);
        RowsMax = Math.Clamp(BytesAimed / (size * sizeof(T)), 16, RowsLimit);
        rows = new(RowsMax * size);
        weights = new(RowsMax);
    }

    public int RowsMax { get; }

    public int Count { get; set; }

    public bool IsFull => Count == RowsMax;

    public T* Rows => rows.Pointer;

    public T* Weights => weights.Pointer;

    /// <summary>Adds scale · y, its last entry replaced by scale · 1 where the design has a bias.</summary>
    public void Add(float* y, bool hasBias, T scale, T weight)
    {
        T* target = Rows + (nint)Count * size;
        var source = new ReadOnlySpan<float>(y, width);
        var row = new Span<T>(target, width);
        if (typeof(T) == typeof(float))
            TensorPrimitives.Multiply(source, float.CreateTruncating(scale), new Span<float>(target, width));
        else
        {
            TensorPrimitives.ConvertTruncating(source, row);
            if (scale != T.One)
                TensorPrimitives.Multiply(row, scale, row);
        }
        if (hasBias)
            row[width - 1] = scale;
        Weights[Count++] = weight;
    }
}
