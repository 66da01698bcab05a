namespace OrleansRec.Model.Tests.Als;

/// <summary>Every kernel, on every rung, at every size and length, against loops in double.</summary>
public sealed unsafe class KernelTests
{
    private static readonly int[] Counts = [0, 1, 2, 3, 4, 5, 7, 8, 33, 64];

    public static TheoryData<string> Rungs => [.. RungNames.Worthwhile()];

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Dots_EveryWidthTo130_MatchesDouble(string rung)
    {
        var kernels = RungNames.Find<float>(rung);
        var random = new Random(1);
        for (int width = 1; width <= 130; width++)
        {
            int count = Counts[width % Counts.Length];
            float[] rows = PlantedPairs.Factors(count + 1, width, random), x = PlantedPairs.Factors(1, width, random), products = new float[count + 1];
            fixed (float* r = rows, v = x, p = products)
            {
                kernels.Dots(r, count, width, v, p);
                for (int n = 0; n < count; n++)
                {
                    double expected = 0, size = 0;
                    for (int j = 0; j < width; j++)
                    {
                        expected += (double)rows[n * width + j] * x[j];
                        size += Math.Abs((double)rows[n * width + j] * x[j]);
                    }
                    Assert.Equal(expected, products[n], width * 6e-8 * size + 1e-12);
                    float alone;
                    kernels.Dots(r + n * width, 1, width, v, &alone);
                    Assert.Equal(alone, products[n]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void AddOuter_EverySizeTo130_MatchesDouble(string rung)
    {
        CheckOuter(RungNames.Find<float>(rung), 1e-5);
        CheckOuter(RungNames.Find<double>(rung), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Factorise_EverySizeTo130_SolvesAsDouble(string rung)
    {
        CheckFactorise(RungNames.Find<float>(rung), 1e-4);
        CheckFactorise(RungNames.Find<double>(rung), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Factorise_NotPositiveDefinite_SaysSo(string rung)
    {
        var kernels = RungNames.Find<float>(rung);
        int size = kernels.Padded(20);
        for (int bad = 0; bad < 20; bad++)
        {
            var a = new AlignedBlock<float>(size * size);
            var inverse = new AlignedBlock<float>(size);
            for (int i = 0; i < size; i++)
                a.Span[i * size + i] = i == bad ? (bad % 2 == 0 ? -1 : float.NaN) : 1;
            fixed (float* matrix = a, diagonal = inverse)
                Assert.False(kernels.Factorise(matrix, size, diagonal, size));
        }
    }

    private static void CheckOuter<T>(DenseKernels<T> kernels, double tolerance)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var random = new Random(2);
        for (int width = 1; width <= 130; width++)
        {
            int size = kernels.Padded(width), count = Counts[width % Counts.Length];
            AlignedBlock<T> panel = Block<T>(count * size + 1, random), source = Block<T>(size * size, random), sum = new(size * size);
            AlignedBlock<T> weights = Block<T>(count + 1, random), vector = new(size);
            fixed (T* p = panel, from = source, to = sum, w = weights, v = vector)
            {
                kernels.AddOuter(p, count, from, to, size);
                kernels.AddCombination(p, count, w, v, size);
            }
            for (int i = 0; i < size; i++)
                for (int j = i; j < size; j += 1 + j % 3)
                {
                    double expected = At(source, i * size + j);
                    for (int p = 0; p < count; p++)
                        expected += At(panel, p * size + i) * At(panel, p * size + j);
                    Assert.Equal(expected, At(sum, i * size + j), tolerance * (1 + count));
                }
            for (int j = 0; j < size; j++)
                Assert.Equal(Enumerable.Range(0, count).Sum(p => At(weights, p) * At(panel, p * size + j)), At(vector, j), tolerance * (1 + count));
            fixed (T* p = panel, to = sum)
                kernels.SubtractOuter(p, size, count, to, size, to, size, size);
            for (int i = 0; i < size; i++)
                Assert.Equal(At(source, i * size + size - 1), At(sum, i * size + size - 1), tolerance * (1 + count));
        }
    }

    private static void CheckFactorise<T>(DenseKernels<T> kernels, double tolerance)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var random = new Random(3);
        for (int width = 1; width <= 130; width++)
        {
            int size = kernels.Padded(width);
            AlignedBlock<T> panel = Block<T>(2 * size * size, random), a = new(size * size), kept = new(size * size);
            AlignedBlock<T> inverse = new(size), b = Block<T>(size, random), right = new(size), x = new(size);
            for (int i = 0; i < size; i++)
                a.Span[i * size + i] = T.One;
            fixed (T* p = panel, matrix = a)
                kernels.AddOuter(p, 2 * size, matrix, matrix, size);
            // What lies below the diagonal is never read: plant something that would show.
            for (int i = 0; i < size; i++)
                for (int j = 0; j < i; j++)
                    a.Span[i * size + j] = T.CreateTruncating(1e6);
            a.Span.CopyTo(kept.Span);
            b.Span.CopyTo(right.Span);
            fixed (T* matrix = a, diagonal = inverse, r = right, solution = x)
            {
                Assert.True(kernels.Factorise(matrix, size, diagonal, size));
                kernels.SolveFactored(matrix, size, diagonal, r, solution, size);
            }
            double length = Math.Sqrt(Enumerable.Range(0, size).Sum(i => At(b, i) * At(b, i)));
            for (int i = 0; i < size; i++)
            {
                double product = 0;
                for (int j = 0; j < size; j++)
                    product += At(kept, Math.Min(i, j) * size + Math.Max(i, j)) * At(x, j);
                Assert.Equal(At(b, i), product, tolerance * length * 10);
            }
        }
    }

    private static AlignedBlock<T> Block<T>(int length, Random random)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var block = new AlignedBlock<T>(length);
        for (int i = 0; i < length; i++)
            block.Span[i] = T.CreateTruncating(random.NextDouble() - 0.5);
        return block;
    }

    private static double At<T>(AlignedBlock<T> block, int i)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => double.CreateTruncating(block.Span[i]);
}
