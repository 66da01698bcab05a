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
    private readonly AlignedBlock<double> x;
    private readonly AlignedBlock<double> minusX;
    private readonly AlignedBlock<double> residual;
    private readonly RowPanel<double> panel;
    private int gathered;

    public Refinement(int width)
    {
        size = kernels.Padded(width);
        (x, minusX, residual) = (new(size), new(size), new(size));
        panel = new RowPanel<double>(width, size);
    }

    /// <summary>x, padded.</summary>
    public double* Solution => x.Pointer;

    /// <summary>Solves from a factorised system; false where it does not converge.</summary>
    public bool Solve(RowSystem system, ReadOnlySpan<int> rows, ReadOnlySpan<float> values, NormalEquations<float> factored)
    {
        int width = system.Options.Width;
        gathered = -1;
        factored.Solve();
        x.Span.Clear();
        for (int i = 0; i < width; i++)
            x.Span[i] = factored.Solution[i];
        for (int step = 0; step < StepsMax; step++)
        {
            ComputeResidual(system, rows, values);
            for (int i = 0; i < width; i++)
                factored.Right[i] = (float)residual.Span[i];
            new Span<float>(factored.Right + width, factored.Size - width).Clear();
            factored.Solve();
            double correction = 0, length = 0;
            for (int i = 0; i < width; i++)
            {
                double change = factored.Solution[i];
                double updated = x.Span[i] + change;
                x.Span[i] = updated;
                correction += change * change;
                length += updated * updated;
            }
            if (correction <= RatioEnough * RatioEnough * length)
                return true;
        }
        return false;
    }

    /// <summary>b − A·x: each pair gives (t − d·(z·x))·z, the base matrix and λ' the rest.</summary>
    private void ComputeResidual(RowSystem system, ReadOnlySpan<int> rows, ReadOnlySpan<float> values)
    {
        int width = system.Options.Width;
        TensorPrimitives.Negate<double>(x.Span, minusX.Span);
        TensorPrimitives.Multiply(minusX.Span, system.Lambda(rows.Length), residual.Span);
        if (!system.IsExplicit)
            kernels.AddCombination(system.BaseDouble, size, minusX.Pointer, residual.Pointer, size);
        fixed (float* all = system.Others)
            for (int first = 0; first < rows.Length; first += panel.RowsMax)
            {
                int count = Math.Min(panel.RowsMax, rows.Length - first);
                if (gathered != first)
                    Gather(all, rows.Slice(first, count), width, system.IsExplicit, first);
                double* products = panel.Weights;
                kernels.Dots(panel.Rows, count, size, x.Pointer, products);
                for (int n = 0; n < count; n++)
                    products[n] = system.Target(values[first + n], all + (nint)rows[first + n] * width) - system.Excess(values[first + n]) * products[n];
                kernels.AddCombination(panel.Rows, count, products, residual.Pointer, size);
            }
    }

    private void Gather(float* all, ReadOnlySpan<int> rows, int width, bool hasBias, int first)
    {
        panel.Count = 0;
        foreach (int row in rows)
            panel.Add(all + (nint)row * width, hasBias, 1, 0);
        gathered = first;
    }
}
