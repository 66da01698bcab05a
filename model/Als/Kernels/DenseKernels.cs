using System.Runtime.Intrinsics;

namespace OrleansRec.Model;

/// <summary>The dense algebra of a row system at one vector width. Matrices are row-major with the upper triangle in use.</summary>
/// <remarks>
/// A padded size is a multiple of <see cref="Multiple"/>; the caller fills the padding with zeros (and ones on the diagonal of a matrix to factorise), so
/// that no loop needs a tail. Results depend on the width and on nothing else.
/// </remarks>
internal abstract unsafe class DenseKernels<T>
    where T : unmanaged
{
    /// <summary>The rung's name: "512", "256", "128" or "scalar".</summary>
    public abstract string Name { get; }

    /// <summary>What a padded size is a multiple of.</summary>
    public abstract int Multiple { get; }

    /// <summary>size rounded up to <see cref="Multiple"/>.</summary>
    public int Padded(int size) => (size + Multiple - 1) / Multiple * Multiple;

    /// <summary>Row p of the panel = scales[p] · row columns[p] of the others; the padding of the panel is left as it is.</summary>
    /// <param name="others">Row-major, shape (N, width).</param>
    /// <param name="columns">Rows to take; <paramref name="ahead"/> of them can be read, those beyond <paramref name="count"/> to ask for them in time.</param>
    /// <param name="count">Rows to pack.</param>
    /// <param name="ahead">At least <paramref name="count"/>.</param>
    /// <param name="width">Floats in a row.</param>
    /// <param name="scales">Shape (count).</param>
    /// <param name="panel">Shape (count, stride).</param>
    /// <param name="stride">Distance between rows of the panel.</param>
    public abstract void Pack(float* others, int* columns, int count, int ahead, int width, T* scales, T* panel, int stride);

    /// <summary>Whether <see cref="AddStreamed"/> takes rows of this width.</summary>
    public abstract bool Streams(int width);

    /// <summary>matrix += Σ d·y·yᵀ on the upper triangle, right += Σ t·y, for a matrix whose rows are <see cref="Padded"/>(width) apart; source may be the matrix.</summary>
    public abstract void AddStreamed(in StreamedRows rows, T* source, T* matrix, T* right);

    /// <summary>
    /// target = source + PᵀP on the upper triangle, P being the panel of shape (rows, size); source may be target. Strides are distances between rows. Meanwhile
    /// the rows of the next panel are asked for.
    /// </summary>
    public abstract void AddOuter(T* panel, int panelStride, int rows, T* source, int sourceStride, T* target, int stride, int size, NextRows next);

    /// <summary>target = source − PᵀP on the upper triangle.</summary>
    public abstract void SubtractOuter(T* panel, int panelStride, int rows, T* source, int sourceStride, T* target, int stride, int size);

    /// <summary>sum += Pᵀw.</summary>
    public abstract void AddCombination(T* panel, int panelStride, int rows, T* weights, T* sum, int size);

    /// <summary>products[p] = row p · x; width need not be padded, and is also the distance between rows.</summary>
    public abstract void Dots(T* rows, int count, int width, T* x, T* products);

    /// <summary>A = UᵀU in place; inverse[p] = 1/U[p,p]. False where a pivot is not positive.</summary>
    public abstract bool Factorise(T* a, int stride, T* inverse, int size);

    /// <summary>target = source + PᵀP where all rows are <paramref name="size"/> apart.</summary>
    public void AddOuter(T* panel, int rows, T* source, T* target, int size) => AddOuter(panel, size, rows, source, size, target, size, size, default);

    /// <summary>sum += Pᵀw where the rows of the panel are <paramref name="size"/> apart.</summary>
    public void AddCombination(T* panel, int rows, T* weights, T* sum, int size) => AddCombination(panel, size, rows, weights, sum, size);

    /// <summary>x = A⁻¹b from a factor; b is used up.</summary>
    public abstract void SolveFactored(T* u, int stride, T* inverse, T* b, T* x, int size);
}

/// <summary>The widest rung that the machine has, chosen once.</summary>
internal static class KernelRung
{
    /// <summary>Kernels in float.</summary>
    public static DenseKernels<float> Single { get; } = Choose<float>();

    /// <summary>Kernels in double.</summary>
    public static DenseKernels<double> Double { get; } = Choose<double>();

    /// <summary>Every rung, for the tests: those that the machine lacks are emulated by the runtime.</summary>
    public static DenseKernels<T>[] All<T>()
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> =>
    [
        new DenseKernels<ScalarRung<T>, T, T>("scalar"),
        new DenseKernels<Rung128<T>, T, Vector128<T>>("128"),
        new DenseKernels<Rung256<T>, T, Vector256<T>>("256"),
        new DenseKernels<Rung512<T>, T, Vector512<T>>("512"),
    ];

    private static DenseKernels<T> Choose<T>()
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var all = All<T>();
        return Vector512.IsHardwareAccelerated ? all[3] : Vector256.IsHardwareAccelerated ? all[2] : Vector128.IsHardwareAccelerated ? all[1] : all[0];
    }
}
