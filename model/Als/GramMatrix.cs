namespace OrleansRec.Model;

/// <summary>YᵀY in double.</summary>
public static unsafe class GramMatrix
{
    [ThreadStatic]
    private static GramScratch? t_scratch;

    /// <summary>Adds Σ y·yᵀ over the rows to a matrix.</summary>
    /// <param name="rows">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="gram">Row-major, shape (width, width), both triangles, symmetric.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <remarks>Cost n·k² operations; error at most n·2⁻⁵³ relative to Σ|y|². Rows are taken from the first on in panels, so two calls on halves may differ in the last bits from one on the whole.</remarks>
    public static void Add(ReadOnlySpan<float> rows, int width, Span<double> gram)
    {
        AddUpper(rows, width, gram);
        Mirror(gram, width);
    }

    /// <summary>As <see cref="Add"/> on and above the diagonal; what lies below it is undefined until <see cref="Mirror"/>. For sums of many small parts.</summary>
    /// <param name="rows">Row-major, shape (n, width).</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="gram">Row-major, shape (width, width), the upper triangle in use.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static void AddUpper(ReadOnlySpan<float> rows, int width, Span<double> gram)
    {
        if (width < 1 || rows.Length % width != 0 || gram.Length != width * width)
            throw new ArgumentException($"Rows of {width} floats and a matrix of {width * width} are needed; got {rows.Length} and {gram.Length}.", nameof(rows));
        if (rows.IsEmpty)
            return;
        if (t_scratch?.Width != width)
            t_scratch = new GramScratch(width);
        fixed (double* sum = gram)
        fixed (float* y = rows)
            t_scratch.Add(y, rows.Length / width, sum);
    }

    /// <summary>Copies the upper triangle to the lower one.</summary>
    /// <param name="gram">Row-major, shape (width, width).</param>
    /// <param name="width">Rows of the matrix.</param>
    public static void Mirror(Span<double> gram, int width)
    {
        for (int i = 1; i < width; i++)
            for (int j = 0; j < i; j++)
                gram[i * width + j] = gram[j * width + i];
    }

    /// <summary>A panel, and the padded matrix where the width itself is not one that the kernels take.</summary>
    private sealed class GramScratch
    {
        private readonly DenseKernels<double> kernels = KernelRung.Double;
        private readonly RowPanel<double> panel;
        private readonly AlignedBlock<double>? padded;
        private readonly int size;

        public GramScratch(int width)
        {
            Width = width;
            size = kernels.Padded(width);
            panel = new RowPanel<double>(width, size);
            padded = size == width ? null : new(size * size);
        }

        public int Width { get; }

        public void Add(float* rows, int count, double* gram)
        {
            if (padded is null)
            {
                AddPanels(rows, count, gram);
                return;
            }
            fixed (double* sum = padded)
            {
                Copy(gram, Width, sum, size);
                AddPanels(rows, count, sum);
                Copy(sum, size, gram, Width);
            }
        }

        private void AddPanels(float* rows, int count, double* sum)
        {
            panel.Count = 0;
            fixed (double* panelRows = panel.Rows)
                for (int row = 0; row < count; row++)
                {
                    panel.Add(rows + (nint)row * Width, false, 1, 0);
                    if (!panel.IsFull && row + 1 < count)
                        continue;
                    kernels.AddOuter(panelRows, panel.Count, sum, sum, size);
                    panel.Count = 0;
                }
        }

        private void Copy(double* source, int sourceStride, double* target, int targetStride)
        {
            for (int i = 0; i < Width; i++)
                new ReadOnlySpan<double>(source + (nint)i * sourceStride + i, Width - i).CopyTo(new(target + (nint)i * targetStride + i, Width - i));
        }
    }
}
