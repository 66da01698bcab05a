namespace OrleansRec.Model.Tests.Als;

/// <summary>Every number of pairs and every rank from 1 to 130, on every rung: the collected, factorised and solved row satisfies equations that were kept in double.</summary>
/// <remarks>
/// The reference grows by one pair as n grows, so a case costs k² operations beside the kernels'. What is checked is the residual: one wrong entry of A, b or
/// the factor shows in it.
/// </remarks>
public sealed class RowEquationsTests
{
    private const int Most = 130;

    public static TheoryData<string> Rungs => KernelTests.Rungs;

    [Theory]
    [MemberData(nameof(Rungs))]
    public void Solve_EveryLengthAndRankTo130_SatisfiesTheEquationsInDouble(string rung)
    {
        var kernels = RungNames.Find<float>(rung);
        for (int rank = 1; rank <= Most; rank++)
            CheckRank(kernels, rank);
    }

    private static void CheckRank(DenseKernels<float> kernels, int rank)
    {
        var random = new Random(rank);
        // Every third rank has pairs of all three kinds: d above, below and at zero.
        var o = new AlsOptions { Rank = rank, Alpha = 1, Lambda = 2 };
        float[] y = PlantedPairs.Factors(Most + 1, rank, random), x = new float[rank];
        float[] values = [.. Enumerable.Range(0, Most).Select(_ => rank % 3 == 0 ? 0.5f * random.Next(-1, 5) : 1.5f + random.Next(4))];
        int[] columns = [.. Enumerable.Range(0, Most)];
        double[] a = PlantedPairs.Gram(y, rank), b = new double[rank];
        var system = new RowSystem(o, y, Most + 1, a, 0);
        var equations = new NormalEquations<float>(kernels, rank);
        var baseMatrix = Padded(a, rank, equations.Size);
        for (int i = 0; i < rank; i++)
            a[i * rank + i] += o.Lambda;
        for (int n = 1; n <= Most; n++)
        {
            AddPair(o, y.AsSpan((n - 1) * rank, rank), values[n - 1], a, b);
            equations.Collect(system, columns.AsSpan(0, n), values.AsSpan(0, n), baseMatrix);
            Assert.True(equations.Factorise(o.Lambda), $"{kernels.Name}: {n} pairs, rank {rank}");
            equations.Solve();
            equations.Solution.Span[..rank].CopyTo(x);
            double error = BackwardError(a, b, x);
            // Sums of n and of k terms in float, and the few roundings of a weight and of a pivot.
            double bound = (n + rank + 16) * Math.Pow(2, -24);
            Assert.True(error <= bound, $"{kernels.Name}: {n} pairs, rank {rank}: backward error {error:E2}, bound {bound:E2}");
        }
    }

    internal static void AddPair(AlsOptions o, ReadOnlySpan<float> z, float r, double[] a, double[] b)
    {
        double weight = o.Alpha * Math.Abs(r);
        for (int i = 0; i < z.Length; i++)
        {
            b[i] += r > 0 ? weight * z[i] : 0;
            double scaled = (weight - 1) * z[i];
            for (int j = 0; j < z.Length; j++)
                a[i * z.Length + j] += scaled * z[j];
        }
    }

    /// <summary>|Ax − b| relative to |A||x| + |b|.</summary>
    internal static double BackwardError(double[] a, double[] b, float[] x)
    {
        double residual = 0, matrix = 0, vector = 0, right = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double product = -b[i];
            for (int j = 0; j < x.Length; j++)
            {
                product += a[i * x.Length + j] * x[j];
                matrix += a[i * x.Length + j] * a[i * x.Length + j];
            }
            residual += product * product;
            vector += (double)x[i] * x[i];
            right += b[i] * b[i];
        }
        return right == 0 && vector == 0 ? 0 : Math.Sqrt(residual) / (Math.Sqrt(matrix * vector) + Math.Sqrt(right));
    }

    private static AlignedBlock<float> Padded(double[] gram, int rank, int size)
    {
        var block = new AlignedBlock<float>(size * size);
        for (int i = 0; i < rank; i++)
            for (int j = 0; j < rank; j++)
                block.Span[i * size + j] = (float)gram[i * rank + j];
        return block;
    }
}
