using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>Conjugate-gradient steps without ever forming A (Takács, Pilászy, Tikk 2011), in the eigenbasis of the Gram matrix, preconditioned by A's diagonal there.</summary>
/// <remarks>
/// A step costs 4·n·k + O(k) operations against n·k² of the exact solver: in this basis the Gram matrix is a diagonal, so short rows do not pay k² a step, and what the
/// diagonal leaves out is the row's own pairs, which a few steps find.
/// </remarks>
internal static unsafe class ConjugateGradient
{
    /// <summary>Improves X of every row, in the basis of <paramref name="side"/>, in place.</summary>
    /// <param name="side">The fixed side.</param>
    /// <param name="passes">Holds the rows' pairs.</param>
    /// <param name="rows">The rows in step.</param>
    /// <param name="isWarm">Whether X is where to begin; else it is zero.</param>
    public static void Solve(RotatedSide side, IPairPasses passes, ReadOnlySpan<ConjugateGradientRow> rows, bool isWarm)
    {
        foreach (var row in rows)
            Begin(side, row, isWarm);
        passes.FirstPass(rows, isWarm);
        bool isOver = true;
        foreach (var row in rows)
            isOver &= Precondition(side, row);
        for (int step = 0; step < side.Options.ConjugateGradientSteps && !isOver; step++)
        {
            passes.Pass(rows);
            isOver = true;
            foreach (var row in rows)
                isOver &= row.HasEnded || Advance(side, row);
        }
    }

    private static void Begin(RotatedSide side, ConjugateGradientRow row, bool isWarm)
    {
        Span<float> ridge = row.Ridge.Span, r = row.R.Span;
        TensorPrimitives.Add(side.Diagonal, (float)row.Lambda, ridge);
        ridge.CopyTo(row.Diagonal.Span);
        row.HasEnded = false;
        if (isWarm)
        {
            // What A·x has beyond the pairs.
            TensorPrimitives.Multiply(ridge, row.X.Span, r);
            TensorPrimitives.Negate<float>(r, r);
            return;
        }
        row.X.Span.Clear();
        r.Clear();
    }

    private static bool Precondition(RotatedSide side, ConjugateGradientRow row)
    {
        Span<float> diagonal = row.Diagonal.Span, inverse = row.Inverse.Span;
        // Pairs with a confidence below 1 lower the diagonal; rounding must not take it to zero.
        TensorPrimitives.Multiply(row.Ridge.Span, 1e-3f, inverse);
        TensorPrimitives.Max(diagonal, inverse, diagonal);
        TensorPrimitives.Divide(1f, diagonal, inverse);
        TensorPrimitives.Multiply(inverse, row.R.Span, row.P.Span);
        row.Q.Span.Clear();
        row.Residual = TensorPrimitives.Dot<float>(row.P.Span, row.R.Span);
        return row.HasEnded = !(row.Residual > 0);
    }

    /// <summary>One step with the product in Q; true where it was the row's last.</summary>
    private static bool Advance(RotatedSide side, ConjugateGradientRow row)
    {
        var kernels = side.Kernels;
        int size = side.Size;
        fixed (float* x = row.X, r = row.R, p = row.P, q = row.Q, ridge = row.Ridge, diagonal = row.Diagonal, inverse = row.Inverse)
        {
            // The pass left −Σ d·(z·p)·z in Q.
            float curvature = kernels.FinishProduct(q, ridge, p, size);
            if (!(curvature > 0))
                return row.HasEnded = true;
            float next = kernels.Advance(x, r, p, q, inverse, diagonal, row.Residual / curvature, size, out float energy);
            double tolerance = side.Options.ConjugateGradientTolerance;
            if (!(next > tolerance * tolerance * energy))
                return row.HasEnded = true;
            kernels.Turn(p, q, r, inverse, next / row.Residual, size);
            row.Residual = next;
            return false;
        }
    }
}
