using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansRec.Model;

/// <summary>A zeroed block that does not move and begins on a cache line.</summary>
/// <remarks>
/// One rule: a pointer into a block lives in a <c>fixed</c> statement over the block, <c>fixed (float* x = block)</c>. For as long as the statement runs, its reference keeps
/// the memory, even if nothing else refers to the block; the compiler gives no pointer without it. So classes hand out blocks, spans and references, and never a pointer that
/// outlives the statement. A reference count, as a SafeHandle has, would add a try and a finally to every call and still leave the pointer readable after them.
/// </remarks>
internal sealed unsafe class AlignedBlock<T>
    where T : unmanaged
{
    private const int LineBytes = 64;
    private readonly T[] _pinned;
    private readonly T* _first;

    public AlignedBlock(int length)
    {
        Length = length;
        _pinned = GC.AllocateArray<T>(length + LineBytes / sizeof(T), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_pinned));
        _first = (T*)((address + (LineBytes - 1)) & ~(nuint)(LineBytes - 1));
    }

    public int Length { get; }

    /// <summary>The entries; the span keeps the memory too.</summary>
    public Span<T> Span => MemoryMarshal.CreateSpan(ref GetPinnableReference(), Length);

    /// <summary>The first entry, for <c>fixed</c>.</summary>
    public ref T GetPinnableReference()
    {
        // Not by way of the array: its header is on another cache line, which is far away when blocks are many.
        ref T first = ref Unsafe.AsRef<T>(_first);
        // From here on the collector finds the array through the reference; until then it needs this object.
        GC.KeepAlive(this);
        return ref first;
    }
}
