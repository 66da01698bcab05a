namespace OrleansRec.Model.Tests.Als;

/// <summary>What the approximate solvers run on, on every rung, at every length and width from 1 to 130, against loops in double.</summary>
public sealed unsafe class RowPassKernelTests
{
    private const int Most = 130;

    public static TheoryData<string> Rungs => [.. RowPassKernels.All.Select(k => k.Name).TakeUntil(KernelChild.Rung)];

    /// <summary>Every length meets many widths and every width many lengths; half of the cases are first passes, and half of those begin at zero.</summary>
    [Theory]
    [MemberData(nameof(Rungs))]
    public void Pass_EveryLengthAndWidthTo130_MatchesDouble(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(1);
        for (int width = 1; width <= Most; width++)
            for (int count = 1 + width % 13; count <= Most; count += 13)
                CheckPass(kernels, width, count, isFirst: count % 2 == 0, isWarm: count % 4 != 0, random);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void AddProducts_EveryLengthAndWidthTo130_MatchesDouble(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(2);
        for (int width = 1; width <= Most; width++)
        {
            int size = kernels.Padded(width), count = 1 + width * 37 % Most;
            AlignedBlock<float> rows = Padded(random, count, width, size), p = Padded(random, 1, width, size), products = new(count);
            AlignedBlock<int> index = Shuffled(random, count);
            products.Span.Fill(1);
            fixed (float* z = rows, x = p, sums = products)
            fixed (int* order = index)
                kernels.AddProducts(z, size, order, count, size, x, sums);
            for (int n = 0; n < count; n++)
            {
                double expected = 1 + Dot(rows, index.Span[n] * size, p, 0, size);
                Assert.Equal(expected, products.Span[n], Tolerance(width));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Rotate_EveryWidthTo130_MatchesDoubleAndDoesNotDependOnTheRowsBeside(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(3);
        for (int width = 1; width <= Most; width++)
        {
            int size = kernels.Padded(width), count = 1 + width % 9, stride = width + width % 3;
            AlignedBlock<float> rows = Padded(random, count, width, stride), q = Padded(random, width, width, size), turned = new(count * size), alone = new(size);
            fixed (float* y = rows, basis = q, z = turned)
                kernels.Rotate(y, stride, count, width, basis, size, z);
            for (int n = 0; n < count; n++)
            {
                for (int j = 0; j < size; j++)
                {
                    double expected = 0;
                    for (int i = 0; i < width; i++)
                        expected += (double)rows.Span[n * stride + i] * q.Span[i * size + j];
                    Assert.Equal(expected, turned.Span[n * size + j], Tolerance(width));
                }
                fixed (float* y = rows, basis = q, z = alone)
                    kernels.Rotate(y + n * stride, stride, 1, width, basis, size, z);
                Assert.True(alone.Span.SequenceEqual(turned.Span.Slice(n * size, size)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Step_EveryWidthTo130_MatchesDouble(string rung)
    {
        var kernels = Kernels(rung);
        var random = new Random(4);
        for (int width = 1; width <= Most; width++)
        {
            int size = kernels.Padded(width);
            AlignedBlock<float> x = Padded(random, 1, width, size), r = Padded(random, 1, width, size), p = Padded(random, 1, width, size), q = Padded(random, 1, width, size);
            AlignedBlock<float> ridge = Padded(random, 1, width, size), inverse = Padded(random, 1, width, size), diagonal = Padded(random, 1, width, size);
            float[] q0 = q.Span.ToArray(), x0 = x.Span.ToArray(), r0 = r.Span.ToArray(), p0 = p.Span.ToArray();

            float curvature;
            fixed (float* product = q, ridges = ridge, direction = p)
                curvature = kernels.FinishProduct(product, ridges, direction, size);
            double expectedCurvature = 0, expectedResidual = 0, expectedEnergy = 0;
            for (int i = 0; i < size; i++)
            {
                double product = (double)ridge.Span[i] * p0[i] - q0[i];
                Assert.Equal(product, q.Span[i], 1e-6);
                expectedCurvature += product * p0[i];
            }
            Assert.Equal(expectedCurvature, curvature, Tolerance(width));

            float residual, energy;
            fixed (float* solution = x, left = r, direction = p, product = q, inverses = inverse, diagonals = diagonal)
                residual = kernels.Advance(solution, left, direction, product, inverses, diagonals, 0.5f, size, out energy);
            for (int i = 0; i < size; i++)
            {
                Assert.Equal(x0[i] + 0.5 * p0[i], x.Span[i], 1e-6);
                Assert.Equal(r0[i] - 0.5 * q.Span[i], r.Span[i], 1e-6);
                expectedResidual += (double)r.Span[i] * r.Span[i] * inverse.Span[i];
                expectedEnergy += (double)x.Span[i] * x.Span[i] * diagonal.Span[i];
            }
            Assert.Equal(expectedResidual, residual, Tolerance(width));
            Assert.Equal(expectedEnergy, energy, Tolerance(width));

            fixed (float* direction = p, product = q, left = r, inverses = inverse)
                kernels.Turn(direction, product, left, inverses, 0.25f, size);
            for (int i = 0; i < size; i++)
                Assert.Equal((double)r.Span[i] * inverse.Span[i] + 0.25 * p0[i], p.Span[i], 1e-6);
            Assert.Equal(-1, q.Span.IndexOfAnyExcept(0f));
        }
    }

    private static void CheckPass(RowPassKernels kernels, int width, int count, bool isFirst, bool isWarm, Random random)
    {
        int size = kernels.Padded(width);
        AlignedBlock<float> rows = Padded(random, count, width, size), p = Padded(random, 1, width, size), q = Padded(random, 1, width, size);
        AlignedBlock<float> excess = Padded(random, 1, count, count), targets = Padded(random, 1, count, count), squares = Padded(random, 1, width, size);
        AlignedBlock<int> index = Shuffled(random, count);
        double[] expected = [.. q.Span.ToArray().Select(v => (double)v)], expectedSquares = [.. squares.Span.ToArray().Select(v => (double)v)];
        for (int n = 0; n < count; n++)
        {
            int at = index.Span[n] * size;
            double weight = (isFirst ? targets.Span[n] : 0) - (isWarm ? excess.Span[n] * Dot(rows, at, p, 0, size) : 0);
            for (int j = 0; j < size; j++)
            {
                expected[j] += weight * rows.Span[at + j];
                expectedSquares[j] += (double)excess.Span[n] * rows.Span[at + j] * rows.Span[at + j];
            }
        }
        fixed (float* z = rows, x = p, d = excess, t = targets, sum = q, s = squares)
        fixed (int* order = index)
            kernels.Pass(z, size, order, count, size, isWarm ? x : null, d, isFirst ? t : null, sum, isFirst ? s : null);
        for (int j = 0; j < size; j++)
        {
            Assert.Equal(expected[j], q.Span[j], Tolerance(width * 4 + count));
            if (isFirst)
                Assert.Equal(expectedSquares[j], squares.Span[j], Tolerance(count));
        }
    }

    private static RowPassKernels Kernels(string rung) => RowPassKernels.All.Single(k => k.Name == rung);

    // Entries are at most 0.6, so a sum of m products is at most 0.36·m, and its rounding at most m times 2⁻²⁴ of that.
    private static double Tolerance(int terms) => 0.36 * terms * terms * 6e-8 + 1e-6;

    private static double Dot(AlignedBlock<float> a, int aStart, AlignedBlock<float> b, int bStart, int length)
    {
        double sum = 0;
        for (int i = 0; i < length; i++)
            sum += (double)a.Span[aStart + i] * b.Span[bStart + i];
        return sum;
    }

    private static AlignedBlock<float> Padded(Random random, int rows, int width, int stride)
    {
        var block = new AlignedBlock<float>(rows * stride);
        for (int row = 0; row < rows; row++)
            for (int j = 0; j < width; j++)
                block.Span[row * stride + j] = random.NextSingle() - 0.4f;
        return block;
    }

    private static AlignedBlock<int> Shuffled(Random random, int count)
    {
        var index = new AlignedBlock<int>(count);
        for (int n = 0; n < count; n++)
            index.Span[n] = n;
        random.Shuffle(index.Span);
        return index;
    }
}
