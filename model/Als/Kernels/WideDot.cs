using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansRec.Model;

/// <summary>Σ a·b of floats, summed in double; products of floats are exact in double.</summary>
internal static class WideDot
{
    /// <summary>The product of two vectors of one length.</summary>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float ra = ref MemoryMarshal.GetReference(a);
        ref float rb = ref MemoryMarshal.GetReference(b);
        // Two accumulators of four lanes at every width, so that the sum does not depend on the machine.
        var low = Vector256<double>.Zero;
        var high = Vector256<double>.Zero;
        int i = 0;
        for (; i + 8 <= a.Length; i += 8)
        {
            var (a0, a1) = Vector256.Widen(Vector256.LoadUnsafe(ref ra, (nuint)i));
            var (b0, b1) = Vector256.Widen(Vector256.LoadUnsafe(ref rb, (nuint)i));
            low += a0 * b0;
            high += a1 * b1;
        }
        low += high;
        var half = low.GetLower() + low.GetUpper();
        double sum = half[0] + half[1];
        for (; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}
