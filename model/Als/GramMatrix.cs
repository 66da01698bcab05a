using System.Buffers;

namespace OrleansRec.Model;

/// <summary>YᵀY in double.</summary>
public static unsafe class GramMatrix
{
    /// <summary>Adds Σ y·yᵀ over the rows to a matrix.</summary>
    /// <param name="rows">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="gram">Row-major, shape (width, width), both triangles, symmetric.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Cost n·k² operations; error at most n·2⁻⁵³ relative to Σ|y|². Rows are taken from the first on in panels, so two calls on halves may differ in the last bits from one on the whole.</remarks>
    public static void Add(ReadOnlySpan<float> rows, int width, Span<double> gram)
    {
        if (rows.Length % width != 0 || gram.Length != width * width)
            throw new ArgumentException($"Rows of {width} floats and a matrix of {width * width} are needed; got {rows.Length} and {gram.Length}.", nameof(rows));
        if (rows.IsEmpty)
            return;
        var kernels = KernelRung.Double;
        int size = kernels.Padded(width);
        var rented = ArrayPool<double>.Shared.Rent(size * size);
        var panel = new RowPanel<double>(width, size);
        fixed (double* sum = rented)
        fixed (float* y = rows)
        {
            Copy(gram, width, width, rented, size);
            int count = rows.Length / width;
            for (int row = 0; row < count; row++)
            {
                panel.Add(y + (nint)row * width, false, 1, 0);
                if (!panel.IsFull && row + 1 < count)
                    continue;
                kernels.AddOuter(panel.Rows, panel.Count, sum, sum, size);
                panel.Count = 0;
            }
        }
        Copy(rented, size, width, gram, width);
        for (int i = 0; i < width; i++)
            for (int j = 0; j < i; j++)
                gram[i * width + j] = gram[j * width + i];
        ArrayPool<double>.Shared.Return(rented);
    }

    private static void Copy(ReadOnlySpan<double> source, int sourceStride, int width, Span<double> target, int targetStride)
    {
        for (int i = 0; i < width; i++)
        {
            source.Slice(i * sourceStride, width).CopyTo(target.Slice(i * targetStride, width));
            target.Slice(i * targetStride + width, targetStride - width).Clear();
        }
    }
}
