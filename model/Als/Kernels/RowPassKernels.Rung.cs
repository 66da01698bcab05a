using System.Runtime.CompilerServices;

namespace OrleansRec.Model;

/// <summary>The passes over one rung.</summary>
internal sealed unsafe class RowPassKernels<TRung, V>(string name) : RowPassKernels
    where TRung : struct, IVectorRung<float, V>
    where V : struct
{
    private const int HalfBlock = BlockRows / 2;

    public override string Name => name;

    public override int Multiple => Math.Max(4, TRung.Lanes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Pass(float* rows, int stride, int* index, int count, int size, float* p, float* excess, float* targets, float* q, float* squares)
    {
        float** z = stackalloc float*[BlockRows];
        float* weights = stackalloc float[BlockRows];
        float* d = stackalloc float[BlockRows];
        for (int n = 0; n < count;)
        {
            // What is left of the last block is filled up with its last row, which then has no weight: a block costs less than three rows one by one.
            int taken = Math.Min(BlockRows, count - n), block = taken > HalfBlock ? BlockRows : HalfBlock;
            Point(z, rows, stride, index + n, taken, block);
            if (p == null)
                new Span<float>(weights, block).Clear();
            else
                Dots(z, block, size, p, weights);
            for (int i = 0; i < block; i++)
            {
                d[i] = i < taken ? excess[n + i] : 0;
                weights[i] = i < taken ? (targets == null ? 0 : targets[n + i]) - d[i] * weights[i] : 0;
            }
            if (squares != null)
            {
                Combine4(z, size, weights, d, q, squares);
                if (block == BlockRows)
                    Combine4(z + HalfBlock, size, weights + HalfBlock, d + HalfBlock, q, squares);
            }
            else if (block == BlockRows)
                Combine8(z, size, weights, q);
            else
                Combine4(z, size, weights, q);
            n += taken;
        }
    }

    public override void AddProducts(float* rows, int stride, int* index, int count, int size, float* p, float* products)
    {
        float** z = stackalloc float*[BlockRows];
        float* sums = stackalloc float[BlockRows];
        for (int n = 0; n < count;)
        {
            int taken = Math.Min(BlockRows, count - n), block = taken > HalfBlock ? BlockRows : HalfBlock;
            Point(z, rows, stride, index + n, taken, block);
            Dots(z, block, size, p, sums);
            for (int i = 0; i < taken; i++)
                products[n + i] += sums[i];
            n += taken;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float FinishProduct(float* q, float* ridge, float* p, int size)
    {
        V sum = default;
        for (int j = 0; j < size; j += TRung.Lanes)
        {
            V v = TRung.Load(p + j);
            V product = TRung.Subtract(TRung.Multiply(TRung.Load(ridge + j), v), TRung.Load(q + j));
            TRung.Store(product, q + j);
            sum = TRung.MultiplyAdd(v, product, sum);
        }
        return TRung.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Advance(float* x, float* r, float* p, float* q, float* inverse, float* diagonal, float alpha, int size, out float energy)
    {
        V step = TRung.Broadcast(alpha), back = TRung.Broadcast(-alpha), residual = default, length = default;
        for (int j = 0; j < size; j += TRung.Lanes)
        {
            V v = TRung.MultiplyAdd(step, TRung.Load(p + j), TRung.Load(x + j));
            TRung.Store(v, x + j);
            length = TRung.MultiplyAdd(TRung.Multiply(v, TRung.Load(diagonal + j)), v, length);
            V left = TRung.MultiplyAdd(back, TRung.Load(q + j), TRung.Load(r + j));
            TRung.Store(left, r + j);
            residual = TRung.MultiplyAdd(TRung.Multiply(left, TRung.Load(inverse + j)), left, residual);
        }
        energy = TRung.Sum(length);
        return TRung.Sum(residual);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Turn(float* p, float* q, float* r, float* inverse, float beta, int size)
    {
        V b = TRung.Broadcast(beta), zero = default;
        for (int j = 0; j < size; j += TRung.Lanes)
        {
            TRung.Store(TRung.MultiplyAdd(b, TRung.Load(p + j), TRung.Multiply(TRung.Load(r + j), TRung.Load(inverse + j))), p + j);
            TRung.Store(zero, q + j);
        }
    }

    public override void Rotate(float* rows, int stride, int count, int width, float* q, int size, float* target)
    {
        int n = 0;
        for (; n + 4 <= count; n += 4, rows += 4 * (nint)stride, target += 4 * (nint)size)
            RotateFour(rows, stride, width, q, size, target);
        for (; n < count; n++, rows += stride, target += size)
            RotateOne(rows, width, q, size, target);
    }

    private static void Point(float** z, float* rows, int stride, int* index, int taken, int block)
    {
        for (int i = 0; i < block; i++)
            z[i] = rows + (nint)index[Math.Min(i, taken - 1)] * stride;
    }

    private static void Dots(float** z, int block, int size, float* p, float* products)
    {
        if (block == BlockRows)
            Dots8(z, size, p, products);
        else
            Dots4(z, size, p, products);
    }

    // As many sums as rows, so that none waits for the one before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots8(float** z, int size, float* p, float* products)
    {
        float* r0 = z[0], r1 = z[1], r2 = z[2], r3 = z[3], r4 = z[4], r5 = z[5], r6 = z[6], r7 = z[7];
        V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        int lanes = TRung.Lanes;
        for (int j = 0; j < size; j += lanes)
        {
            V v = TRung.Load(p + j);
            s0 = TRung.MultiplyAdd(v, TRung.Load(r0 + j), s0);
            s1 = TRung.MultiplyAdd(v, TRung.Load(r1 + j), s1);
            s2 = TRung.MultiplyAdd(v, TRung.Load(r2 + j), s2);
            s3 = TRung.MultiplyAdd(v, TRung.Load(r3 + j), s3);
            s4 = TRung.MultiplyAdd(v, TRung.Load(r4 + j), s4);
            s5 = TRung.MultiplyAdd(v, TRung.Load(r5 + j), s5);
            s6 = TRung.MultiplyAdd(v, TRung.Load(r6 + j), s6);
            s7 = TRung.MultiplyAdd(v, TRung.Load(r7 + j), s7);
        }
        products[0] = TRung.Sum(s0);
        products[1] = TRung.Sum(s1);
        products[2] = TRung.Sum(s2);
        products[3] = TRung.Sum(s3);
        products[4] = TRung.Sum(s4);
        products[5] = TRung.Sum(s5);
        products[6] = TRung.Sum(s6);
        products[7] = TRung.Sum(s7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots4(float** z, int size, float* p, float* products)
    {
        float* r0 = z[0], r1 = z[1], r2 = z[2], r3 = z[3];
        V s0 = default, s1 = default, s2 = default, s3 = default;
        int lanes = TRung.Lanes;
        for (int j = 0; j < size; j += lanes)
        {
            V v = TRung.Load(p + j);
            s0 = TRung.MultiplyAdd(v, TRung.Load(r0 + j), s0);
            s1 = TRung.MultiplyAdd(v, TRung.Load(r1 + j), s1);
            s2 = TRung.MultiplyAdd(v, TRung.Load(r2 + j), s2);
            s3 = TRung.MultiplyAdd(v, TRung.Load(r3 + j), s3);
        }
        products[0] = TRung.Sum(s0);
        products[1] = TRung.Sum(s1);
        products[2] = TRung.Sum(s2);
        products[3] = TRung.Sum(s3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine8(float** z, int size, float* weights, float* q)
    {
        float* r0 = z[0], r1 = z[1], r2 = z[2], r3 = z[3], r4 = z[4], r5 = z[5], r6 = z[6], r7 = z[7];
        V w0 = TRung.Broadcast(weights[0]), w1 = TRung.Broadcast(weights[1]), w2 = TRung.Broadcast(weights[2]), w3 = TRung.Broadcast(weights[3]);
        V w4 = TRung.Broadcast(weights[4]), w5 = TRung.Broadcast(weights[5]), w6 = TRung.Broadcast(weights[6]), w7 = TRung.Broadcast(weights[7]);
        int lanes = TRung.Lanes;
        for (int j = 0; j < size; j += lanes)
        {
            V a = TRung.MultiplyAdd(w0, TRung.Load(r0 + j), TRung.Load(q + j));
            V b = TRung.Multiply(w1, TRung.Load(r1 + j));
            a = TRung.MultiplyAdd(w2, TRung.Load(r2 + j), a);
            b = TRung.MultiplyAdd(w3, TRung.Load(r3 + j), b);
            a = TRung.MultiplyAdd(w4, TRung.Load(r4 + j), a);
            b = TRung.MultiplyAdd(w5, TRung.Load(r5 + j), b);
            a = TRung.MultiplyAdd(w6, TRung.Load(r6 + j), a);
            b = TRung.MultiplyAdd(w7, TRung.Load(r7 + j), b);
            TRung.Store(TRung.Add(a, b), q + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine4(float** z, int size, float* weights, float* q)
    {
        float* r0 = z[0], r1 = z[1], r2 = z[2], r3 = z[3];
        V w0 = TRung.Broadcast(weights[0]), w1 = TRung.Broadcast(weights[1]), w2 = TRung.Broadcast(weights[2]), w3 = TRung.Broadcast(weights[3]);
        int lanes = TRung.Lanes;
        for (int j = 0; j < size; j += lanes)
        {
            V a = TRung.MultiplyAdd(w0, TRung.Load(r0 + j), TRung.Load(q + j));
            V b = TRung.Multiply(w1, TRung.Load(r1 + j));
            a = TRung.MultiplyAdd(w2, TRung.Load(r2 + j), a);
            b = TRung.MultiplyAdd(w3, TRung.Load(r3 + j), b);
            TRung.Store(TRung.Add(a, b), q + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine4(float** z, int size, float* weights, float* d, float* q, float* squares)
    {
        float* r0 = z[0], r1 = z[1], r2 = z[2], r3 = z[3];
        V w0 = TRung.Broadcast(weights[0]), w1 = TRung.Broadcast(weights[1]), w2 = TRung.Broadcast(weights[2]), w3 = TRung.Broadcast(weights[3]);
        V d0 = TRung.Broadcast(d[0]), d1 = TRung.Broadcast(d[1]), d2 = TRung.Broadcast(d[2]), d3 = TRung.Broadcast(d[3]);
        int lanes = TRung.Lanes;
        for (int j = 0; j < size; j += lanes)
        {
            V v = TRung.Load(r0 + j);
            V a = TRung.MultiplyAdd(w0, v, TRung.Load(q + j));
            V s = TRung.MultiplyAdd(TRung.Multiply(d0, v), v, TRung.Load(squares + j));
            v = TRung.Load(r1 + j);
            a = TRung.MultiplyAdd(w1, v, a);
            s = TRung.MultiplyAdd(TRung.Multiply(d1, v), v, s);
            v = TRung.Load(r2 + j);
            a = TRung.MultiplyAdd(w2, v, a);
            s = TRung.MultiplyAdd(TRung.Multiply(d2, v), v, s);
            v = TRung.Load(r3 + j);
            a = TRung.MultiplyAdd(w3, v, a);
            s = TRung.MultiplyAdd(TRung.Multiply(d3, v), v, s);
            TRung.Store(a, q + j);
            TRung.Store(s, squares + j);
        }
    }

    /// <summary>Tiles of 4 rows × 3 vectors, as in <see cref="OuterProduct{TRung, T, V}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RotateFour(float* rows, int stride, int width, float* q, int size, float* target)
    {
        int lanes = TRung.Lanes, j = 0;
        float* r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride;
        float* t1 = target + size, t2 = t1 + size, t3 = t2 + size;
        for (; j + 3 * lanes <= size; j += 3 * lanes)
        {
            V a00 = default, a01 = default, a02 = default, a10 = default, a11 = default, a12 = default;
            V a20 = default, a21 = default, a22 = default, a30 = default, a31 = default, a32 = default;
            float* column = q + j;
            for (int p = 0; p < width; p++, column += size)
            {
                V v0 = TRung.Load(column), v1 = TRung.Load(column + lanes), v2 = TRung.Load(column + 2 * lanes);
                V w = TRung.Broadcast(rows[p]);
                a00 = TRung.MultiplyAdd(w, v0, a00);
                a01 = TRung.MultiplyAdd(w, v1, a01);
                a02 = TRung.MultiplyAdd(w, v2, a02);
                w = TRung.Broadcast(r1[p]);
                a10 = TRung.MultiplyAdd(w, v0, a10);
                a11 = TRung.MultiplyAdd(w, v1, a11);
                a12 = TRung.MultiplyAdd(w, v2, a12);
                w = TRung.Broadcast(r2[p]);
                a20 = TRung.MultiplyAdd(w, v0, a20);
                a21 = TRung.MultiplyAdd(w, v1, a21);
                a22 = TRung.MultiplyAdd(w, v2, a22);
                w = TRung.Broadcast(r3[p]);
                a30 = TRung.MultiplyAdd(w, v0, a30);
                a31 = TRung.MultiplyAdd(w, v1, a31);
                a32 = TRung.MultiplyAdd(w, v2, a32);
            }
            Store3(a00, a01, a02, target + j);
            Store3(a10, a11, a12, t1 + j);
            Store3(a20, a21, a22, t2 + j);
            Store3(a30, a31, a32, t3 + j);
        }
        for (; j < size; j += lanes)
        {
            V a0 = default, a1 = default, a2 = default, a3 = default;
            float* column = q + j;
            for (int p = 0; p < width; p++, column += size)
            {
                V v = TRung.Load(column);
                a0 = TRung.MultiplyAdd(TRung.Broadcast(rows[p]), v, a0);
                a1 = TRung.MultiplyAdd(TRung.Broadcast(r1[p]), v, a1);
                a2 = TRung.MultiplyAdd(TRung.Broadcast(r2[p]), v, a2);
                a3 = TRung.MultiplyAdd(TRung.Broadcast(r3[p]), v, a3);
            }
            TRung.Store(a0, target + j);
            TRung.Store(a1, t1 + j);
            TRung.Store(a2, t2 + j);
            TRung.Store(a3, t3 + j);
        }
    }

    // Four sums to a row, so that a row alone does not wait for each product; each element is summed in the same order as by four.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RotateOne(float* row, int width, float* q, int size, float* target)
    {
        int lanes = TRung.Lanes, j = 0;
        for (; j + 4 * lanes <= size; j += 4 * lanes)
        {
            V a0 = default, a1 = default, a2 = default, a3 = default;
            float* column = q + j;
            for (int p = 0; p < width; p++, column += size)
            {
                V w = TRung.Broadcast(row[p]);
                a0 = TRung.MultiplyAdd(w, TRung.Load(column), a0);
                a1 = TRung.MultiplyAdd(w, TRung.Load(column + lanes), a1);
                a2 = TRung.MultiplyAdd(w, TRung.Load(column + 2 * lanes), a2);
                a3 = TRung.MultiplyAdd(w, TRung.Load(column + 3 * lanes), a3);
            }
            Store3(a0, a1, a2, target + j);
            TRung.Store(a3, target + j + 3 * lanes);
        }
        for (; j < size; j += lanes)
        {
            V a = default;
            float* column = q + j;
            for (int p = 0; p < width; p++, column += size)
                a = TRung.MultiplyAdd(TRung.Broadcast(row[p]), TRung.Load(column), a);
            TRung.Store(a, target + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store3(V a, V b, V c, float* target)
    {
        int lanes = TRung.Lanes;
        TRung.Store(a, target);
        TRung.Store(b, target + lanes);
        TRung.Store(c, target + 2 * lanes);
    }
}
