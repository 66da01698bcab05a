using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansRec.Model;

/// <summary>Rows of the fixed side in the eigenbasis of its Gram matrix, each block of rows turned when the first of them is asked for.</summary>
/// <remarks>
/// Safe to use from many threads: two that ask for one block at once both turn it, to the same bits, and one of the two stays. A side that no short row meets costs nothing.
/// </remarks>
internal sealed unsafe class TurnedRows
{
    /// <summary>Rows turned together: enough for the kernel, and few enough that a side of which hardly a row is asked for stays as it is.</summary>
    private const int BlockRows = 16;

    private readonly ReadOnlyMemory<float> factors;
    private readonly int width;
    private readonly int rowCount;
    private readonly Lazy<EigenBasis> basis;
    private readonly Lazy<float[]> diagonal;
    private readonly AlignedBlock<float>?[] blocks;

    // Where each of the blocks begins, 0 before it is there: one place to look at for a pair, not two.
    private readonly nint[] firsts;
    private readonly RowPassKernels kernels;

    /// <param name="factors">Row-major, shape (rowCount, width).</param>
    /// <param name="rowCount">N.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="gram">YᵀY, shape (width, width).</param>
    /// <param name="kernels">Which rung turns rows.</param>
    public TurnedRows(ReadOnlyMemory<float> factors, int rowCount, AlsOptions options, double[] gram, RowPassKernels kernels)
    {
        (this.factors, this.rowCount, this.width, this.kernels) = (factors, rowCount, options.Width, kernels);
        Size = kernels.Padded(width);
        basis = new(() => new EigenBasis(gram, width, kernels));
        diagonal = new(() => [.. basis.Value.Values.Select(v => (float)(options.BaseWeight * v))]);
        blocks = new AlignedBlock<float>?[(rowCount + BlockRows - 1) / BlockRows];
        firsts = new nint[blocks.Length];
    }

    /// <summary>The padded width.</summary>
    public int Size { get; }

    /// <summary>w0·Λ, shape (width).</summary>
    public float[] Diagonal => diagonal.Value;

    /// <summary>For <c>fixed</c>, which takes no more than one block itself: the statement keeps this object's table of blocks, which keeps them.</summary>
    public ref HeldRows GetPinnableReference() => ref Unsafe.As<AlignedBlock<float>?, HeldRows>(ref MemoryMarshal.GetArrayDataReference(blocks));

    /// <summary>z = Qᵀy of a row, padded.</summary>
    /// <param name="held">From the <c>fixed</c> statement over this object in which the pointer lives.</param>
    /// <param name="row">Which row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Row(HeldRows* held, int row)
    {
        Debug.Assert(held != null);
        nint first = Volatile.Read(ref firsts[row / BlockRows]);
        return (float*)(first != 0 ? first : Turn(row / BlockRows)) + (nint)(row % BlockRows) * Size;
    }

    /// <summary>Rows back out of the basis; both padded.</summary>
    public void Leave(AlignedBlock<float> inside, int count, AlignedBlock<float> outside) => basis.Value.Leave(kernels, inside, count, outside);

    private nint Turn(int block)
    {
        int first = block * BlockRows, count = Math.Min(BlockRows, rowCount - first);
        var turned = new AlignedBlock<float>(count * Size);
        fixed (float* all = factors.Span, rows = turned)
            basis.Value.Enter(kernels, all + (nint)first * width, count, rows);
        fixed (float* rows = Interlocked.CompareExchange(ref blocks[block], turned, null) ?? turned)
        {
            Volatile.Write(ref firsts[block], (nint)rows);
            return (nint)rows;
        }
    }
}

/// <summary>That a <c>fixed</c> statement over <see cref="TurnedRows"/> holds them; there is nothing to read.</summary>
internal readonly struct HeldRows;
