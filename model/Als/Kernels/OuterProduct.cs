using System.Runtime.CompilerServices;

namespace OrleansRec.Model;

/// <summary>Whether a product is added or subtracted.</summary>
internal interface IProductSign<TRung, T, V>
    where TRung : struct, IVectorRung<T, V>
    where T : unmanaged
    where V : struct
{
    static abstract V Apply(V source, V product);
}

/// <summary>The symmetric rank-n update, in tiles of 4 rows × 1 to 3 vectors that stay in registers while the panel passes.</summary>
/// <remarks>
/// 4 × 3 accumulators, 3 vectors of the panel and 1 broadcast fill the 16 registers of AVX2. A tile begins at the vector that holds the diagonal, so up to
/// Lanes − 1 entries left of the diagonal are computed too; nobody reads them.
/// </remarks>
internal static unsafe class OuterProduct<TRung, T, V>
    where TRung : struct, IVectorRung<T, V>
    where T : unmanaged
    where V : struct
{
    /// <summary>Rows of a tile.</summary>
    public const int TileRows = 4;

    /// <summary>Rows i … i + 3 of target = source ± PᵀP, from the diagonal on; strides are distances between rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRows<TSign>(T* panel, int panelStride, int count, int i, T* source, int sourceStride, T* target, int stride, int size)
        where TSign : struct, IProductSign<TRung, T, V>
    {
        int lanes = TRung.Lanes;
        int j = i / lanes * lanes;
        int vectors = (size - j) / lanes;
        source += (nint)i * sourceStride;
        target += (nint)i * stride;
        while (vectors > 0)
        {
            // Four left are two and two: a tile of one vector would leave the multipliers waiting for each other.
            int take = vectors == 4 ? 2 : Math.Min(vectors, 3);
            if (take == 3)
                Tile3<TSign>(panel + i, panel + j, panelStride, count, source + j, sourceStride, target + j, stride);
            else if (take == 2)
                Tile2<TSign>(panel + i, panel + j, panelStride, count, source + j, sourceStride, target + j, stride);
            else
                Tile1<TSign>(panel + i, panel + j, panelStride, count, source + j, sourceStride, target + j, stride);
            j += take * lanes;
            vectors -= take;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile3<TSign>(T* left, T* right, int panelStride, int count, T* source, int sourceStride, T* target, int stride)
        where TSign : struct, IProductSign<TRung, T, V>
    {
        int lanes = TRung.Lanes;
        V a00 = default, a01 = default, a02 = default, a10 = default, a11 = default, a12 = default;
        V a20 = default, a21 = default, a22 = default, a30 = default, a31 = default, a32 = default;
        for (int p = 0; p < count; p++)
        {
            V v0 = TRung.Load(right), v1 = TRung.Load(right + lanes), v2 = TRung.Load(right + 2 * lanes);
            V w = TRung.Broadcast(left[0]);
            a00 = TRung.MultiplyAdd(w, v0, a00);
            a01 = TRung.MultiplyAdd(w, v1, a01);
            a02 = TRung.MultiplyAdd(w, v2, a02);
            w = TRung.Broadcast(left[1]);
            a10 = TRung.MultiplyAdd(w, v0, a10);
            a11 = TRung.MultiplyAdd(w, v1, a11);
            a12 = TRung.MultiplyAdd(w, v2, a12);
            w = TRung.Broadcast(left[2]);
            a20 = TRung.MultiplyAdd(w, v0, a20);
            a21 = TRung.MultiplyAdd(w, v1, a21);
            a22 = TRung.MultiplyAdd(w, v2, a22);
            w = TRung.Broadcast(left[3]);
            a30 = TRung.MultiplyAdd(w, v0, a30);
            a31 = TRung.MultiplyAdd(w, v1, a31);
            a32 = TRung.MultiplyAdd(w, v2, a32);
            left += panelStride;
            right += panelStride;
        }
        Put<TSign>(a00, source, target);
        Put<TSign>(a01, source + lanes, target + lanes);
        Put<TSign>(a02, source + 2 * lanes, target + 2 * lanes);
        Put<TSign>(a10, source + sourceStride, target + stride);
        Put<TSign>(a11, source + sourceStride + lanes, target + stride + lanes);
        Put<TSign>(a12, source + sourceStride + 2 * lanes, target + stride + 2 * lanes);
        Put<TSign>(a20, source + 2 * sourceStride, target + 2 * stride);
        Put<TSign>(a21, source + 2 * sourceStride + lanes, target + 2 * stride + lanes);
        Put<TSign>(a22, source + 2 * sourceStride + 2 * lanes, target + 2 * stride + 2 * lanes);
        Put<TSign>(a30, source + 3 * sourceStride, target + 3 * stride);
        Put<TSign>(a31, source + 3 * sourceStride + lanes, target + 3 * stride + lanes);
        Put<TSign>(a32, source + 3 * sourceStride + 2 * lanes, target + 3 * stride + 2 * lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2<TSign>(T* left, T* right, int panelStride, int count, T* source, int sourceStride, T* target, int stride)
        where TSign : struct, IProductSign<TRung, T, V>
    {
        int lanes = TRung.Lanes;
        V a00 = default, a01 = default, a10 = default, a11 = default, a20 = default, a21 = default, a30 = default, a31 = default;
        for (int p = 0; p < count; p++)
        {
            V v0 = TRung.Load(right), v1 = TRung.Load(right + lanes);
            V w = TRung.Broadcast(left[0]);
            a00 = TRung.MultiplyAdd(w, v0, a00);
            a01 = TRung.MultiplyAdd(w, v1, a01);
            w = TRung.Broadcast(left[1]);
            a10 = TRung.MultiplyAdd(w, v0, a10);
            a11 = TRung.MultiplyAdd(w, v1, a11);
            w = TRung.Broadcast(left[2]);
            a20 = TRung.MultiplyAdd(w, v0, a20);
            a21 = TRung.MultiplyAdd(w, v1, a21);
            w = TRung.Broadcast(left[3]);
            a30 = TRung.MultiplyAdd(w, v0, a30);
            a31 = TRung.MultiplyAdd(w, v1, a31);
            left += panelStride;
            right += panelStride;
        }
        Put<TSign>(a00, source, target);
        Put<TSign>(a01, source + lanes, target + lanes);
        Put<TSign>(a10, source + sourceStride, target + stride);
        Put<TSign>(a11, source + sourceStride + lanes, target + stride + lanes);
        Put<TSign>(a20, source + 2 * sourceStride, target + 2 * stride);
        Put<TSign>(a21, source + 2 * sourceStride + lanes, target + 2 * stride + lanes);
        Put<TSign>(a30, source + 3 * sourceStride, target + 3 * stride);
        Put<TSign>(a31, source + 3 * sourceStride + lanes, target + 3 * stride + lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1<TSign>(T* left, T* right, int panelStride, int count, T* source, int sourceStride, T* target, int stride)
        where TSign : struct, IProductSign<TRung, T, V>
    {
        V a0 = default, a1 = default, a2 = default, a3 = default;
        for (int p = 0; p < count; p++)
        {
            V v = TRung.Load(right);
            a0 = TRung.MultiplyAdd(TRung.Broadcast(left[0]), v, a0);
            a1 = TRung.MultiplyAdd(TRung.Broadcast(left[1]), v, a1);
            a2 = TRung.MultiplyAdd(TRung.Broadcast(left[2]), v, a2);
            a3 = TRung.MultiplyAdd(TRung.Broadcast(left[3]), v, a3);
            left += panelStride;
            right += panelStride;
        }
        Put<TSign>(a0, source, target);
        Put<TSign>(a1, source + sourceStride, target + stride);
        Put<TSign>(a2, source + 2 * sourceStride, target + 2 * stride);
        Put<TSign>(a3, source + 3 * sourceStride, target + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TSign>(V product, T* source, T* target)
        where TSign : struct, IProductSign<TRung, T, V> => TRung.Store(TSign.Apply(TRung.Load(source), product), target);
}
