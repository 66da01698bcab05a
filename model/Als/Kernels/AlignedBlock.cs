using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansRec.Model;

/// <summary>A zeroed block that does not move and begins on a cache line.</summary>
/// <remarks>
/// One rule: a pointer into a block lives in a <c>fixed</c> statement over the block, <c>fixed (float* x = block)</c>. For as long as the statement runs, its reference keeps
/// the memory, even if nothing else refers to the block; the compiler gives no pointer without it. So classes hand out blocks, spans and row numbers, and never a pointer that
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
        int marginBytes = BlockMargins.Lines * LineBytes;
        _pinned = GC.AllocateArray<T>(length + (LineBytes + 2 * marginBytes) / sizeof(T), pinned: true);
        // The array is pinned: its address holds beyond the statement for as long as this object refers to it.
        fixed (T* start = _pinned)
            _first = (T*)((((nuint)start + (LineBytes - 1)) & ~(nuint)(LineBytes - 1)) + (nuint)marginBytes);
        BlockMargins.Made?.Invoke(_pinned, Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(_pinned), ref GetPinnableReference()), (nint)length * sizeof(T));
    }

    public int Length { get; }

    /// <summary>The entries; the span keeps the memory too.</summary>
    public Span<T> Span => MemoryMarshal.CreateSpan(ref GetPinnableReference(), Length);

    /// <summary>The first entry, for <c>fixed</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T GetPinnableReference()
    {
        // Not by way of the array: its header is on another cache line, which is far away when blocks are many.
        ref T first = ref Unsafe.AsRef<T>(_first);
        // From here on the collector finds the array through the reference; until then it needs this object.
#pragma warning disable RS0030 // The one place: every other pointer comes from here.
        GC.KeepAlive(this);
#pragma warning restore RS0030
        return ref first;
    }
}

/// <summary>What lies around blocks, for tests: a kernel that writes beyond a block writes there.</summary>
internal static class BlockMargins
{
    /// <summary>Cache lines before and behind each block made from now on.</summary>
    public static int Lines { get; set; }

    /// <summary>Told of each block made from now on: the array that it lies in, and of the block itself where it begins and its length, in bytes.</summary>
    public static Action<Array, nint, nint>? Made { get; set; }
}
