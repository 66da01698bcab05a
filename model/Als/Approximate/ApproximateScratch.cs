using System.Runtime.InteropServices;

namespace OrleansRec.Model;

/// <summary>Buffers of one thread that solves rows in an eigenbasis.</summary>
internal sealed class ApproximateScratch(int size)
{
    /// <summary>Rows that leave the basis together.</summary>
    public const int LeavingMax = 64;

    private readonly List<ConjugateGradientRow> states = [];
    private float[] values = [];
    private PackedPairs? packed;
    private SharedPairs? shared;
    private SubspaceScratch? subspace;

    /// <summary>A row's values as floats, where they are kept smaller.</summary>
    public ref float[] Values => ref values;

    /// <summary>The padded width that the buffers are made for.</summary>
    public int Size => size;

    public PackedPairs Packed => packed ??= new(size);

    public SharedPairs Shared => shared ??= new();

    public SubspaceScratch Subspace => subspace ??= new();

    /// <summary>Which rows leave the basis.</summary>
    public int[] Leaving { get; } = new int[LeavingMax];

    /// <summary>Those rows in the basis, shape (<see cref="LeavingMax"/>, size).</summary>
    public AlignedBlock<float> Inside { get; } = new(LeavingMax * size);

    /// <summary>And out of it.</summary>
    public AlignedBlock<float> Outside { get; } = new(LeavingMax * size);

    /// <summary>The states of <paramref name="count"/> rows.</summary>
    public ReadOnlySpan<ConjugateGradientRow> InStep(int count)
    {
        while (states.Count < count)
            states.Add(new(size));
        return CollectionsMarshal.AsSpan(states)[..count];
    }
}
