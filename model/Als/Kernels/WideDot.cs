using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansRec.Model;

/// <summary>Σ a·b of floats, summed in double; products of floats are exact in double, so fused or not makes no difference.</summary>
/// <remarks>Two accumulators of four lanes at every width of the machine, for four rows as for one, so that a product has the same bits everywhere.</remarks>
internal static unsafe class WideDot
{
    /// <summary>The product of two vectors of one length.</summary>
    public static double Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        fixed (float* pa = a, pb = b)
        {
            int i = 0;
            Vector256<double> low = default, high = default;
            for (; i + 8 <= a.Length; i += 8)
            {
                low = MultiplyAdd(Widen(pa + i), Widen(pb + i), low);
                high = MultiplyAdd(Widen(pa + i + 4), Widen(pb + i + 4), high);
            }
            double sum = Sum(low + high);
            for (; i < a.Length; i++)
                sum += (double)pa[i] * pb[i];
            return sum;
        }
    }

    /// <summary>products[p] = row p · x for four rows; x is widened already.</summary>
    public static void OfFour(double* x, float* r0, float* r1, float* r2, float* r3, int length, double* products)
    {
        int i = 0;
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (; i + 8 <= length; i += 8)
        {
            Vector256<double> x0 = Vector256.Load(x + i), x1 = Vector256.Load(x + i + 4);
            a0 = MultiplyAdd(x0, Widen(r0 + i), a0);
            a1 = MultiplyAdd(x1, Widen(r0 + i + 4), a1);
            b0 = MultiplyAdd(x0, Widen(r1 + i), b0);
            b1 = MultiplyAdd(x1, Widen(r1 + i + 4), b1);
            c0 = MultiplyAdd(x0, Widen(r2 + i), c0);
            c1 = MultiplyAdd(x1, Widen(r2 + i + 4), c1);
            d0 = MultiplyAdd(x0, Widen(r3 + i), d0);
            d1 = MultiplyAdd(x1, Widen(r3 + i + 4), d1);
        }
        double s0 = Sum(a0 + a1), s1 = Sum(b0 + b1), s2 = Sum(c0 + c1), s3 = Sum(d0 + d1);
        for (; i < length; i++)
        {
            s0 += x[i] * r0[i];
            s1 += x[i] * r1[i];
            s2 += x[i] * r2[i];
            s3 += x[i] * r3[i];
        }
        (products[0], products[1], products[2], products[3]) = (s0, s1, s2, s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen(float* four) => Vector256.WidenLower(Vector128.Load(four).ToVector256Unsafe());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(Vector256<double> value)
    {
        var half = value.GetLower() + value.GetUpper();
        return half[0] + half[1];
    }
}
