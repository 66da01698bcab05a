namespace OrleansRec.Model;

/// <summary>The fixed inputs of solving one side against the other; safe to use from many threads, each with its own scratch.</summary>
public sealed class HalfSweep
{
    private readonly AlsOptions options;
    private readonly ReadOnlyMemory<float> others;
    private readonly int otherRowCount;
    private readonly double[] gram;
    private readonly double globalMean;
    private readonly PairWeights weights;

    /// <summary>Prepares a half-sweep.</summary>
    /// <param name="options">The options of the training.</param>
    /// <param name="otherFactors">Factors of the other side, row-major, shape (otherRowCount, <see cref="AlsOptions.Width"/>); must not change meanwhile.</param>
    /// <param name="otherRowCount">N.</param>
    /// <param name="otherGram">YᵀY of the other side, shape (Width, Width); empty when explicit.</param>
    /// <param name="globalMean">μ when explicit, else 0.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public HalfSweep(AlsOptions options, ReadOnlyMemory<float> otherFactors, int otherRowCount, double[] otherGram, double globalMean)
    {
        int width = options.Width;
        if (otherFactors.Length != (long)otherRowCount * width)
            throw new ArgumentException($"{otherRowCount} rows of {width} floats are needed; got {otherFactors.Length} floats.", nameof(otherFactors));
        int gramLength = options.Objective == Objective.Explicit ? 0 : width * width;
        if (options.Objective == Objective.Implicit && otherGram.Length != gramLength)
            throw new ArgumentException($"A Gram matrix of {gramLength} doubles is needed; got {otherGram.Length}.", nameof(otherGram));
        this.options = options;
        others = otherFactors;
        this.otherRowCount = otherRowCount;
        gram = otherGram;
        this.globalMean = globalMean;
        weights = new PairWeights(options);
    }

    /// <summary>Scratch for one thread at a time.</summary>
    public RowSolverScratch CreateScratch() => new(options.Width);

    /// <summary>Solves one row; a row without pairs becomes zero.</summary>
    /// <param name="rows">The side's pairs; columns are rows of the other side.</param>
    /// <param name="row">Which row.</param>
    /// <param name="x">In: the row's last value, from which conjugate gradient starts. Out: the solution. Shape (Width).</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>, used by this thread alone.</param>
    public void Solve(InteractionRows rows, int row, Span<float> x, RowSolverScratch scratch)
    {
        var columns = rows.Columns(row);
        var values = rows.Values(row);
        if (columns.IsEmpty)
        {
            x.Clear();
            return;
        }
        int width = options.Width;
        bool isExplicit = options.Objective == Objective.Explicit;
        var a = scratch.Matrix;
        var b = scratch.Vector;
        Array.Clear(b);
        for (int i = 0; i < a.Length; i++)
            a[i] = isExplicit ? 0 : options.BaseWeight * gram[i];
        double lambda = Regularisation.Of(options, columns.Length, otherRowCount);
        for (int i = 0; i < width; i++)
            a[i * width + i] += lambda;
        Span<double> z = scratch.Design;
        for (int n = 0; n < columns.Length; n++)
        {
            double target = Design(columns[n], values[n], z, out double excess);
            for (int i = 0; i < width; i++)
            {
                b[i] += target * z[i];
                double scaled = excess * z[i];
                for (int j = 0; j <= i; j++)
                    a[i * width + j] += scaled * z[j];
            }
        }
        SolveInPlace(a, b, width);
        for (int i = 0; i < width; i++)
            x[i] = (float)b[i];
    }

    /// <summary>Adds a row's part of the objective: to terms[0] the observed pairs (less what <see cref="Loss.Total"/> adds for every pair), to terms[1] λ'·|x|².</summary>
    public void AddLoss(InteractionRows rows, int row, ReadOnlySpan<float> x, Span<double> terms)
    {
        var columns = rows.Columns(row);
        var values = rows.Values(row);
        if (columns.IsEmpty)
            return;
        int width = options.Width;
        var all = others.Span;
        double observed = 0;
        for (int n = 0; n < columns.Length; n++)
        {
            var y = all.Slice(columns[n] * width, width);
            double s = 0;
            for (int f = 0; f < options.Rank; f++)
                s += (double)x[f] * y[f];
            if (options.Objective == Objective.Explicit)
            {
                double miss = values[n] - (globalMean + x[options.Rank] + y[options.Rank] + s);
                observed += miss * miss;
            }
            else
                observed += weights.Loss(values[n], s);
        }
        terms[0] += observed;
        AddRegularisation(rows, row, x, terms);
    }

    /// <summary>Adds a row's λ'·|x|² to terms[1]: all that the side solved first knows of the objective.</summary>
    public void AddRegularisation(InteractionRows rows, int row, ReadOnlySpan<float> x, Span<double> terms)
    {
        int n = rows.Columns(row).Length;
        if (n == 0)
            return;
        double squared = 0;
        foreach (float v in x)
            squared += (double)v * v;
        terms[1] += Regularisation.Of(options, n, otherRowCount) * squared;
    }

    private double Design(int column, float r, Span<double> z, out double excess)
    {
        int width = options.Width;
        var y = others.Span.Slice(column * width, width);
        for (int i = 0; i < width; i++)
            z[i] = y[i];
        if (options.Objective == Objective.Explicit)
        {
            z[^1] = 1;
            excess = 1;
            return r - globalMean - y[^1];
        }
        excess = weights.Excess(r);
        return weights.Target(r);
    }

    private static void SolveInPlace(double[] a, double[] b, int width)
    {
        for (int j = 0; j < width; j++)
        {
            for (int i = j; i < width; i++)
            {
                double sum = a[i * width + j];
                for (int p = 0; p < j; p++)
                    sum -= a[i * width + p] * a[j * width + p];
                a[i * width + j] = i == j ? Math.Sqrt(sum) : sum / a[j * width + j];
            }
            double z = b[j];
            for (int p = 0; p < j; p++)
                z -= a[j * width + p] * b[p];
            b[j] = z / a[j * width + j];
        }
        for (int j = width - 1; j >= 0; j--)
        {
            double z = b[j];
            for (int p = j + 1; p < width; p++)
                z -= a[p * width + j] * b[p];
            b[j] = z / a[j * width + j];
        }
    }
}
