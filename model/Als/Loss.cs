using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>The objective from its sums.</summary>
public static class Loss
{
    /// <summary>observed + w0·tr(XᵀX·YᵀY) + Σ λ'|x|² + Σ λ'|y|²; w0·Σ s² over every pair of the matrix is the trace, so the cost is O(nnz·k + (U + I)·k²).</summary>
    /// <param name="options">The options of the training.</param>
    /// <param name="observed">Sum of terms[0] of <see cref="HalfSweep.AddLoss"/> over one side.</param>
    /// <param name="userRegularisation">Sum of terms[1] over users.</param>
    /// <param name="itemRegularisation">Sum of terms[1] over items.</param>
    /// <param name="gramX">XᵀX, shape (k, k); not read when explicit.</param>
    /// <param name="gramY">YᵀY, shape (k, k); not read when explicit.</param>
    public static double Total(AlsOptions options, double observed, double userRegularisation, double itemRegularisation, double[] gramX, double[] gramY)
    {
        double everyPair = options.Objective == Objective.Explicit ? 0 : options.BaseWeight * TensorPrimitives.Dot<double>(gramX, gramY);
        return observed + everyPair + userRegularisation + itemRegularisation;
    }
}
