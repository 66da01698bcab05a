using MathNet.Numerics.LinearAlgebra;

namespace OrleansRec.Model;

/// <summary>YᵀY = Q·Λ·Qᵀ: the basis in which the Gram matrix of a side is diagonal.</summary>
/// <remarks>
/// The objective does not change when both sides turn by the same orthogonal Q, and in this basis the product of the Gram matrix with a vector costs k operations in
/// place of k². Computed in double by Householder and QL (MathNet), O(k³) once a half-sweep; Q is rounded to float, so turning there and back moves a
/// factor by about k·2⁻²⁴ of its length.
/// </remarks>
internal sealed unsafe class EigenBasis
{
    private readonly int width;
    private readonly int size;
    private readonly AlignedBlock<float> forward;
    private readonly AlignedBlock<float> backward;

    /// <param name="gram">YᵀY, shape (width, width); the upper triangle is read.</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="kernels">Which rung turns rows.</param>
    public EigenBasis(double[] gram, int width, RowPassKernels kernels)
    {
        this.width = width;
        size = kernels.Padded(width);
        var evd = Matrix<double>.Build.Dense(width, width, (i, j) => gram[Math.Min(i, j) * width + Math.Max(i, j)]).Evd(Symmetricity.Symmetric);
        Values = [.. evd.EigenValues.Select(v => Math.Max(0, v.Real))];
        (forward, backward) = (new(width * size), new(width * size));
        for (int i = 0; i < width; i++)
            for (int j = 0; j < width; j++)
                forward.Span[i * size + j] = backward.Span[j * size + i] = (float)evd.EigenVectors[i, j];
    }

    /// <summary>Λ, ascending, none below 0.</summary>
    public double[] Values { get; }

    /// <summary>Rows into this basis: z = Qᵀy.</summary>
    public void Enter(RowPassKernels kernels, float* rows, int count, float* target)
    {
        fixed (float* q = forward)
            kernels.Rotate(rows, width, count, width, q, size, target);
    }

    /// <summary>Rows back out of it: y = Q·z.</summary>
    public void Leave(RowPassKernels kernels, AlignedBlock<float> inside, int count, AlignedBlock<float> outside)
    {
        fixed (float* q = backward, rows = inside, target = outside)
            kernels.Rotate(rows, size, count, width, q, size, target);
    }
}
