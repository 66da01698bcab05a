using System.Runtime.InteropServices;

namespace OrleansRec.Model;

/// <summary>Buffers of one thread that solves rows in an eigenbasis.</summary>
internal sealed class ApproximateScratch(int size)
{
    private readonly List<ConjugateGradientRow> states = [];
    private float[] values = [];
    private int[] columns = [];
    private PackedPairs? packed;
    private SharedPairs? shared;
    private SubspaceScratch? subspace;

    /// <summary>A row's values as floats, where they are kept smaller.</summary>
    public ref float[] Values => ref values;

    /// <summary>A row's columns as whole numbers, where they are kept smaller.</summary>
    public ref int[] Columns => ref columns;

    /// <summary>The padded width that the buffers are made for.</summary>
    public int Size => size;

    public PackedPairs Packed => packed ??= new(size);

    public SharedPairs Shared => shared ??= new();

    public SubspaceScratch Subspace => subspace ??= new();

    public LeavingScratch Leaving { get; } = new(size);

    /// <summary>The states of <paramref name="count"/> rows.</summary>
    public ReadOnlySpan<ConjugateGradientRow> InStep(int count)
    {
        while (states.Count < count)
            states.Add(new(size));
        return CollectionsMarshal.AsSpan(states)[..count];
    }
}
