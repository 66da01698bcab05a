using System.Runtime.CompilerServices;

namespace OrleansRec.Model.Sequence.Kernels;

/// <content>Products: a packed panel of two vectors a row stays in the first-level cache while all rows of A pass by, four at a time.</content>
internal sealed unsafe partial class NetworkKernels<TRung, T, V>
{
    private const int TileRows = 4;

    /// <summary>Terms summed in registers before they meet C: 128 rows of a panel fill half of a first-level cache.</summary>
    private const int DepthMax = 128;

    public override void Pack(T* source, nint rowStride, nint columnStride, int depth, int columns, T* packed)
    {
        int width = PanelColumns;
        for (int j = 0; j < columns; j += width, packed += depth * width, source += width * columnStride)
        {
            int count = Math.Min(width, columns - j);
            if (columnStride == 1)
                for (int p = 0; p < depth; p++)
                {
                    T* row = packed + p * width;
                    new ReadOnlySpan<T>(source + p * rowStride, count).CopyTo(new Span<T>(row, count));
                    new Span<T>(row + count, width - count).Clear();
                }
            else
                PackTransposed(source, rowStride, columnStride, depth, count, packed, width);
        }
    }

    public override void Multiply(T* a, nint rowStride, nint stepStride, int rows, T* packed, int depth, int columns, T* c, nint cStride, bool adds)
    {
        int width = PanelColumns;
        if (depth == 0 && !adds)
            for (int i = 0; i < rows; i++)
                new Span<T>(c + i * cStride, columns).Clear();
        for (int j = 0; j < columns; j += width, packed += depth * width)
            for (int p = 0; p < depth; p += DepthMax)
                MultiplyPanel(
                    a + p * stepStride, rowStride, stepStride, rows, packed + p * width, Math.Min(DepthMax, depth - p), c + j, cStride, Math.Min(width, columns - j), adds || p > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackTransposed(T* source, nint rowStride, nint columnStride, int depth, int count, T* packed, int width)
    {
        for (int j = 0; j < width; j++, source += columnStride)
        {
            T* target = packed + j;
            for (int p = 0; p < depth; p++, target += width)
                *target = j < count ? source[p * rowStride] : T.Zero;
        }
    }

    private static void MultiplyPanel(T* a, nint rowStride, nint stepStride, int rows, T* panel, int depth, T* c, nint cStride, int columns, bool adds)
    {
        int lanes = TRung.Lanes;
        T* edge = stackalloc T[TileRows * 2 * LanesMax];
        for (int i = 0; i < rows; i += TileRows, a += TileRows * rowStride, c += TileRows * cStride)
        {
            int count = Math.Min(TileRows, rows - i);
            bool isWhole = columns == 2 * lanes;
            T* target = isWhole ? c : edge;
            nint stride = isWhole ? cStride : 2 * lanes;
            bool addsHere = isWhole && adds;
            if (count == TileRows)
                Tile4(a, rowStride, stepStride, panel, depth, target, stride, addsHere);
            else
                for (int r = 0; r < count; r++)
                    Tile1(a + r * rowStride, stepStride, panel, depth, target + r * stride, addsHere);
            if (!isWhole)
                PutEdge(edge, 2 * lanes, count, columns, c, cStride, adds);
        }
    }

    private static void PutEdge(T* edge, int edgeStride, int rows, int columns, T* c, nint cStride, bool adds)
    {
        for (int r = 0; r < rows; r++, edge += edgeStride, c += cStride)
            for (int j = 0; j < columns; j++)
                c[j] = adds ? c[j] + edge[j] : edge[j];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4(T* a, nint rowStride, nint stepStride, T* panel, int depth, T* c, nint cStride, bool adds)
    {
        int lanes = TRung.Lanes;
        V a00 = default, a01 = default, a10 = default, a11 = default, a20 = default, a21 = default, a30 = default, a31 = default;
        T* x0 = a, x1 = a + rowStride, x2 = x1 + rowStride, x3 = x2 + rowStride;
        for (int p = 0; p < depth; p++, panel += 2 * lanes)
        {
            V b0 = TRung.Load(panel), b1 = TRung.Load(panel + lanes);
            V x = TRung.Broadcast(*x0);
            a00 = TRung.MultiplyAdd(x, b0, a00);
            a01 = TRung.MultiplyAdd(x, b1, a01);
            x = TRung.Broadcast(*x1);
            a10 = TRung.MultiplyAdd(x, b0, a10);
            a11 = TRung.MultiplyAdd(x, b1, a11);
            x = TRung.Broadcast(*x2);
            a20 = TRung.MultiplyAdd(x, b0, a20);
            a21 = TRung.MultiplyAdd(x, b1, a21);
            x = TRung.Broadcast(*x3);
            a30 = TRung.MultiplyAdd(x, b0, a30);
            a31 = TRung.MultiplyAdd(x, b1, a31);
            x0 += stepStride;
            x1 += stepStride;
            x2 += stepStride;
            x3 += stepStride;
        }
        Put(a00, a01, c, lanes, adds);
        Put(a10, a11, c + cStride, lanes, adds);
        Put(a20, a21, c + 2 * cStride, lanes, adds);
        Put(a30, a31, c + 3 * cStride, lanes, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(T* a, nint stepStride, T* panel, int depth, T* c, bool adds)
    {
        int lanes = TRung.Lanes;
        V a0 = default, a1 = default;
        for (int p = 0; p < depth; p++, panel += 2 * lanes, a += stepStride)
        {
            V x = TRung.Broadcast(*a);
            a0 = TRung.MultiplyAdd(x, TRung.Load(panel), a0);
            a1 = TRung.MultiplyAdd(x, TRung.Load(panel + lanes), a1);
        }
        Put(a0, a1, c, lanes, adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(V low, V high, T* c, int lanes, bool adds)
    {
        if (adds)
        {
            low = TRung.Add(TRung.Load(c), low);
            high = TRung.Add(TRung.Load(c + lanes), high);
        }
        TRung.Store(low, c);
        TRung.Store(high, c + lanes);
    }
}
