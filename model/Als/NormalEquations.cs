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
    private readonly AlignedBlock<T> inverse;
    private readonly WeighedPanel<T> panel;
    private readonly int width;
    private readonly int stride;

    // Where A lies: in the base matrix until the first pair is added.
    private AlignedBlock<T> source;

    public NormalEquations(DenseKernels<T> kernels, int width)
    {
        this.kernels = kernels;
        this.width = width;
        Size = kernels.Padded(width);
        stride = Strides.Of<T>(Size);
        source = matrix = new(Size * stride);
        (Right, inverse, Solution) = (new(Size), new(Size), new(Size));
        panel = new(kernels, width);
    }

    /// <summary>The padded width.</summary>
    public int Size { get; }

    /// <summary>b, padded; the caller may write it instead of collecting it. Used up by <see cref="Solve"/>.</summary>
    public AlignedBlock<T> Right { get; }

    /// <summary>x, padded with zeros.</summary>
    public AlignedBlock<T> Solution { get; }

    /// <summary>Collects a row's pairs on top of a base matrix, shape (Size, Size), which is only read.</summary>
    /// <param name="system">Whose row.</param>
    /// <param name="columns">Rows of the other side.</param>
    /// <param name="values">r of each pair.</param>
    /// <param name="baseMatrix">What the sum begins with.</param>
    /// <param name="upcoming">How many columns, those of the rows to come, lie behind <paramref name="columns"/> in the same array.</param>
    public void Collect(RowSystem system, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, AlignedBlock<T> baseMatrix, int upcoming = 0)
    {
        source = baseMatrix;
        Right.Span.Clear();
        fixed (float* others = system.Others)
        fixed (int* column = columns)
            if (kernels.Streams(width) && !system.IsExplicit)
                Stream(system, others, column, values, upcoming);
            else
                Multiply(system, others, column, values, upcoming);
    }

    private void Multiply(RowSystem system, float* others, int* columns, ReadOnlySpan<float> values, int upcoming)
    {
        fixed (T* start = source, sum = matrix, right = Right, rows = panel.Rows, targets = panel.Targets)
        {
            T* from = start;
            int fromStride = Size;
            for (int first = 0; first < values.Length; first += panel.RowsMax)
            {
                int count = Math.Min(panel.RowsMax, values.Length - first);
                // The first panel of a row may be the first of all; the others were asked for while the one before them was multiplied.
                panel.Fill(system, others, columns + first, values.Slice(first, count), first == 0 ? values.Length : 0);
                int rest = values.Length + upcoming - first - count;
                var next = new NextRows(others, columns + first + count, Math.Min(rest, panel.RowsMax), width);
                if (panel.Raising > 0)
                {
                    kernels.AddOuter(rows, panel.Stride, panel.Raising, from, fromStride, sum, stride, Size, next);
                    from = sum;
                    fromStride = stride;
                }
                if (panel.Lowering > 0)
                {
                    kernels.SubtractOuter(rows + (nint)panel.Raising * panel.Stride, panel.Stride, panel.Lowering, from, fromStride, sum, stride, Size);
                    from = sum;
                    fromStride = stride;
                }
                kernels.AddCombination(rows, panel.Stride, count, targets, right, Size);
            }
            if (from == sum)
                source = matrix;
        }
    }

    private void Stream(RowSystem system, float* others, int* columns, ReadOnlySpan<float> values, int upcoming)
    {
        fixed (T* start = source, sum = matrix, right = Right, excess = panel.Scales, targets = panel.Targets)
            for (int first = 0; first < values.Length; first += panel.RowsMax)
            {
                int count = Math.Min(panel.RowsMax, values.Length - first);
                panel.Weigh(system, values.Slice(first, count));
                var rows = new StreamedRows
                {
                    Others = others, Columns = columns + first, Count = count, Ahead = values.Length + upcoming - first, Width = width,
                    Excess = (float*)excess, Targets = (float*)targets,
                };
                kernels.AddStreamed(rows, first == 0 ? start : sum, sum, right);
                source = matrix;
            }
    }

    /// <summary>Factorises A + λ'·I; false where it is not positive definite in this precision.</summary>
    public bool Factorise(double lambda)
    {
        fixed (T* a = matrix, from = source, diagonal = inverse)
        {
            if (from != a)
                for (int i = 0; i < Size; i++)
                    new ReadOnlySpan<T>(from + (nint)i * Size, Size).CopyTo(new(a + (nint)i * stride, Size));
            T added = T.CreateTruncating(lambda);
            for (int i = 0; i < width; i++)
                a[(nint)i * stride + i] += added;
            for (int i = width; i < Size; i++)
                a[(nint)i * stride + i] = T.One;
            return kernels.Factorise(a, stride, diagonal, Size);
        }
    }

    /// <summary>Solves for <see cref="Right"/>.</summary>
    public void Solve()
    {
        fixed (T* a = matrix, diagonal = inverse, right = Right, solution = Solution)
            kernels.SolveFactored(a, stride, diagonal, right, solution, Size);
    }
}
