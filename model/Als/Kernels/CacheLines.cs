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

/// <summary>Rows that the next panel will hold; none by default.</summary>
/// <param name="others">Row-major, shape (N, width).</param>
/// <param name="columns">Which rows, shape (count).</param>
/// <param name="count">How many.</param>
/// <param name="width">Floats in a row.</param>
internal readonly unsafe struct NextRows(float* others, int* columns, int count, int width)
{
    /// <summary>Asks for those between two parts of a whole, such as the tiles of a matrix done and to be done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int from, int to, int whole)
    {
        for (int n = from * count / whole, end = to * count / whole; n < end; n++)
            CacheLines.Prefetch(others + (nint)columns[n] * width, width);
    }
}
