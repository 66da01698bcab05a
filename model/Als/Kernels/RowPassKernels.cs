using System.Runtime.Intrinsics;

namespace OrleansRec.Model;

/// <summary>What the approximate solvers do at one vector width: passes over a row's pairs, steps of conjugate gradient, and the change of basis.</summary>
/// <remarks>Sizes are padded to a multiple of <see cref="Multiple"/> with zeros, so that no loop needs a tail. A result depends on the width and on nothing else.</remarks>
internal abstract unsafe class RowPassKernels
{
    /// <summary>Rows that a pass takes together: while they are in the first-level cache, both of their products are formed.</summary>
    public const int BlockRows = 8;

    /// <summary>The rung's name, as <see cref="DenseKernels{T}.Name"/>.</summary>
    public abstract string Name { get; }

    /// <summary>What a padded size is a multiple of.</summary>
    public abstract int Multiple { get; }

    /// <summary>width rounded up to <see cref="Multiple"/>.</summary>
    public int Padded(int width) => (width + Multiple - 1) / Multiple * Multiple;

    /// <summary>q += Σ (t − d·(z·p))·z over the rows z; in a first pass also squares += Σ d·z².</summary>
    /// <param name="rows">Row-major, shape (any, size), finite.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="index">Which rows, shape (count).</param>
    /// <param name="count">n.</param>
    /// <param name="size">Padded width.</param>
    /// <param name="p">Shape (size); null is zero.</param>
    /// <param name="excess">d of each row.</param>
    /// <param name="targets">t of each row; null is zero.</param>
    /// <param name="q">Shape (size).</param>
    /// <param name="squares">Shape (size), or null.</param>
    public abstract void Pass(float* rows, int stride, int* index, int count, int size, float* p, float* excess, float* targets, float* q, float* squares);

    /// <summary>products[n] += z·p over the rows z, as in <see cref="Pass"/>.</summary>
    public abstract void AddProducts(float* rows, int stride, int* index, int count, int size, float* p, float* products);

    /// <summary>q = ridge·p − q, entry by entry; returns p·q.</summary>
    public abstract float FinishProduct(float* q, float* ridge, float* p, int size);

    /// <summary>x += α·p, r −= α·q; returns Σ r²·inverse, and Σ x²·diagonal in <paramref name="energy"/>.</summary>
    public abstract float Advance(float* x, float* r, float* p, float* q, float* inverse, float* diagonal, float alpha, int size, out float energy);

    /// <summary>p = r·inverse + β·p, entry by entry, and q = 0.</summary>
    public abstract void Turn(float* p, float* q, float* r, float* inverse, float beta, int size);

    /// <summary>target = rows·Q, each element summed over the rows of Q in their order.</summary>
    /// <param name="rows">Row-major, shape (count, width).</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="q">Row-major, shape (width, size).</param>
    /// <param name="size">Padded width.</param>
    /// <param name="target">Shape (count, size); not <paramref name="rows"/>.</param>
    public abstract void Rotate(float* rows, int stride, int count, int width, float* q, int size, float* target);

    /// <summary>Every rung, narrowest first.</summary>
    public static RowPassKernels[] All { get; } =
    [
        new RowPassKernels<ScalarRung<float>, float>("scalar"),
        new RowPassKernels<Rung128<float>, Vector128<float>>("128"),
        new RowPassKernels<Rung256<float>, Vector256<float>>("256"),
        new RowPassKernels<Rung512<float>, Vector512<float>>("512"),
    ];

    /// <summary>Those of the rung that <see cref="KernelRung"/> chose.</summary>
    public static RowPassKernels Chosen { get; } = Array.Find(All, k => k.Name == KernelRung.Single.Name)!;
}
