namespace OrleansRec.Model;

/// <summary>A fixed number of conjugate-gradient steps from the row's last value, without ever forming A (Takács, Pilászy, Tikk 2011).</summary>
/// <remarks>A step costs 4·n·k + 2·k² operations against n·k² of the exact solver. It stops early only where the residual is zero.</remarks>
internal static unsafe class ConjugateGradient
{
    /// <summary>Improves x in place.</summary>
    public static void Solve(RowSystem system, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> x, ConjugateGradientScratch scratch)
    {
        int size = scratch.Size;
        scratch.Clear();
        x.CopyTo(scratch.X.Span);
        scratch.Gathered = -1;
        // r = b − A·x: each pair gives (t − d·(z·x))·z.
        Apply(system, columns, values, scratch.X.Pointer, scratch.R.Pointer, isResidual: true, scratch);
        scratch.R.Span.CopyTo(scratch.P.Span);
        double rr = Dot(scratch.R.Span, scratch.R.Span);
        for (int step = 0; step < system.Options.ConjugateGradientSteps && rr > 0; step++)
        {
            scratch.Q.Span.Clear();
            Apply(system, columns, values, scratch.P.Pointer, scratch.Q.Pointer, isResidual: false, scratch);
            double curvature = Dot(scratch.P.Span, scratch.Q.Span);
            if (!(curvature > 0))
                break;
            float alpha = (float)(rr / curvature);
            for (int i = 0; i < size; i++)
            {
                scratch.X.Span[i] += alpha * scratch.P.Span[i];
                scratch.R.Span[i] -= alpha * scratch.Q.Span[i];
            }
            double next = Dot(scratch.R.Span, scratch.R.Span);
            float beta = (float)(next / rr);
            rr = next;
            for (int i = 0; i < size; i++)
                scratch.P.Span[i] = scratch.R.Span[i] + beta * scratch.P.Span[i];
        }
        scratch.X.Span[..x.Length].CopyTo(x);
    }

    /// <summary>out = A·v, or b − A·v.</summary>
    private static void Apply(
        RowSystem system, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float* v, float* result, bool isResidual, ConjugateGradientScratch scratch)
    {
        var kernels = KernelRung.Single;
        var panel = scratch.Panel;
        int size = scratch.Size, width = system.Options.Width;
        float sign = isResidual ? -1 : 1;
        float lambda = sign * (float)system.Lambda(columns.Length);
        for (int i = 0; i < size; i++)
        {
            result[i] = lambda * v[i];
            scratch.Coefficients.Span[i] = sign * v[i];
        }
        if (!system.IsExplicit)
            kernels.AddCombination(system.BaseSingle, size, scratch.Coefficients.Pointer, result, size);
        fixed (float* all = system.Others)
            for (int first = 0; first < columns.Length; first += panel.RowsMax)
            {
                int count = Math.Min(panel.RowsMax, columns.Length - first);
                if (scratch.Gathered != first)
                {
                    panel.Count = 0;
                    for (int n = first; n < first + count; n++)
                        panel.Add(all + (nint)columns[n] * width, system.IsExplicit, 1f, 0f);
                    scratch.Gathered = first;
                }
                float* products = panel.Weights;
                kernels.Dots(panel.Rows, count, size, v, products);
                for (int n = 0; n < count; n++)
                {
                    float r = values[first + n];
                    double weighed = sign * system.Excess(r) * products[n];
                    products[n] = (float)(isResidual ? system.Target(r, all + (nint)columns[first + n] * width) + weighed : weighed);
                }
                kernels.AddCombination(panel.Rows, count, products, result, size);
            }
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}

/// <summary>Vectors and one panel of the conjugate-gradient solver.</summary>
internal sealed class ConjugateGradientScratch
{
    public ConjugateGradientScratch(int width)
    {
        Size = KernelRung.Single.Padded(width);
        (X, R, P, Q, Coefficients) = (new(Size), new(Size), new(Size), new(Size), new(Size));
        Panel = new RowPanel<float>(width, Size);
    }

    public int Size { get; }

    public AlignedBlock<float> X { get; }

    public AlignedBlock<float> R { get; }

    public AlignedBlock<float> P { get; }

    public AlignedBlock<float> Q { get; }

    public AlignedBlock<float> Coefficients { get; }

    public RowPanel<float> Panel { get; }

    /// <summary>First entry of those that the panel holds, or −1.</summary>
    public int Gathered { get; set; }

    public void Clear()
    {
        X.Span.Clear();
        R.Span.Clear();
        P.Span.Clear();
        Q.Span.Clear();
    }
}
