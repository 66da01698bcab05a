using System.Runtime.CompilerServices;

namespace OrleansRec.Model.Sequence.Kernels;

/// <content>What attention and layer norm do with rows.</content>
internal sealed unsafe partial class NetworkKernels<TRung, T, V>
{
    /// <summary>ε of the layer norm, as PyTorch has it.</summary>
    private const double Epsilon = 1e-5;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Dots(T* x, T* rows, nint stride, int count, int width, T* products)
    {
        int lanes = TRung.Lanes, whole = width / lanes * lanes, n = 0;
        T* sums = stackalloc T[4];
        for (; n + 4 <= count; n += 4, rows += 4 * stride)
        {
            T* r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride;
            V s0 = default, s1 = default, s2 = default, s3 = default;
            int j = 0;
            for (; j < whole; j += lanes)
            {
                V v = TRung.Load(x + j);
                s0 = TRung.MultiplyAdd(v, TRung.Load(rows + j), s0);
                s1 = TRung.MultiplyAdd(v, TRung.Load(r1 + j), s1);
                s2 = TRung.MultiplyAdd(v, TRung.Load(r2 + j), s2);
                s3 = TRung.MultiplyAdd(v, TRung.Load(r3 + j), s3);
            }
            TRung.Sums(s0, s1, s2, s3, sums);
            products[n] = sums[0] + TailDot(x, rows, whole, width);
            products[n + 1] = sums[1] + TailDot(x, r1, whole, width);
            products[n + 2] = sums[2] + TailDot(x, r2, whole, width);
            products[n + 3] = sums[3] + TailDot(x, r3, whole, width);
        }
        for (; n < count; n++, rows += stride)
        {
            V s = default;
            for (int j = 0; j < whole; j += lanes)
                s = TRung.MultiplyAdd(TRung.Load(x + j), TRung.Load(rows + j), s);
            products[n] = TRung.Sum(s) + TailDot(x, rows, whole, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Combine(T* weights, T* rows, nint stride, int count, int width, T* sum)
    {
        int lanes = TRung.Lanes, j = 0;
        for (; j + 4 * lanes <= width; j += 4 * lanes)
        {
            V s0 = default, s1 = default, s2 = default, s3 = default;
            T* row = rows + j;
            for (int n = 0; n < count; n++, row += stride)
            {
                V w = TRung.Broadcast(weights[n]);
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
        for (; j + lanes <= width; j += lanes)
        {
            V s = default;
            T* row = rows + j;
            for (int n = 0; n < count; n++, row += stride)
                s = TRung.MultiplyAdd(TRung.Broadcast(weights[n]), TRung.Load(row), s);
            TRung.Store(s, sum + j);
        }
        for (; j < width; j++)
        {
            T s = T.Zero;
            for (int n = 0; n < count; n++)
                s += weights[n] * rows[n * stride + j];
            sum[j] = s;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddOuter(T* weights, T* x, int count, int width, T* rows, nint stride)
    {
        int lanes = TRung.Lanes;
        for (int n = 0; n < count; n++, rows += stride)
        {
            V w = TRung.Broadcast(weights[n]);
            int j = 0;
            for (; j + lanes <= width; j += lanes)
                TRung.Store(TRung.MultiplyAdd(w, TRung.Load(x + j), TRung.Load(rows + j)), rows + j);
            for (; j < width; j++)
                rows[j] += weights[n] * x[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddRows(T* rows, nint stride, int count, int width, T* sum)
    {
        int lanes = TRung.Lanes, j = 0;
        for (; j + lanes <= width; j += lanes)
        {
            V s = TRung.Load(sum + j);
            T* row = rows + j;
            for (int n = 0; n < count; n++, row += stride)
                s = TRung.Add(s, TRung.Load(row));
            TRung.Store(s, sum + j);
        }
        for (; j < width; j++)
            for (int n = 0; n < count; n++)
                sum[j] += rows[n * stride + j];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Softmax(T* s, int count, T scale)
    {
        int lanes = TRung.Lanes;
        V factor = TRung.Broadcast(scale), most = TRung.Broadcast(TRung.Largest(LargestLanes(s, count))), sum = default;
        int j = 0;
        for (; j + lanes <= count; j += lanes)
        {
            V e = TRung.Exp(TRung.Multiply(TRung.Subtract(TRung.Load(s + j), most), factor));
            TRung.Store(e, s + j);
            sum = TRung.Add(sum, e);
        }
        if (j < count)
        {
            V e = TRung.Exp(TRung.Multiply(TRung.Subtract(LoadPart(s + j, count - j, T.NegativeInfinity), most), factor));
            StorePart(e, s + j, count - j);
            sum = TRung.Add(sum, e);
        }
        V inverse = TRung.Broadcast(T.One / TRung.Sum(sum));
        for (j = 0; j + lanes <= count; j += lanes)
            TRung.Store(TRung.Multiply(TRung.Load(s + j), inverse), s + j);
        if (j < count)
            StorePart(TRung.Multiply(LoadPart(s + j, count - j, T.Zero), inverse), s + j, count - j);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Normalise(T* x, int rows, int width, T* gain, T* shift, T* y, T* moments)
    {
        int lanes = TRung.Lanes;
        T share = T.One / T.CreateTruncating(width);
        for (int n = 0; n < rows; n++, x += width, y += width, moments += 2)
        {
            V sum = default;
            int j = 0;
            for (; j + lanes <= width; j += lanes)
                sum = TRung.Add(sum, TRung.Load(x + j));
            T mean = (TRung.Sum(sum) + TailSum(x, j, width)) * share;
            V centre = TRung.Broadcast(mean);
            sum = default;
            for (j = 0; j + lanes <= width; j += lanes)
            {
                V off = TRung.Subtract(TRung.Load(x + j), centre);
                sum = TRung.MultiplyAdd(off, off, sum);
            }
            T squares = TRung.Sum(sum);
            for (; j < width; j++)
                squares += (x[j] - mean) * (x[j] - mean);
            T inverse = T.One / T.Sqrt(squares * share + T.CreateTruncating(Epsilon));
            V scale = TRung.Broadcast(inverse);
            for (j = 0; j + lanes <= width; j += lanes)
            {
                V hat = TRung.Multiply(TRung.Subtract(TRung.Load(x + j), centre), scale);
                TRung.Store(TRung.MultiplyAdd(hat, TRung.Load(gain + j), TRung.Load(shift + j)), y + j);
            }
            for (; j < width; j++)
                y[j] = (x[j] - mean) * inverse * gain[j] + shift[j];
            (moments[0], moments[1]) = (mean, inverse);
        }
    }

    // With x̂ = (x − μ)·r and g = dy·gain: dx = r·(g − mean(g) − x̂·mean(g·x̂)).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void NormaliseBackward(T* dy, T* x, T* moments, int rows, int width, T* gain, T* dx, T* gainGradient, T* shiftGradient)
    {
        int lanes = TRung.Lanes;
        T share = T.One / T.CreateTruncating(width);
        for (int n = 0; n < rows; n++, dy += width, x += width, dx += width, moments += 2)
        {
            T mean = moments[0], inverse = moments[1];
            V centre = TRung.Broadcast(mean), scale = TRung.Broadcast(inverse), sum = default, dots = default;
            int j = 0;
            for (; j + lanes <= width; j += lanes)
            {
                V hat = TRung.Multiply(TRung.Subtract(TRung.Load(x + j), centre), scale), d = TRung.Load(dy + j);
                TRung.Store(TRung.MultiplyAdd(d, hat, TRung.Load(gainGradient + j)), gainGradient + j);
                TRung.Store(TRung.Add(TRung.Load(shiftGradient + j), d), shiftGradient + j);
                d = TRung.Multiply(d, TRung.Load(gain + j));
                sum = TRung.Add(sum, d);
                dots = TRung.MultiplyAdd(d, hat, dots);
            }
            T total = TRung.Sum(sum), dot = TRung.Sum(dots);
            for (; j < width; j++)
            {
                T hat = (x[j] - mean) * inverse;
                gainGradient[j] += dy[j] * hat;
                shiftGradient[j] += dy[j];
                total += dy[j] * gain[j];
                dot += dy[j] * gain[j] * hat;
            }
            T meanDy = total * share, meanDot = dot * share;
            V a = TRung.Broadcast(meanDy), b = TRung.Broadcast(-meanDot);
            for (j = 0; j + lanes <= width; j += lanes)
            {
                V hat = TRung.Multiply(TRung.Subtract(TRung.Load(x + j), centre), scale);
                V d = TRung.Subtract(TRung.Multiply(TRung.Load(dy + j), TRung.Load(gain + j)), a);
                TRung.Store(TRung.MultiplyAdd(scale, TRung.MultiplyAdd(b, hat, d), TRung.Load(dx + j)), dx + j);
            }
            for (; j < width; j++)
                dx[j] += inverse * (dy[j] * gain[j] - meanDy - (x[j] - mean) * inverse * meanDot);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T TailDot(T* x, T* row, int from, int width)
    {
        T sum = T.Zero;
        for (int j = from; j < width; j++)
            sum += x[j] * row[j];
        return sum;
    }

    private static T TailSum(T* x, int from, int width)
    {
        T sum = T.Zero;
        for (int j = from; j < width; j++)
            sum += x[j];
        return sum;
    }

    private static V LargestLanes(T* s, int count)
    {
        int lanes = TRung.Lanes, j = 0;
        V most = TRung.Broadcast(T.NegativeInfinity);
        for (; j + lanes <= count; j += lanes)
            most = TRung.Max(most, TRung.Load(s + j));
        return j < count ? TRung.Max(most, LoadPart(s + j, count - j, T.NegativeInfinity)) : most;
    }

    /// <summary>Fewer elements than a vector has; the other lanes hold <paramref name="rest"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V LoadPart(T* source, int count, T rest)
    {
        T* lanes = stackalloc T[LanesMax];
        for (int n = 0; n < TRung.Lanes; n++)
            lanes[n] = n < count ? source[n] : rest;
        return TRung.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StorePart(V value, T* target, int count)
    {
        T* lanes = stackalloc T[LanesMax];
        TRung.Store(value, lanes);
        for (int n = 0; n < count; n++)
            target[n] = lanes[n];
    }
}
