using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansRec.Model;

/// <summary>One row on its way into a panel.</summary>
/// <remarks>A row that is no whole number of vectors ends with a vector that overlaps the one before it, so that nothing beyond the row is read or written.</remarks>
internal static unsafe class PanelRow<TRung, T, V>
    where TRung : struct, IVectorRung<T, V>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>target = scale · source, over <paramref name="width"/> entries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scale(float* source, int width, T scale, T* target)
    {
        if (typeof(T) == typeof(double))
        {
            Widen(source, width, double.CreateTruncating(scale), (double*)target);
            return;
        }
        int lanes = TRung.Lanes;
        if (width < lanes)
        {
            Short(source, width, float.CreateTruncating(scale), (float*)target);
            return;
        }
        V factor = TRung.Broadcast(scale);
        int j = 0;
        for (; j + lanes <= width; j += lanes)
            TRung.Store(TRung.Multiply(factor, TRung.Load((T*)source + j)), target + j);
        if (j < width)
            TRung.Store(TRung.Multiply(factor, TRung.Load((T*)source + width - lanes)), target + width - lanes);
    }

    private static void Short(float* source, int width, float scale, float* target)
    {
        if (width >= 8)
        {
            (Vector256.Load(source) * scale).Store(target);
            (Vector256.Load(source + width - 8) * scale).Store(target + width - 8);
        }
        else if (width >= 4)
        {
            (Vector128.Load(source) * scale).Store(target);
            (Vector128.Load(source + width - 4) * scale).Store(target + width - 4);
        }
        else
            for (int j = 0; j < width; j++)
                target[j] = source[j] * scale;
    }

    private static void Widen(float* source, int width, double scale, double* target)
    {
        int j = 0;
        for (; j + 4 <= width; j += 4)
            (Vector256.WidenLower(Vector128.Load(source + j).ToVector256Unsafe()) * scale).Store(target + j);
        for (; j < width; j++)
            target[j] = source[j] * scale;
    }
}
