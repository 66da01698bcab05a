using OrleansRec.Model.Sequence.Kernels;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>Every kernel of the sequence model, on every rung, at every width from 1 to 130, against loops in double; gradients against central differences of those loops.</summary>
/// <remarks>Values lie in (−1, 1), so a sum of n products is off by at most n·n·2⁻²⁴ and by less with fewer roundings.</remarks>
public sealed unsafe class NetworkKernelTests
{
    private const int Most = 130;
    private const float Mark = 12345f;

    public static TheoryData<string> Rungs => [.. NetworkKernels<float>.All.Select(k => k.Name).TakeUntil(KernelChild.Rung)];

    /// <summary>A·B, A·Bᵀ and Aᵀ·B, stored and added; every row alone has the same bits; what lies between the rows of C stays.</summary>
    [Theory]
    [MemberData(nameof(Rungs))]
    public void Multiply_EveryWidthTo130_MatchesDoubleAndDoesNotDependOnTheRowsBeside(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(1);
        for (int width = 1; width <= Most; width++)
            for (int form = 0; form < 3; form++)
                CheckProduct(kernels, rows: 1 + width % 11, depth: form == 1 ? 1 + width * 53 % (2 * Most) : width, columns: form == 1 ? width : 1 + width * 37 % Most, form, random);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Multiply_NoTerms_IsZeroOrAddsNothing(string rung)
    {
        var kernels = Kernels(rung);
        float[] c = [1, 2, 3, 4, 5, 6];
        float none;
        fixed (float* target = c)
        {
            kernels.Multiply(&none, 1, 1, 1, &none, 0, 3, target, 3, adds: true);
            kernels.Multiply(&none, 1, 1, 1, &none, 0, 3, target + 3, 3, adds: false);
        }
        Assert.Equal([1, 2, 3, 0, 0, 0], c);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void RowSums_EveryWidthTo130_MatchDouble(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(2);
        for (int width = 1; width <= Most; width++)
        {
            int count = width % 14, stride = width + width % 3;
            float[] rows = Random(random, (count + 1) * stride), x = Random(random, width), w = Random(random, count + 1);
            float[] dots = new float[count + 1], combined = Random(random, width), outer = [.. rows], sums = [.. x];
            fixed (float* r = rows, v = x, weights = w, d = dots, c = combined, o = outer, s = sums)
            {
                kernels.Dots(v, r, stride, count, width, d);
                kernels.Combine(weights, r, stride, count, width, c);
                kernels.AddOuter(weights, v, count, width, o, stride);
                kernels.AddRows(r, stride, count, width, s);
                for (int n = 0; n < count; n++)
                {
                    float alone;
                    kernels.Dots(v, r + n * stride, stride, 1, width, &alone);
                    Assert.Equal(alone, dots[n]);
                }
            }
            for (int n = 0; n < count; n++)
                Assert.Equal(Enumerable.Range(0, width).Sum(j => (double)x[j] * rows[n * stride + j]), dots[n], Tolerance(width));
            for (int j = 0; j < width; j++)
            {
                Assert.Equal(Enumerable.Range(0, count).Sum(n => (double)w[n] * rows[n * stride + j]), combined[j], Tolerance(count));
                Assert.Equal(x[j] + Enumerable.Range(0, count).Sum(n => (double)rows[n * stride + j]), sums[j], Tolerance(count));
            }
            for (int i = 0; i < count * stride; i++)
                Assert.Equal(i % stride < width ? rows[i] + (double)w[i / stride] * x[i % stride] : rows[i], outer[i], 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Softmax_EveryCountTo130_MatchesDoubleAndIgnoresMasked(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(3);
        for (int count = 1; count <= Most; count++)
        {
            float[] s = Random(random, count + 1), kept = [.. s];
            s[count] = Mark;
            if (count > 2)
                kept[1] = s[1] = float.NegativeInfinity;
            fixed (float* p = s)
                kernels.Softmax(p, count, 3);
            double total = kept.Take(count).Sum(v => Math.Exp(3.0 * v));
            for (int j = 0; j < count; j++)
                Assert.Equal(Math.Exp(3.0 * kept[j]) / total, s[j], 1e-6);
            Assert.Equal(Mark, s[count]);
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Normalise_EveryWidthTo130_MatchesDouble(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(4);
        for (int width = 1; width <= Most; width++)
        {
            const int Rows = 3;
            float[] x = Random(random, Rows * width), gain = Random(random, width), shift = Random(random, width), y = new float[Rows * width], moments = new float[2 * Rows];
            fixed (float* px = x, g = gain, b = shift, py = y, m = moments)
                kernels.Normalise(px, Rows, width, g, b, py, m);
            for (int n = 0; n < Rows; n++)
            {
                double[] expected = Normalised([.. x.Skip(n * width).Take(width).Select(v => (double)v)], gain, shift);
                for (int j = 0; j < width; j++)
                    Assert.Equal(expected[j], y[n * width + j], 2e-5);
            }
        }
    }

    /// <summary>Widths of one element have gradient zero: the norm takes all of it.</summary>
    [Theory]
    [MemberData(nameof(Rungs))]
    public void NormaliseBackward_EveryWidthTo130_MatchesCentralDifferences(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(5);
        for (int width = 1; width <= Most; width++)
        {
            const int Rows = 2;
            float[] x = Random(random, Rows * width), gain = Random(random, width), shift = Random(random, width), dy = Random(random, Rows * width);
            float[] y = new float[Rows * width], moments = new float[2 * Rows], dx = Random(random, Rows * width), before = [.. dx], dGain = new float[width], dShift = new float[width];
            fixed (float* px = x, g = gain, b = shift, py = y, m = moments, d = dy, pdx = dx, dg = dGain, db = dShift)
            {
                kernels.Normalise(px, Rows, width, g, b, py, m);
                kernels.NormaliseBackward(d, px, m, Rows, width, g, pdx, dg, db);
            }
            double Loss(int row, double[] values) => Normalised(values, gain, shift).Select((v, j) => v * dy[row * width + j]).Sum();
            for (int n = 0; n < Rows; n++)
            {
                double[] values = [.. x.Skip(n * width).Take(width).Select(v => (double)v)];
                for (int j = 0; j < width; j += 1 + width / 9)
                    Assert.Equal(Slope(values, j, v => Loss(n, v)), dx[n * width + j] - before[n * width + j], 2e-5 * (1 + moments[2 * n + 1]));
            }
            for (int j = 0; j < width; j++)
            {
                Assert.Equal(Enumerable.Range(0, Rows).Sum(n => (double)dy[n * width + j] * (x[n * width + j] - moments[2 * n]) * moments[2 * n + 1]), dGain[j], 1e-5);
                Assert.Equal(Enumerable.Range(0, Rows).Sum(n => (double)dy[n * width + j]), dShift[j], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Elements_EveryCountTo130_MatchDoubleAndCentralDifferences(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(6);
        for (int count = 1; count <= Most; count++)
        {
            float[] u = Random(random, count, 6), w = Random(random, count), d = Random(random, count), x = Random(random, count);
            float[] silu = new float[count], gelu = new float[count], gate = [.. u], gated = new float[count], sum = new float[count];
            float[] du = new float[count], dw = new float[count], dGelu = new float[count], da = new float[count], dz = new float[count];
            fixed (float* pu = u, pw = w, pd = d, px = x, s = silu, g = gelu, z = gate, o = gated, a = sum, pdu = du, pdw = dw, pdg = dGelu, pda = da, pdz = dz)
            {
                kernels.GatedSilu(pu, pw, s, count);
                kernels.GatedSiluBackward(pd, pu, pw, pdu, pdw, count);
                kernels.Gelu(pu, g, count);
                kernels.GeluBackward(pd, pu, pdg, count);
                kernels.Gate(z, pw, px, o, count);
                kernels.GateBackward(pd, pw, z, pda, pdz, count);
                kernels.Add(pw, px, a, count);
            }
            for (int i = 0; i < count; i++)
            {
                Assert.Equal(u[i] * Sigmoid(u[i]) * w[i], silu[i], 2e-6);
                Assert.Equal(d[i] * w[i] * Slope(u[i], v => v * Sigmoid(v)), du[i], 2e-6);
                Assert.Equal(d[i] * u[i] * Sigmoid(u[i]), dw[i], 2e-6);
                Assert.Equal(Gelu(u[i]), gelu[i], 2e-6);
                Assert.Equal(d[i] * Slope(u[i], Gelu), dGelu[i], 2e-6);
                Assert.Equal(x[i] + Sigmoid(u[i]) * w[i], gated[i], 1e-6);
                Assert.Equal(Sigmoid(u[i]), gate[i], 1e-6);
                Assert.Equal(d[i] * Sigmoid(u[i]), da[i], 1e-6);
                Assert.Equal(d[i] * w[i] * Slope(u[i], Sigmoid), dz[i], 1e-6);
                Assert.Equal(w[i] + x[i], sum[i]);
            }
        }
    }

    /// <summary>Two units in the last place is the error that the kernel states; the ends are those that masks and overflow need.</summary>
    [Theory]
    [MemberData(nameof(Rungs))]
    public void Exp_OverItsRange_IsWithinTwoUnits(string rung)
    {
        var kernels = Kernels(rung);
        float[] x = [.. Enumerable.Range(0, 35_000).Select(n => -87f + n * 0.005f)], y = new float[x.Length];
        float[] ends = [float.NegativeInfinity, -200, 0, 200, float.NaN], atEnds = new float[5];
        fixed (float* px = x, py = y, e = ends, ae = atEnds)
        {
            kernels.Exp(px, py, x.Length);
            kernels.Exp(e, ae, ends.Length);
        }
        for (int n = 0; n < x.Length; n++)
        {
            double exact = Math.Exp(x[n]);
            Assert.InRange(Math.Abs(y[n] - exact), 0, 2 * (MathF.BitIncrement((float)exact) - (float)exact));
        }
        Assert.Equal(1, atEnds[2], 2 * (MathF.BitIncrement(1) - 1));
        Assert.Equal([0, 0, atEnds[2], float.PositiveInfinity, float.NaN], atEnds);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Losses_EveryCountTo130_MatchDoubleAndIgnoreMasked(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(7);
        for (int count = 1; count <= Most; count++)
        {
            float[] z = Random(random, count, 5), softmax = [.. z], binary = [.. z];
            float positive = 3 * random.NextSingle(), gradient = positive;
            if (count > 3)
                softmax[2] = binary[2] = z[2] = float.NegativeInfinity;
            double loss, negatives;
            fixed (float* s = softmax, b = binary)
            {
                loss = kernels.SoftmaxLoss(s, count, ref gradient, 0.5f);
                negatives = kernels.NegativeLoss(b, count, 0.5f);
            }
            double total = Math.Exp(positive) + z.Sum(v => Math.Exp(v));
            Assert.Equal(Math.Log(total) - positive, loss, 1e-5);
            Assert.Equal(0.5 * (Math.Exp(positive) / total - 1), gradient, 1e-6);
            Assert.Equal(z.Sum(v => Math.Log(1 + Math.Exp(v))), negatives, 1e-5 * count);
            for (int j = 0; j < count; j++)
            {
                Assert.Equal(0.5 * Math.Exp(z[j]) / total, softmax[j], 1e-6);
                Assert.Equal(0.5 * Sigmoid(z[j]), binary[j], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Losses_HugeScores_StayFinite(string rung)
    {
        var kernels = Kernels(rung);
        float[] scores = [1e30f, -1e30f, 500], again = [.. scores];
        float positive = -1e30f;
        fixed (float* s = scores, t = again)
        {
            Assert.InRange(kernels.SoftmaxLoss(s, 3, ref positive, 1), 1.9e30, 2.1e30);
            Assert.InRange(kernels.NegativeLoss(t, 3, 1), 0.9e30, 1.1e30);
        }
        Assert.Equal([1, 0, 0], scores);
        Assert.Equal(-1, positive);
        Assert.Equal([1, 0, 1], again);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Adam_EveryCountTo130_MatchesDouble(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(8);
        for (int count = 1; count <= Most; count++)
        {
            float[] p = Random(random, count), g = Random(random, count), m = Random(random, count), v = [.. Random(random, count).Select(Math.Abs)];
            float[] p0 = [.. p], g0 = [.. g], m0 = [.. m], v0 = [.. v];
            var step = new AdamStep(0.9, 0.98, 0.01, 1.5, 1e-8, 0.99, 0.5);
            fixed (float* pp = p, pg = g, pm = m, pv = v)
                kernels.Adam(pp, pg, pm, pv, count, step);
            for (int i = 0; i < count; i++)
            {
                double gradient = 0.5 * g0[i], first = 0.9 * m0[i] + 0.1 * gradient, second = 0.98 * v0[i] + 0.02 * gradient * gradient;
                Assert.Equal(first, m[i], 1e-6);
                Assert.Equal(second, v[i], 1e-6);
                Assert.Equal(0.99 * p0[i] - 0.01 * first / (Math.Sqrt(second) * 1.5 + 1e-8), p[i], 2e-6);
                Assert.Equal(0, g[i]);
            }
        }
    }

    private static void CheckProduct(NetworkKernels<float> kernels, int rows, int depth, int columns, int form, Random random)
    {
        float[] a = Random(random, rows * depth), b = Random(random, depth * columns), packed = new float[kernels.PackedLength(depth, columns)];
        int stride = columns + 3;
        float[] c = new float[rows * stride], alone = new float[columns];
        Array.Fill(c, Mark);
        var (aRow, aStep) = form == 2 ? (1, rows) : (depth, 1);
        var (bRow, bColumn) = form == 1 ? (1, depth) : (columns, 1);
        fixed (float* pa = a, pb = b, pp = packed, pc = c, one = alone)
        {
            kernels.Pack(pb, bRow, bColumn, depth, columns, pp);
            kernels.Multiply(pa, aRow, aStep, rows, pp, depth, columns, pc, stride, adds: false);
            for (int i = 0; i < rows; i++)
            {
                kernels.Multiply(pa + i * aRow, aRow, aStep, 1, pp, depth, columns, one, columns, adds: false);
                Assert.True(c.AsSpan(i * stride, columns).SequenceEqual(alone));
                Assert.Equal(-1, c.AsSpan(i * stride + columns, 3).IndexOfAnyExcept(Mark));
            }
            kernels.Multiply(pa, aRow, aStep, rows, pp, depth, columns, pc, stride, adds: true);
        }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                double expected = 0;
                for (int p = 0; p < depth; p++)
                    expected += (double)a[i * aRow + p * aStep] * b[p * bRow + j * bColumn];
                Assert.Equal(2 * expected, c[i * stride + j], Tolerance(depth));
            }
    }

    private static double[] Normalised(double[] x, float[] gain, float[] shift)
    {
        double mean = x.Average(), scale = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5);
        return [.. x.Select((v, j) => (v - mean) * scale * gain[j] + shift[j])];
    }

    private static double Slope(double at, Func<double, double> f) => (f(at + 1e-5) - f(at - 1e-5)) / 2e-5;

    private static double Slope(double[] at, int j, Func<double[], double> f)
    {
        double kept = at[j];
        at[j] = kept + 1e-5;
        double above = f(at);
        at[j] = kept - 1e-5;
        double below = f(at);
        at[j] = kept;
        return (above - below) / 2e-5;
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    private static NetworkKernels<float> Kernels(string rung) => NetworkKernels<float>.All.Single(k => k.Name == rung);

    private static double Tolerance(int terms) => terms * 2.4e-7 + 1e-6;

    private static float[] Random(Random random, int length, float size = 1)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = size * (2 * random.NextSingle() - 1);
        return values;
    }
}
