using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OrleansRec.Model;

/// <summary>The kernels over one rung.</summary>
internal sealed unsafe class DenseKernels<TRung, T, V>(string name) : DenseKernels<T>
    where TRung : struct, IVectorRung<T, V>
    where T : unmanaged, IFloatingPointIeee754<T>
    where V : struct
{
    private const int BlockRows = OuterProduct<TRung, T, V>.TileRows;

    private const int StreamedSize = StreamedProduct<ScalarRung<float>, float>.SizeMax;

    /// <summary>How far ahead rows are asked for.</summary>
    private const int PrefetchFloats = 512;

    public override string Name => name;

    public override int Multiple => Math.Max(BlockRows, TRung.Lanes);

    public override void AddOuter(T* panel, int panelStride, int rows, T* source, int sourceStride, T* target, int stride, int size, NextRows next)
    {
        for (int i = 0; i < size; i += BlockRows)
        {
            next.Prefetch(i, i + BlockRows, size);
            OuterProduct<TRung, T, V>.AddRows<AddProduct>(panel, panelStride, rows, i, source, sourceStride, target, stride, size);
        }
    }

    public override void SubtractOuter(T* panel, int panelStride, int rows, T* source, int sourceStride, T* target, int stride, int size)
    {
        for (int i = 0; i < size; i += BlockRows)
            OuterProduct<TRung, T, V>.AddRows<SubtractProduct>(panel, panelStride, rows, i, source, sourceStride, target, stride, size);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddCombination(T* panel, int panelStride, int rows, T* weights, T* sum, int size)
    {
        int lanes = TRung.Lanes, j = 0;
        for (; j + 4 * lanes <= size; j += 4 * lanes)
        {
            V s0 = TRung.Load(sum + j), s1 = TRung.Load(sum + j + lanes), s2 = TRung.Load(sum + j + 2 * lanes), s3 = TRung.Load(sum + j + 3 * lanes);
            T* row = panel + j;
            for (int p = 0; p < rows; p++, row += panelStride)
            {
                V w = TRung.Broadcast(weights[p]);
                s0 = TRung.MultiplyAdd(w, TRung.Load(row), s0);
                s1 = TRung.MultiplyAdd(w, TRung.Load(row + lanes), s1);
                s2 = TRung.MultiplyAdd(w, TRung.Load(row + 2 * lanes), s2);
                s3 = TRung.MultiplyAdd(w, TRung.Load(row + 3 * lanes), s3);
            }
            TRung.Store(s0, sum + j);
            TRung.Store(s1, sum + j + lanes);
            TRung.Store(s2, sum + j + 2 * lanes);
            TRung.Store(s3, sum + j + 3 * lanes);
        }
        for (; j < size; j += lanes)
        {
            V s = TRung.Load(sum + j);
            T* row = panel + j;
            for (int p = 0; p < rows; p++, row += panelStride)
                s = TRung.MultiplyAdd(TRung.Broadcast(weights[p]), TRung.Load(row), s);
            TRung.Store(s, sum + j);
        }
    }

    // One accumulator a row, whether four rows are taken together or one, so that a row's product has the same bits wherever it lies. Rows are read one behind the other, as
    // they lie: four read side by side come from memory at three quarters of the rate of one stream.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Dots(T* rows, int count, int width, T* x, T* products)
    {
        int whole = width / TRung.Lanes * TRung.Lanes, n = 0;
        T* row = rows;
        for (; n + 4 <= count; n += 4, row += 4 * (nint)width)
        {
            V s0 = Product(row, x, whole), s1 = Product(row + width, x, whole), s2 = Product(row + 2 * (nint)width, x, whole), s3 = Product(row + 3 * (nint)width, x, whole);
            TRung.Sums(s0, s1, s2, s3, products + n);
            if (whole == width)
                continue;
            for (int r = 0; r < 4; r++)
                products[n + r] = WithTail(products[n + r], row + r * (nint)width, x, whole, width);
        }
        for (; n < count; n++, row += width)
            products[n] = WithTail(TRung.Sum(Product(row, x, whole)), row, x, whole, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Product(T* row, T* x, int whole)
    {
        int lanes = TRung.Lanes, j = 0;
        V s = default;
        for (; j + 4 * lanes <= whole; j += 4 * lanes)
        {
            s = TRung.MultiplyAdd(TRung.Load(x + j), TRung.Load(row + j), s);
            s = TRung.MultiplyAdd(TRung.Load(x + j + lanes), TRung.Load(row + j + lanes), s);
            s = TRung.MultiplyAdd(TRung.Load(x + j + 2 * lanes), TRung.Load(row + j + 2 * lanes), s);
            s = TRung.MultiplyAdd(TRung.Load(x + j + 3 * lanes), TRung.Load(row + j + 3 * lanes), s);
        }
        for (; j < whole; j += lanes)
            s = TRung.MultiplyAdd(TRung.Load(x + j), TRung.Load(row + j), s);
        return s;
    }

    public override bool Factorise(T* a, int stride, T* inverse, int size) => Cholesky<TRung, T, V>.Factorise(a, stride, inverse, size);

    public override void SolveFactored(T* u, int stride, T* inverse, T* b, T* x, int size) =>
        Cholesky<TRung, T, V>.Solve(u, stride, inverse, b, x, size);

    public override void Pack(float* others, int* columns, int count, int ahead, int width, T* scales, T* panel, int stride)
    {
        int distance = Math.Clamp(PrefetchFloats / width, 4, 32);
        for (int p = 0; p < count; p++, panel += stride)
        {
            if (p + distance < ahead)
                CacheLines.Prefetch(others + (nint)columns[p + distance] * width, width);
            PanelRow<TRung, T, V>.Scale(others + (nint)columns[p] * width, width, scales[p], panel);
        }
    }

    // Only in float, and where a row is whole vectors: the kernel has no tail.
    public override bool Streams(int width) => typeof(T) == typeof(float) && TRung.Lanes > 1 && width == StreamedSize;

    public override void AddStreamed(in StreamedRows rows, T* source, T* matrix, T* right)
    {
        float* s = (float*)source, m = (float*)matrix, b = (float*)right;
        if (typeof(V) == typeof(Vector512<T>))
            StreamedProduct<Rung512<float>, Vector512<float>>.Add(rows, s, m, StreamedSize, b, StreamedSize);
        else if (typeof(V) == typeof(Vector256<T>))
            StreamedProduct<Rung256<float>, Vector256<float>>.Add(rows, s, m, StreamedSize, b, StreamedSize);
        else
            StreamedProduct<Rung128<float>, Vector128<float>>.Add(rows, s, m, StreamedSize, b, StreamedSize);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T WithTail(T sum, T* row, T* x, int from, int width)
    {
        for (int j = from; j < width; j++)
            sum += row[j] * x[j];
        return sum;
    }

    internal readonly struct AddProduct : IProductSign<TRung, T, V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V source, V product) => TRung.Add(source, product);
    }

    internal readonly struct SubtractProduct : IProductSign<TRung, T, V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply(V source, V product) => TRung.Subtract(source, product);
    }
}
