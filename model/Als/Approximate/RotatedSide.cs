namespace OrleansRec.Model;

/// <summary>The fixed side of a half-sweep as the approximate solvers read it: its rows in the eigenbasis of their Gram matrix, which is a diagonal there.</summary>
/// <remarks>Rows are padded with zeros to the rung's multiple. When explicit there is no Gram matrix and no turning; z = [y, 1].</remarks>
internal sealed unsafe class RotatedSide : IEigenbasisSide
{
    private readonly AlignedBlock<float> diagonal;
    private readonly EigenBasis? basis;
    private readonly PairWeights weights;
    private readonly double globalMean;
    private readonly int rowCount;
    private readonly float[] biases;
    private volatile float touched;

    public RotatedSide(AlsOptions options, int rowCount, double[] gram, double globalMean)
    {
        (Options, this.rowCount, this.globalMean) = (options, rowCount, globalMean);
        Kernels = RowPassKernels.Chosen;
        weights = new PairWeights(options);
        Size = Kernels.Padded(options.Width);
        // Rows that are padded may be more floats than the rows that were given.
        (Rows, diagonal) = (new(checked(rowCount * Size)), new(Size));
        IsExplicit = options.Objective == Objective.Explicit;
        biases = IsExplicit ? new float[rowCount] : [];
        if (IsExplicit)
            return;
        basis = new EigenBasis(gram, options.Width, Kernels);
        for (int i = 0; i < options.Width; i++)
            diagonal.Span[i] = (float)(options.BaseWeight * basis.Values[i]);
    }

    /// <summary>Takes some rows; every row must have been taken before any is read.</summary>
    /// <param name="factors">All rows of factors, row-major, unpadded.</param>
    /// <param name="first">The first to take.</param>
    /// <param name="end">Behind the last.</param>
    public void Take(ReadOnlySpan<float> factors, int first, int end)
    {
        int width = Options.Width;
        if (basis is not null)
        {
            fixed (float* all = factors, turned = Rows)
                basis.Enter(Kernels, all + (nint)first * width, end - first, turned + (nint)first * Size);
            return;
        }
        for (int row = first; row < end; row++)
        {
            var y = factors.Slice(row * width, width);
            var z = Rows.Span.Slice(row * Size, Size);
            y.CopyTo(z);
            z[Options.Rank] = 1;
            biases[row] = y[Options.Rank];
        }
    }

    public AlsOptions Options { get; }

    public RowPassKernels Kernels { get; }

    public bool IsExplicit { get; }

    public int RowCount => rowCount;

    /// <summary>The padded width.</summary>
    public int Size { get; }

    /// <summary>z of every row, padded, shape (<see cref="RowCount"/>, <see cref="Size"/>).</summary>
    public AlignedBlock<float> Rows { get; }

    /// <summary>w0·Λ, padded with zeros.</summary>
    public ReadOnlySpan<float> Diagonal => diagonal.Span;

    /// <summary>λ' of a row with n pairs.</summary>
    public double Lambda(int pairCount) => Regularisation.Of(Options, pairCount, rowCount);

    /// <summary>d and t of each pair: the weights of z·zᵀ and of z.</summary>
    public void Weigh(ReadOnlySpan<int> otherRows, ReadOnlySpan<float> values, Span<float> excess, Span<float> targets)
    {
        for (int n = 0; n < otherRows.Length; n++)
        {
            excess[n] = IsExplicit ? 1 : (float)weights.Excess(values[n]);
            targets[n] = IsExplicit ? (float)(values[n] - globalMean - biases[otherRows[n]]) : (float)weights.Target(values[n]);
        }
    }

    /// <summary>Reads one float of every cache line of some rows, in order, as memory likes it best.</summary>
    public void Touch(int first, int end)
    {
        const int LineFloats = 16;
        float sum = 0;
        fixed (float* all = Rows)
            for (float* line = all + (nint)first * Size, last = all + (nint)end * Size; line < last; line += LineFloats)
                sum += *line;
        touched = sum;
    }

    /// <summary>A row's factors into the basis; <paramref name="target"/> padded.</summary>
    public void Enter(float* x, float* target)
    {
        if (basis is null)
            new ReadOnlySpan<float>(x, Options.Width).CopyTo(new Span<float>(target, Size));
        else
            basis.Enter(Kernels, x, 1, target);
    }

    /// <summary>Rows of factors out of the basis; both padded.</summary>
    public void Leave(AlignedBlock<float> inside, int count, AlignedBlock<float> outside)
    {
        if (basis is null)
            inside.Span[..(count * Size)].CopyTo(outside.Span);
        else
            basis.Leave(Kernels, inside, count, outside);
    }
}
