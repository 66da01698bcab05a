using System.Numerics;

namespace OrleansRec.Model;

/// <summary>A·x = b of one row: A = base + Σ d·z·zᵀ + λ'·I, b = Σ t·z, collected in panels of rows.</summary>
/// <remarks>
/// Rows are scaled by √|d| on their way into a panel, so that A's update needs one panel and no weights; b then takes them with t/√|d|. Where some d are not
/// positive (confidence at most 1), a panel holds first the rows with d &gt; 0, then those with d &lt; 0, then those with d = 0, which enter b alone. Every sum
/// is in an order that the row's entries decide.
/// </remarks>
internal sealed unsafe class NormalEquations<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DenseKernels<T> kernels;
    private readonly AlignedBlock<T> matrix;
    private readonly AlignedBlock<T> right;
    private readonly AlignedBlock<T> inverse;
    private readonly AlignedBlock<T> solution;
    private readonly WeighedPanel<T> panel;
    private readonly int width;
    private readonly int stride;
    private T* source;
    private int sourceStride;

    public NormalEquations(DenseKernels<T> kernels, int width)
    {
        this.kernels = kernels;
        this.width = width;
        Size = kernels.Padded(width);
        stride = Strides.Of<T>(Size);
        matrix = new(Size * stride);
        right = new(Size);
        inverse = new(Size);
        solution = new(Size);
        panel = new(kernels, width);
    }

    /// <summary>The padded width.</summary>
    public int Size { get; }

    /// <summary>b, padded; the caller may write it instead of collecting it. Used up by <see cref="Solve"/>.</summary>
    public T* Right => right.Pointer;

    /// <summary>x, padded with zeros.</summary>
    public T* Solution => solution.Pointer;

    /// <summary>Collects a row's pairs on top of a base matrix, shape (Size, Size), which is only read.</summary>
    /// <param name="system">Whose row.</param>
    /// <param name="columns">Rows of the other side.</param>
    /// <param name="values">r of each pair.</param>
    /// <param name="baseMatrix">What the sum begins with.</param>
    /// <param name="upcoming">How many columns, those of the rows to come, lie behind <paramref name="columns"/> in the same array.</param>
    public void Collect(RowSystem system, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, T* baseMatrix, int upcoming = 0)
    {
        source = baseMatrix;
        sourceStride = Size;
        right.Span.Clear();
        if (kernels.Streams(width) && !system.IsExplicit)
        {
            Stream(system, columns, values, upcoming);
            return;
        }
        fixed (float* others = system.Others)
        fixed (int* column = columns)
            for (int first = 0; first < columns.Length; first += panel.RowsMax)
            {
                int count = Math.Min(panel.RowsMax, columns.Length - first);
                // The first panel of a row may be the first of all; the others were asked for while the one before them was multiplied.
                panel.Fill(system, others, column + first, values.Slice(first, count), first == 0 ? columns.Length : 0);
                int rest = columns.Length + upcoming - first - count;
                var next = new NextRows(others, column + first + count, Math.Min(rest, panel.RowsMax), width);
                if (panel.Raising > 0)
                {
                    kernels.AddOuter(panel.Rows, panel.Stride, panel.Raising, source, sourceStride, matrix.Pointer, stride, Size, next);
                    source = matrix.Pointer;
                    sourceStride = stride;
                }
                if (panel.Lowering > 0)
                {
                    T* rows = panel.Rows + (nint)panel.Raising * panel.Stride;
                    kernels.SubtractOuter(rows, panel.Stride, panel.Lowering, source, sourceStride, matrix.Pointer, stride, Size);
                    source = matrix.Pointer;
                    sourceStride = stride;
                }
                kernels.AddCombination(panel.Rows, panel.Stride, count, panel.Targets, right.Pointer, Size);
            }
    }

    private void Stream(RowSystem system, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, int upcoming)
    {
        fixed (float* others = system.Others)
        fixed (int* column = columns)
            for (int first = 0; first < columns.Length; first += panel.RowsMax)
            {
                int count = Math.Min(panel.RowsMax, columns.Length - first);
                panel.Weigh(system, values.Slice(first, count));
                var rows = new StreamedRows
                {
                    Others = others, Columns = column + first, Count = count, Ahead = columns.Length + upcoming - first, Width = width,
                    Excess = (float*)panel.Scales, Targets = (float*)panel.Targets,
                };
                kernels.AddStreamed(rows, source, matrix.Pointer, right.Pointer);
                source = matrix.Pointer;
            }
    }

    /// <summary>Factorises A + λ'·I; false where it is not positive definite in this precision.</summary>
    public bool Factorise(double lambda)
    {
        T* a = matrix.Pointer;
        if (source != a)
            for (int i = 0; i < Size; i++)
                new ReadOnlySpan<T>(source + (nint)i * sourceStride, Size).CopyTo(new(a + (nint)i * stride, Size));
        T added = T.CreateTruncating(lambda);
        for (int i = 0; i < width; i++)
            a[(nint)i * stride + i] += added;
        for (int i = width; i < Size; i++)
            a[(nint)i * stride + i] = T.One;
        return kernels.Factorise(a, stride, inverse.Pointer, Size);
    }

    /// <summary>Solves for <see cref="Right"/>.</summary>
    public void Solve() => kernels.SolveFactored(matrix.Pointer, stride, inverse.Pointer, right.Pointer, solution.Pointer, Size);
}
