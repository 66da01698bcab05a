namespace OrleansRec.Model.Tests.Als;

/// <summary>A row solved through as many equations as it has pairs has the solution of its k equations, which are kept in double; and the same bits wherever it is solved.</summary>
public sealed class ShortRowTests
{
    private const int Most = 130;

    // Float's 6e-8 times a condition number that stays below 10^4 here.
    private const double FloatTolerance = 2e-4;

    public static TheoryData<string> Rungs => KernelTests.Rungs;

    [Theory]
    [MemberData(nameof(Rungs))]
    public void TrySolve_EveryLengthAndRankTo130_SatisfiesTheEquationsInDouble(string rung)
    {
        for (int rank = 1; rank <= Most; rank++)
            CheckRank(rung, rank);
    }

    /// <summary>Longer than k too: the identity holds there as well, and whole vectors are met on either side.</summary>
    private static void CheckRank(string rung, int rank)
    {
        var random = new Random(rank);
        // Every third rank has pairs with d = 0, which enter b alone.
        var o = new AlsOptions { Rank = rank, Alpha = 1, Lambda = 2 };
        float[] y = PlantedPairs.Factors(Most + 1, rank, random), x = new float[rank];
        float[] values = [.. Enumerable.Range(0, Most).Select(_ => rank % 3 == 0 ? 1f + random.Next(3) / 2 : 1.5f + random.Next(4))];
        int[] columns = [.. Enumerable.Range(0, Most)];
        double[] gram = PlantedPairs.Gram(y, rank), a = [.. gram], b = new double[rank];
        var kernels = RungNames.Find<float>(rung);
        var side = new ShortRowSide(new RowSystem(o, y, Most + 1, gram, 0), gram, Most + 1, Array.Find(RowPassKernels.All, k => k.Name == kernels.Name)!);
        var equations = new ShortRowEquations(kernels, rank, Most, Most);
        for (int i = 0; i < rank; i++)
            a[i * rank + i] += o.Lambda;
        for (int n = 1; n <= Most; n++)
        {
            RowEquationsTests.AddPair(o, y.AsSpan((n - 1) * rank, rank), values[n - 1], a, b);
            Assert.True(equations.TrySolve(side, columns.AsSpan(0, n), values.AsSpan(0, n)), $"{rung}: {n} pairs, rank {rank}");
            Leave(side, equations, x);
            double error = RowEquationsTests.BackwardError(a, b, x);
            // As of the k equations: sums of n and of k terms in float and a few roundings; and k more each for turning the pairs and the solution.
            double bound = (n + 3 * rank + 16) * Math.Pow(2, -24);
            Assert.True(error <= bound, $"{rung}: {n} pairs, rank {rank}: backward error {error:E2}, bound {bound:E2}");
        }
    }

    [Theory]
    [InlineData(1e-6, 1e6)]
    [InlineData(1e-6, 3)]
    [InlineData(1e-2, 1e3)]
    [InlineData(10, 1e4)]
    public void TrySolve_SmallLambdaOrLargeWeights_ComesAsNearAsTheLargerEquations(double lambda, double alpha)
    {
        const int Rank = 64, Others = 2000;
        var random = new Random(5);
        // Factors that fall by a thousand from first to last, so that YᵀY is as unlike a diagonal as trained ones get.
        float[] y = PlantedPairs.Factors(Others, Rank, random);
        for (int i = 0; i < y.Length; i++)
            y[i] *= MathF.Pow(10, -3f * (i % Rank) / Rank);
        var o = new AlsOptions { Rank = Rank, Lambda = lambda, Alpha = alpha };
        var rows = PlantedPairs.OneRow(30, random);
        rows = new(rows.Starts, rows.Columns(0).ToArray(), [.. rows.Values(0).ToArray().Select(r => r + 1)]);
        double[] gram = PlantedPairs.Gram(y, Rank);
        var system = new RowSystem(o, y, Others, gram, 0);
        var side = new ShortRowSide(system, gram, Others, RowPassKernels.Chosen);
        var equations = new ShortRowEquations(KernelRung.Single, Rank, Rank, Rank);
        float[] x = new float[Rank], large = new float[Rank];
        Assert.True(equations.TrySolve(side, rows.Columns(0), rows.Values(0)));
        Leave(side, equations, x);
        system.SolveExactly(rows.Columns(0), rows.Values(0), large, new RowSolverScratch(Rank));
        var expected = RowReference.Solve(o, rows, 0, y);
        // What all rows share is solved in double, so nothing is left of how badly conditioned it is.
        double distance = RowReference.Distance(x, expected), other = RowReference.Distance(large, expected);
        Assert.True(distance <= Math.Max(2e-5, other), $"{distance:E2} from the double solution, the larger equations {other:E2}");
    }

    [Theory]
    [InlineData(Confidence.Scaled, 1, null)]
    [InlineData(Confidence.Scaled, 2, 1.0)]
    [InlineData(Confidence.Scaled, 0.4, null)]
    [InlineData(Confidence.OnePlus, 2, 0.5)]
    [InlineData(Confidence.Unobserved, 1, 1.0)]
    public void Solve_ShortRows_EveryReadingOfConfidence_MatchesDouble(Confidence confidence, double alpha, double? exponent)
    {
        foreach (int length in new[] { 1, 2, 15, 16, 17, 47, 48, 49, 100 })
            Check(new AlsOptions { Rank = 64, Lambda = exponent > 0 ? 0.05 : 5, Alpha = alpha, Confidence = confidence, LambdaExponent = exponent, UnobservedWeight = 0.3 }, length);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(65)]
    public void Solve_ShortRows_Explicit_MatchesDouble(int rank)
    {
        foreach (int length in new[] { 1, 2, 15, 16, 17, 47, 48, 49, 100 })
            Check(new AlsOptions { Rank = rank, Objective = Objective.Explicit, Lambda = 0.1 }, length, mean: 3.5);
    }

    [Fact]
    public void TrySolve_ConfidenceBelowOne_IsLeftToTheLargerEquations()
    {
        var (side, equations) = Side(new AlsOptions { Rank = 32, Alpha = 1 });
        Assert.False(equations.TrySolve(side, [0, 1], [3, 0.5f]));
        Assert.True(equations.TrySolve(side, [0, 1], [3, 1]));
    }

    [Fact]
    public void TrySolve_MorePairsThanThePlace_IsLeftToTheLargerEquations()
    {
        var (side, equations) = Side(new AlsOptions { Rank = 32, Alpha = 1 });
        int most = ShortRowRule.RaisingMax(32);
        int[] columns = [.. Enumerable.Range(0, most + 1)];
        Assert.False(equations.TrySolve(side, columns, [.. columns.Select(_ => 2f)]));
        Assert.True(equations.TrySolve(side, columns, [1, .. columns.Skip(1).Select(_ => 2f)]));
    }

    [Fact]
    public void Solve_AloneOrInBatchesOfAnySize_GivesTheSameBits()
    {
        var data = PlantedPairs.From(300, 150, [.. from u in Enumerable.Range(0, 300) from i in Enumerable.Range(0, u % 3 == 0 ? 10 + u % 7 : 20 + u % 100) select (u, (i * 7 + u) % 150, 1f + (u + i) % 4)]);
        var o = new AlsOptions { Rank = 48, Lambda = 3, LambdaExponent = 0.5 };
        float[] y = PlantedPairs.Factors(150, 48, new Random(6)), alone = new float[300 * 48];
        var half = new HalfSweep(o, y, 150, PlantedPairs.Gram(y, 48), 0);
        double[] observed = new double[300];
        for (int row = 299; row >= 0; row--)
        {
            half.Solve(data.ByUser, row, alone.AsSpan(row * 48, 48), half.CreateScratch());
            observed[row] = half.Observed(data.ByUser, row, alone.AsSpan(row * 48, 48));
        }
        // Both kinds of rows are there.
        int most = ShortRowRule.RaisingMax(48);
        Assert.Contains(Enumerable.Range(0, 300), row => data.ByUser.Columns(row).Length < most / 2);
        Assert.Contains(Enumerable.Range(0, 300), row => data.ByUser.Columns(row).Length > 2 * most);
        foreach (int pieces in new[] { 1, 2, 7, 300 })
        {
            var together = new float[300 * 48];
            var losses = new double[300];
            foreach (RowBatch batch in half.Divide(data.ByUser, pieces))
                half.Solve(data.ByUser, batch, together, half.CreateScratch(), static () => { }, losses);
            Assert.Equal(alone, together);
            Assert.Equal(observed, losses);
        }
    }

    private static (ShortRowSide Side, ShortRowEquations Equations) Side(AlsOptions o)
    {
        float[] y = PlantedPairs.Factors(50, o.Width, new Random(8));
        double[] gram = PlantedPairs.Gram(y, o.Width);
        var scratch = new RowSolverScratch(o.Width);
        return (new ShortRowSide(new RowSystem(o, y, 50, gram, 0), gram, 50, RowPassKernels.Chosen), scratch.Short);
    }

    private static void Leave(ShortRowSide side, ShortRowEquations equations, Span<float> x)
    {
        AlignedBlock<float> inside = new(side.Size), outside = new(side.Size);
        equations.X[..x.Length].CopyTo(inside.Span);
        side.Leave(inside, 1, outside);
        outside.Span[..x.Length].CopyTo(x);
    }

    private static void Check(AlsOptions o, int length, double mean = 0)
    {
        var random = new Random(length);
        int others = length + 60;
        float[] y = PlantedPairs.Factors(others, o.Width, random), x = new float[o.Width];
        var rows = PlantedPairs.OneRow(length, random);
        var half = new HalfSweep(o, y, others, o.Objective == Objective.Explicit ? [] : PlantedPairs.Gram(y, o.Width), mean);
        half.Solve(rows, 0, x, half.CreateScratch());
        double distance = RowReference.Distance(x, RowReference.Solve(o, rows, 0, y, mean));
        Assert.True(distance < FloatTolerance, $"rank {o.Rank}, {length} pairs: {distance:E2} from the double solution");
    }
}
