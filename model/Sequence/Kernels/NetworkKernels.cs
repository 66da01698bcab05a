using System.Numerics;
using System.Runtime.Intrinsics;

namespace OrleansRec.Model.Sequence.Kernels;

/// <summary>The dense algebra of the sequence model at one vector width. Matrices are row-major; a stride is the distance between rows, in elements.</summary>
/// <remarks>
/// One rule makes an encoding that grows by one event equal to a whole one: an element's bits depend on its own row and on nothing beside it. Each element of a product has one
/// accumulator, which takes the terms in their order; each sum over a row begins at the row's first element. No size needs padding.
/// </remarks>
internal abstract unsafe partial class NetworkKernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The rung's name: "512", "256", "128" or "scalar".</summary>
    public abstract string Name { get; }

    /// <summary>Columns of one packed panel.</summary>
    public abstract int PanelColumns { get; }

    /// <summary>Elements that <see cref="Pack"/> writes.</summary>
    public int PackedLength(int depth, int columns) => depth * ((columns + PanelColumns - 1) / PanelColumns * PanelColumns);

    /// <summary>Packs a right-hand matrix: panels of <see cref="PanelColumns"/> columns, row after row, the last one filled up with zeros.</summary>
    /// <param name="source">Element (p, j) lies at p·rowStride + j·columnStride.</param>
    /// <param name="rowStride">1 for a transposed matrix.</param>
    /// <param name="columnStride">1 for a matrix as it lies.</param>
    /// <param name="depth">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="packed">Shape (<see cref="PackedLength"/>).</param>
    public abstract void Pack(T* source, nint rowStride, nint columnStride, int depth, int columns, T* packed);

    /// <summary>C = A·B or C += A·B for a packed B.</summary>
    /// <param name="a">Element (i, p) lies at i·rowStride + p·stepStride.</param>
    /// <param name="rowStride">1 for a transposed A.</param>
    /// <param name="stepStride">1 for A as it lies.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="packed">B of shape (depth, columns), packed.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="c">Shape (rows, columns).</param>
    /// <param name="cStride">Distance between rows of C.</param>
    /// <param name="adds">Whether C is added to.</param>
    /// <remarks>Error of an element: at most depth·2⁻²⁴·Σ|a·b|, and one rounding for each 128 terms.</remarks>
    public abstract void Multiply(T* a, nint rowStride, nint stepStride, int rows, T* packed, int depth, int columns, T* c, nint cStride, bool adds);

    /// <summary>products[j] = row j · x.</summary>
    public abstract void Dots(T* x, T* rows, nint stride, int count, int width, T* products);

    /// <summary>sum = Σ weights[j] · row j.</summary>
    public abstract void Combine(T* weights, T* rows, nint stride, int count, int width, T* sum);

    /// <summary>row j += weights[j] · x.</summary>
    public abstract void AddOuter(T* weights, T* x, int count, int width, T* rows, nint stride);

    /// <summary>s = softmax(scale · s) over a row of at least one element.</summary>
    public abstract void Softmax(T* s, int count, T scale);

    /// <summary>sum += the rows of a matrix, first to last.</summary>
    public abstract void AddRows(T* rows, nint stride, int count, int width, T* sum);

    /// <summary>y = (x − μ)/√(σ² + ε)·gain + shift for each row; ε = 10⁻⁵, σ² the mean square.</summary>
    /// <param name="x">Shape (rows, width).</param>
    /// <param name="rows">Rows.</param>
    /// <param name="width">Elements in a row.</param>
    /// <param name="gain">Shape (width).</param>
    /// <param name="shift">Shape (width).</param>
    /// <param name="y">Shape (rows, width).</param>
    /// <param name="moments">Takes μ and 1/√(σ² + ε) of each row, shape (rows, 2).</param>
    public abstract void Normalise(T* x, int rows, int width, T* gain, T* shift, T* y, T* moments);

    /// <summary>dx += the gradient of <see cref="Normalise"/>, gainGradient and shiftGradient += theirs.</summary>
    public abstract void NormaliseBackward(T* dy, T* x, T* moments, int rows, int width, T* gain, T* dx, T* gainGradient, T* shiftGradient);

    /// <summary>−log softmax of the positive score among itself and the others; the others become weight times the gradient.</summary>
    /// <param name="scores">The other scores, shape (count); −∞ where one does not count.</param>
    /// <param name="count">At least 1.</param>
    /// <param name="positive">In: the positive score. Out: weight times its gradient.</param>
    /// <param name="weight">Weight of this row in the loss.</param>
    /// <returns>The loss of the row, not weighed.</returns>
    public abstract double SoftmaxLoss(T* scores, int count, ref T positive, T weight);

    /// <summary>Σ log(1 + e^z) over the others, which become weight·σ(z); −∞ adds nothing.</summary>
    public abstract double NegativeLoss(T* scores, int count, T weight);

    /// <summary>Every rung, narrowest first; those that the machine lacks are emulated by the runtime.</summary>
    public static NetworkKernels<T>[] All { get; } =
    [
        new NetworkKernels<ScalarRung<T>, T, T>("scalar"),
        new NetworkKernels<Rung128<T>, T, Vector128<T>>("128"),
        new NetworkKernels<Rung256<T>, T, Vector256<T>>("256"),
        new NetworkKernels<Rung512<T>, T, Vector512<T>>("512"),
    ];

    /// <summary>Those of the rung that <see cref="KernelRung"/> chose.</summary>
    public static NetworkKernels<T> Chosen { get; } = Array.Find(All, k => k.Name == KernelRung.Single.Name)!;
}

/// <summary>The kernels over one rung.</summary>
internal sealed unsafe partial class NetworkKernels<TRung, T, V>(string name) : NetworkKernels<T>
    where TRung : struct, IVectorRung<T, V>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>Elements of the widest vector of floats.</summary>
    private const int LanesMax = 16;

    public override string Name => name;

    public override int PanelColumns => 2 * TRung.Lanes;
}
