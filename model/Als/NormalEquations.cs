using System.Numerics;

namespace OrleansRec.Model;

/// <summary>A·x = b of one row, collected pair by pair: A = base + Σ d·z·zᵀ + λ'·I, b = Σ t·z.</summary>
/// <remarks>
/// Rows are scaled by √|d| on their way into a panel, so that A's update needs one panel and no weights; b then takes them with t/√|d|. Pairs with d &lt; 0
/// (confidence below 1) have a panel of their own, as have pairs with d = 0 (confidence 1), which enter b alone. Every sum is in the order of entries.
/// </remarks>
internal sealed unsafe class NormalEquations<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly DenseKernels<T> kernels;
    private readonly AlignedBlock<T> matrix;
    private readonly AlignedBlock<T> right;
    private readonly AlignedBlock<T> inverse;
    private readonly AlignedBlock<T> solution;
    private readonly RowPanel<T> raising;
    private readonly RowPanel<T> lowering;
    private readonly RowPanel<T> neutral;
    private readonly int width;
    private T* source;

    public NormalEquations(DenseKernels<T> kernels, int width)
    {
        this.kernels = kernels;
        this.width = width;
        Size = kernels.Padded(width);
        matrix = new(Size * Size);
        right = new(Size);
        inverse = new(Size);
        solution = new(Size);
        raising = new(width, Size);
        lowering = new(width, Size);
        neutral = new(width, Size);
    }

    /// <summary>The padded width.</summary>
    public int Size { get; }

    /// <summary>b, padded; the caller may write it instead of collecting it. Used up by <see cref="Solve"/>.</summary>
    public T* Right => right.Pointer;

    /// <summary>x, padded with zeros.</summary>
    public T* Solution => solution.Pointer;

    /// <summary>A panel for work between two systems.</summary>
    public RowPanel<T> Panel => neutral;

    /// <summary>Starts a system from a base matrix, shape (Size, Size), which is only read.</summary>
    public void Begin(T* baseMatrix)
    {
        source = baseMatrix;
        right.Span.Clear();
        raising.Count = lowering.Count = neutral.Count = 0;
    }

    /// <summary>Adds a pair.</summary>
    public void Add(float* y, bool hasBias, double excess, double target)
    {
        if (excess == 0)
        {
            neutral.Add(y, hasBias, T.One, T.CreateTruncating(target));
            if (neutral.IsFull)
                FlushNeutral();
            return;
        }
        double scale = Math.Sqrt(Math.Abs(excess));
        var panel = excess > 0 ? raising : lowering;
        panel.Add(y, hasBias, T.CreateTruncating(scale), T.CreateTruncating(target / scale));
        if (panel.IsFull)
            Flush(panel);
    }

    /// <summary>Factorises A + λ'·I; false where it is not positive definite in this precision.</summary>
    public bool Factorise(double lambda)
    {
        Flush(raising);
        Flush(lowering);
        FlushNeutral();
        T* a = matrix.Pointer;
        if (source != a)
            new ReadOnlySpan<T>(source, matrix.Length).CopyTo(matrix.Span);
        T added = T.CreateTruncating(lambda);
        for (int i = 0; i < width; i++)
            a[i * Size + i] += added;
        for (int i = width; i < Size; i++)
            a[i * Size + i] = T.One;
        return kernels.Factorise(a, inverse.Pointer, Size);
    }

    /// <summary>Solves for <see cref="Right"/>.</summary>
    public void Solve() => kernels.SolveFactored(matrix.Pointer, inverse.Pointer, right.Pointer, solution.Pointer, Size);

    private void Flush(RowPanel<T> panel)
    {
        if (panel.Count == 0)
            return;
        if (panel == raising)
            kernels.AddOuter(panel.Rows, panel.Count, source, matrix.Pointer, Size);
        else
            kernels.SubtractOuter(panel.Rows, panel.Count, source, matrix.Pointer, Size);
        source = matrix.Pointer;
        kernels.AddCombination(panel.Rows, panel.Count, panel.Weights, right.Pointer, Size);
        panel.Count = 0;
    }

    private void FlushNeutral()
    {
        if (neutral.Count > 0)
            kernels.AddCombination(neutral.Rows, neutral.Count, neutral.Weights, right.Pointer, Size);
        neutral.Count = 0;
    }
}
