using System.Runtime.CompilerServices;

namespace OrleansRec.Model;

/// <summary>A zeroed block that does not move and begins on a cache line.</summary>
internal sealed unsafe class AlignedBlock<T>
    where T : unmanaged
{
    private const int LineBytes = 64;
    private readonly T[] pinned;

    public AlignedBlock(int length)
    {
        Length = length;
        pinned = GC.AllocateArray<T>(length + LineBytes / sizeof(T), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        Pointer = (T*)((address + (LineBytes - 1)) & ~(nuint)(LineBytes - 1));
    }

    /// <summary>Valid while this object is reachable.</summary>
    public T* Pointer { get; }

    public int Length { get; }

    public Span<T> Span => new(Pointer, Length);
}
