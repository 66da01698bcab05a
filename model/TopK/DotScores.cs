using System.Numerics.Tensors;

namespace OrleansRec.Model;

/// <summary>Products of a query with item rows.</summary>
internal static class DotScores
{
    /// <summary>query · item.</summary>
    public static float One(ReadOnlySpan<float> query, ReadOnlySpan<float> item) => TensorPrimitives.Dot(query, item);
}
