namespace OrleansRec.Model.Hybrid;

/// <summary>How large the scores of a query are that is multiplied with the vector of each item.</summary>
public static class QueryScale
{
    /// <summary>√(xᵀ·G·x / I): the exact root of the mean square of ⟨x, y_i⟩ over all items.</summary>
    /// <param name="gram">G = YᵀY, row-major, shape (k, k); empty where it is not kept.</param>
    /// <param name="x">The query, shape (k).</param>
    /// <param name="itemCount">I.</param>
    /// <returns>At least 0; 1 where G is not kept.</returns>
    public static double Of(ReadOnlySpan<double> gram, ReadOnlySpan<float> x, int itemCount)
    {
        if (gram.IsEmpty)
            return 1;
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
            for (int j = 0; j < x.Length; j++)
                sum += gram[i * x.Length + j] * x[i] * x[j];
        return Math.Sqrt(Math.Max(0, sum) / Math.Max(1, itemCount));
    }
}
