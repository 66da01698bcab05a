using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansRec.Model;

/// <summary>Asks for memory that will be read soon: the factors of a large side lie far from the core.</summary>
internal static unsafe class CacheLines
{
    private const int LineFloats = 16;

    /// <summary>Asks for one line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* line)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(line);
    }

    /// <summary>Asks for a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* row, int width)
    {
        if (!Sse.IsSupported)
            return;
        for (int offset = 0; offset < width; offset += LineFloats)
            Sse.Prefetch0(row + offset);
    }
}
