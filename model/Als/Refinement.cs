using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>Iterative refinement: corrections from a float factor, residuals in double (Higham, Accuracy and Stability of Numerical Algorithms, chapter 12).</summary>
/// <remarks>
/// Each step multiplies the error by about κ(A)·2⁻²⁴, and the ratio of one correction to the vector measures just that. A step costs 4·n·k + 2·k²
/// operations in double and 2·k² in float.
/// </remarks>
internal sealed unsafe class Refinement
{
    private const int StepsMax = 8;
    private const double RatioEnough = 1e-4;
    private readonly DenseKernels<double> kernels = KernelRung.Double;
    private readonly int size;
    private readonly AlignedBlock<double> minusX;
    private readonly AlignedBlock<double> residual;
    private readonly RowPanel<double> panel;
    private int gathered;

    public Refinement(int width)
    {
        size = kernels.Padded(width);
        (Solution, minusX, residual) = (new(size), new(size), new(size));
        panel = new RowPanel<double>(width, size);
    }

    /// <summary>x, padded.</summary>
    public AlignedBlock<double> Solution { get; }

    /// <summary>Solves from a factorised system; false where it does not converge.</summary>
    public bool Solve(RowSystem system, ReadOnlySpan<int> rows, ReadOnlySpan<float> values, NormalEquations<float> factored)
    {
        int width = system.Options.Width;
        gathered = -1;
        factored.Solve();
        Span<double> x = Solution.Span;
        ReadOnlySpan<float> solved = factored.Solution.Span;
        x.Clear();
        for (int i = 0; i < width; i++)
            x[i] = solved[i];
        for (int step = 0; step < StepsMax; step++)
        {
            ComputeResidual(system, rows, values);
            SetRight(factored.Right.Span, width);
            factored.Solve();
            double correction = 0, length = 0;
            for (int i = 0; i < width; i++)
            {
                double change = solved[i];
                double updated = x[i] + change;
                x[i] = updated;
                correction += change * change;
                length += updated * updated;
            }
            if (correction <= RatioEnough * RatioEnough * length)
                return true;
        }
        return false;
    }

    private void SetRight(Span<float> right, int width)
    {
        ReadOnlySpan<double> from = residual.Span;
        for (int i = 0; i < width; i++)
            right[i] = (float)from[i];
        right[width..].Clear();
    }

    /// <summary>b − A·x: each pair gives (t − d·(z·x))·z, the base matrix and λ' the rest.</summary>
    private void ComputeResidual(RowSystem system, ReadOnlySpan<int> rows, ReadOnlySpan<float> values)
    {
        int width = system.Options.Width;
        TensorPrimitives.Negate<double>(Solution.Span, minusX.Span);
        TensorPrimitives.Multiply(minusX.Span, system.Lambda(rows.Length), residual.Span);
        fixed (float* all = system.Others)
        fixed (double* x = Solution, minus = minusX, sum = residual, packed = panel.Rows, products = panel.Weights)
        {
            if (!system.IsExplicit)
                AddBase(system, minus, sum);
            for (int first = 0; first < rows.Length; first += panel.RowsMax)
            {
                int count = Math.Min(panel.RowsMax, rows.Length - first);
                if (gathered != first)
                    Gather(all, rows.Slice(first, count), width, system.IsExplicit, first);
                kernels.Dots(packed, count, size, x, products);
                for (int n = 0; n < count; n++)
                    products[n] = system.Target(values[first + n], all + (nint)rows[first + n] * width) - system.Excess(values[first + n]) * products[n];
                kernels.AddCombination(packed, count, products, sum, size);
            }
        }
    }

    private void AddBase(RowSystem system, double* weights, double* sum)
    {
        fixed (double* rows = system.BaseDouble)
            kernels.AddCombination(rows, size, weights, sum, size);
    }

    private void Gather(float* all, ReadOnlySpan<int> rows, int width, bool hasBias, int first)
    {
        panel.Count = 0;
        foreach (int row in rows)
            panel.Add(all + (nint)row * width, hasBias, 1, 0);
        gathered = first;
    }
}
