using System.Runtime.CompilerServices;

namespace OrleansRec.Model;

/// <summary>A row's update of a matrix so small that rows of factors go from where they lie straight into the multipliers: A += Σ d·y·yᵀ, b += Σ t·y.</summary>
/// <remarks>
/// Up to <see cref="SizeMax"/> factors, copying rows into a panel costs as much as multiplying them. Sixteen lanes come with 32 registers: all of a matrix of
/// sixteen rows is summed in one pass. Fewer lanes take eight rows of one vector at a time.
/// </remarks>
internal static unsafe class StreamedProduct<TRung, V>
    where TRung : struct, IVectorRung<float, V>
    where V : struct
{
    /// <summary>The most factors, and the lanes of the widest rung.</summary>
    public const int SizeMax = 16;

    private const int TileRows = 8;

    /// <summary>How many pairs ahead the factors are asked for: of sixteen floats each, one cache line.</summary>
    private const int PrefetchDistance = 24;

    /// <summary>target = source + Σ d·y·yᵀ on the upper triangle, right += Σ t·y.</summary>
    public static void Add(in StreamedRows rows, float* source, float* target, int stride, float* right, int size)
    {
        int lanes = TRung.Lanes;
        if (lanes == SizeMax)
        {
            Tile16(rows, source, target, stride, right);
            return;
        }
        for (int i = 0; i < size; i += TileRows)
            for (int j = i / lanes * lanes; j < size; j += lanes)
                Tile8(rows, i, j, source, target, stride, i == 0 ? right + j : null);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile16(in StreamedRows rows, float* source, float* target, int stride, float* right)
    {
        float* others = rows.Others, excess = rows.Excess, weight = rows.Targets;
        int* columns = rows.Columns;
        int count = rows.Count, last = rows.Ahead - 1;
        nint width = rows.Width;
        V b = TRung.Load(right);
        V a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        V a8 = default, a9 = default, a10 = default, a11 = default, a12 = default, a13 = default, a14 = default, a15 = default;
        for (int p = 0; p < count; p++)
        {
            CacheLines.Prefetch(others + columns[Math.Min(p + PrefetchDistance, last)] * width);
            float* y = others + columns[p] * width;
            V v = TRung.Load(y);
            b = TRung.MultiplyAdd(TRung.Broadcast(weight[p]), v, b);
            v = TRung.Multiply(TRung.Broadcast(excess[p]), v);
            a0 = TRung.MultiplyAdd(TRung.Broadcast(y[0]), v, a0);
            a1 = TRung.MultiplyAdd(TRung.Broadcast(y[1]), v, a1);
            a2 = TRung.MultiplyAdd(TRung.Broadcast(y[2]), v, a2);
            a3 = TRung.MultiplyAdd(TRung.Broadcast(y[3]), v, a3);
            a4 = TRung.MultiplyAdd(TRung.Broadcast(y[4]), v, a4);
            a5 = TRung.MultiplyAdd(TRung.Broadcast(y[5]), v, a5);
            a6 = TRung.MultiplyAdd(TRung.Broadcast(y[6]), v, a6);
            a7 = TRung.MultiplyAdd(TRung.Broadcast(y[7]), v, a7);
            a8 = TRung.MultiplyAdd(TRung.Broadcast(y[8]), v, a8);
            a9 = TRung.MultiplyAdd(TRung.Broadcast(y[9]), v, a9);
            a10 = TRung.MultiplyAdd(TRung.Broadcast(y[10]), v, a10);
            a11 = TRung.MultiplyAdd(TRung.Broadcast(y[11]), v, a11);
            a12 = TRung.MultiplyAdd(TRung.Broadcast(y[12]), v, a12);
            a13 = TRung.MultiplyAdd(TRung.Broadcast(y[13]), v, a13);
            a14 = TRung.MultiplyAdd(TRung.Broadcast(y[14]), v, a14);
            a15 = TRung.MultiplyAdd(TRung.Broadcast(y[15]), v, a15);
        }
        TRung.Store(b, right);
        Put(a0, a1, a2, a3, source, target, stride);
        Put(a4, a5, a6, a7, source + 4 * stride, target + 4 * stride, stride);
        Put(a8, a9, a10, a11, source + 8 * stride, target + 8 * stride, stride);
        Put(a12, a13, a14, a15, source + 12 * stride, target + 12 * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8(in StreamedRows rows, int i, int j, float* source, float* target, int stride, float* right)
    {
        float* others = rows.Others, excess = rows.Excess, weight = rows.Targets;
        int* columns = rows.Columns;
        int count = rows.Count, last = rows.Ahead - 1;
        nint width = rows.Width;
        V b = default, a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        for (int p = 0; p < count; p++)
        {
            CacheLines.Prefetch(others + columns[Math.Min(p + PrefetchDistance, last)] * width);
            float* y = others + columns[p] * width;
            V v = TRung.Load(y + j);
            y += i;
            b = TRung.MultiplyAdd(TRung.Broadcast(weight[p]), v, b);
            v = TRung.Multiply(TRung.Broadcast(excess[p]), v);
            a0 = TRung.MultiplyAdd(TRung.Broadcast(y[0]), v, a0);
            a1 = TRung.MultiplyAdd(TRung.Broadcast(y[1]), v, a1);
            a2 = TRung.MultiplyAdd(TRung.Broadcast(y[2]), v, a2);
            a3 = TRung.MultiplyAdd(TRung.Broadcast(y[3]), v, a3);
            a4 = TRung.MultiplyAdd(TRung.Broadcast(y[4]), v, a4);
            a5 = TRung.MultiplyAdd(TRung.Broadcast(y[5]), v, a5);
            a6 = TRung.MultiplyAdd(TRung.Broadcast(y[6]), v, a6);
            a7 = TRung.MultiplyAdd(TRung.Broadcast(y[7]), v, a7);
        }
        if (right is not null)
            TRung.Store(TRung.Add(TRung.Load(right), b), right);
        source += (i * stride) + j;
        target += i * stride + j;
        Put(a0, a1, a2, a3, source, target, stride);
        Put(a4, a5, a6, a7, source + 4 * stride, target + 4 * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V a0, V a1, V a2, V a3, float* source, float* target, int stride)
    {
        TRung.Store(TRung.Add(TRung.Load(source), a0), target);
        TRung.Store(TRung.Add(TRung.Load(source + stride), a1), target + stride);
        TRung.Store(TRung.Add(TRung.Load(source + 2 * stride), a2), target + 2 * stride);
        TRung.Store(TRung.Add(TRung.Load(source + 3 * stride), a3), target + 3 * stride);
    }
}

/// <summary>Pairs whose factors are read where they lie.</summary>
internal readonly unsafe ref struct StreamedRows
{
    /// <summary>Row-major, shape (N, Width).</summary>
    public required float* Others { get; init; }

    /// <summary>Row of each pair; <see cref="Ahead"/> of them can be read.</summary>
    public required int* Columns { get; init; }

    /// <summary>How many pairs.</summary>
    public required int Count { get; init; }

    /// <summary>At least <see cref="Count"/>.</summary>
    public required int Ahead { get; init; }

    /// <summary>Floats in a row.</summary>
    public required int Width { get; init; }

    /// <summary>d of each pair.</summary>
    public required float* Excess { get; init; }

    /// <summary>t of each pair.</summary>
    public required float* Targets { get; init; }
}
