using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrleansRec.Model;

/// <summary>A = UᵀU for matrices that fit in cache, four rows at a time, left-looking.</summary>
/// <remarks>
/// Rows i … i + 3 of U first take off what the rows above contribute, which is the same product as the rank-n update with U's own rows as the panel; what
/// remains is a 4 × 4 factorisation and one pass over the four rows. Cost k³/3 + O(k²), nearly all of it in the tile kernel.
/// </remarks>
internal static unsafe class Cholesky<TRung, T, V>
    where TRung : struct, IVectorRung<T, V>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
{
    private const int BlockRows = OuterProduct<TRung, T, V>.TileRows;

    /// <summary>Factorises in place; false where a pivot is not positive.</summary>
    public static bool Factorise(T* a, int stride, T* inverse, int size)
    {
        for (int i = 0; i < size; i += BlockRows)
        {
            if (i > 0)
                OuterProduct<TRung, T, V>.AddRows<DenseKernels<TRung, T, V>.SubtractProduct>(a, stride, i, i, a, stride, a, stride, size);
            if (!FinishRows(a + (nint)i * stride, stride, inverse + i, i, size))
                return false;
        }
        return true;
    }

    /// <summary>x = (UᵀU)⁻¹b; b is used up.</summary>
    public static void Solve(T* u, int stride, T* inverse, T* b, T* x, int size)
    {
        for (int i = 0; i < size; i += BlockRows)
            Forward(u + (nint)i * stride, stride, inverse + i, b, i, size);
        new Span<T>(x, size).Clear();
        for (int i = size - BlockRows; i >= 0; i -= BlockRows)
            Backward(u + (nint)i * stride, stride, inverse + i, b, x, i, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool FinishRows(T* rows, int stride, T* inverse, int i, int size)
    {
        T* r0 = rows, r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride;
        // The negated form also refuses NaN.
        if (!(r0[i] > T.Zero))
            return false;
        T i0 = T.One / T.Sqrt(r0[i]);
        T u01 = r0[i + 1] * i0, u02 = r0[i + 2] * i0, u03 = r0[i + 3] * i0;
        T d1 = r1[i + 1] - u01 * u01;
        if (!(d1 > T.Zero))
            return false;
        T i1 = T.One / T.Sqrt(d1);
        T u12 = (r1[i + 2] - u01 * u02) * i1, u13 = (r1[i + 3] - u01 * u03) * i1;
        T d2 = r2[i + 2] - u02 * u02 - u12 * u12;
        if (!(d2 > T.Zero))
            return false;
        T i2 = T.One / T.Sqrt(d2);
        T u23 = (r2[i + 3] - u02 * u03 - u12 * u13) * i2;
        T d3 = r3[i + 3] - u03 * u03 - u13 * u13 - u23 * u23;
        if (!(d3 > T.Zero))
            return false;
        T i3 = T.One / T.Sqrt(d3);

        V s0 = TRung.Broadcast(i0), s1 = TRung.Broadcast(i1), s2 = TRung.Broadcast(i2), s3 = TRung.Broadcast(i3);
        V m01 = TRung.Broadcast(-u01), m02 = TRung.Broadcast(-u02), m03 = TRung.Broadcast(-u03);
        V m12 = TRung.Broadcast(-u12), m13 = TRung.Broadcast(-u13), m23 = TRung.Broadcast(-u23);
        int lanes = TRung.Lanes, first = i / lanes * lanes;
        for (int j = first; j < size; j += lanes)
        {
            V v0 = TRung.Multiply(TRung.Load(r0 + j), s0);
            V v1 = TRung.Multiply(TRung.MultiplyAdd(m01, v0, TRung.Load(r1 + j)), s1);
            V v2 = TRung.Multiply(TRung.MultiplyAdd(m12, v1, TRung.MultiplyAdd(m02, v0, TRung.Load(r2 + j))), s2);
            V v3 = TRung.MultiplyAdd(m23, v2, TRung.MultiplyAdd(m13, v1, TRung.MultiplyAdd(m03, v0, TRung.Load(r3 + j))));
            TRung.Store(v0, r0 + j);
            TRung.Store(v1, r1 + j);
            TRung.Store(v2, r2 + j);
            TRung.Store(TRung.Multiply(v3, s3), r3 + j);
        }
        // Left of the diagonal the vector that holds it carries leftovers; zeros let every later loop run over whole vectors.
        for (int q = 0; q < BlockRows; q++)
            new Span<T>(rows + (nint)q * stride + first, i + q - first).Clear();
        (inverse[0], inverse[1], inverse[2], inverse[3]) = (i0, i1, i2, i3);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward(T* rows, int stride, T* inverse, T* b, int i, int size)
    {
        T* r0 = rows, r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride;
        T z0 = b[i] * inverse[0];
        T z1 = (b[i + 1] - r0[i + 1] * z0) * inverse[1];
        T z2 = (b[i + 2] - r0[i + 2] * z0 - r1[i + 2] * z1) * inverse[2];
        T z3 = (b[i + 3] - r0[i + 3] * z0 - r1[i + 3] * z1 - r2[i + 3] * z2) * inverse[3];
        V m0 = TRung.Broadcast(-z0), m1 = TRung.Broadcast(-z1), m2 = TRung.Broadcast(-z2), m3 = TRung.Broadcast(-z3);
        int lanes = TRung.Lanes;
        for (int j = i / lanes * lanes; j < size; j += lanes)
        {
            V v = TRung.MultiplyAdd(m0, TRung.Load(r0 + j), TRung.Load(b + j));
            V t = TRung.Multiply(m2, TRung.Load(r2 + j));
            v = TRung.MultiplyAdd(m1, TRung.Load(r1 + j), v);
            t = TRung.MultiplyAdd(m3, TRung.Load(r3 + j), t);
            TRung.Store(TRung.Add(v, t), b + j);
        }
        // The loop also ran over these four, whose place now takes the solution.
        (b[i], b[i + 1], b[i + 2], b[i + 3]) = (z0, z1, z2, z3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward(T* rows, int stride, T* inverse, T* z, T* x, int i, int size)
    {
        T* r0 = rows, r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride;
        V s0 = default, s1 = default, s2 = default, s3 = default;
        int lanes = TRung.Lanes;
        // x is still zero up to i + 3, so what the first vector holds of this block adds nothing.
        for (int j = i / lanes * lanes; j < size; j += lanes)
        {
            V v = TRung.Load(x + j);
            s0 = TRung.MultiplyAdd(v, TRung.Load(r0 + j), s0);
            s1 = TRung.MultiplyAdd(v, TRung.Load(r1 + j), s1);
            s2 = TRung.MultiplyAdd(v, TRung.Load(r2 + j), s2);
            s3 = TRung.MultiplyAdd(v, TRung.Load(r3 + j), s3);
        }
        T x3 = (z[i + 3] - TRung.Sum(s3)) * inverse[3];
        T x2 = (z[i + 2] - TRung.Sum(s2) - r2[i + 3] * x3) * inverse[2];
        T x1 = (z[i + 1] - TRung.Sum(s1) - r1[i + 3] * x3 - r1[i + 2] * x2) * inverse[1];
        T x0 = (z[i] - TRung.Sum(s0) - r0[i + 3] * x3 - r0[i + 2] * x2 - r0[i + 1] * x1) * inverse[0];
        (x[i], x[i + 1], x[i + 2], x[i + 3]) = (x0, x1, x2, x3);
    }
}
