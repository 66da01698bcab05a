using MathNet.Numerics.LinearAlgebra;

namespace OrleansRec.Model.Tests.Als;

/// <summary>
/// Goal: the approximate solvers come to the exact solution as they are given more steps, improve a row from wherever it is, and give a row the same bits whatever is solved
/// beside it. Method: MathNet's double-precision solve of the same equations; the same side divided in many ways.
/// </summary>
public sealed class ApproximateSolverTests
{
    private static readonly AlsOptions ManySteps = new()
    {
        Lambda = 3, Alpha = 2, ConjugateGradientSteps = 100, ConjugateGradientTolerance = 0, SubspaceRounds = 100, SubspaceBlock = 16,
    };

    [Theory]
    [InlineData(RowSolver.ConjugateGradient)]
    [InlineData(RowSolver.Subspace)]
    [InlineData(RowSolver.Auto)]
    public void Solve_ManySteps_MatchesDoubleAtEveryRankTo130(RowSolver solver)
    {
        for (int rank = 1; rank <= 130; rank++)
            Check(ManySteps with { Rank = rank, Solver = solver }, pairs: 1 + rank * 53 % 130, seed: rank);
    }

    [Theory]
    [InlineData(RowSolver.ConjugateGradient)]
    [InlineData(RowSolver.Subspace)]
    [InlineData(RowSolver.Auto)]
    public void Solve_ManySteps_MatchesDoubleAtEveryLengthTo130(RowSolver solver)
    {
        for (int pairs = 1; pairs <= 130; pairs++)
            Check(ManySteps with { Rank = 1 + pairs * 71 % 130, Solver = solver }, pairs, seed: pairs);
    }

    [Theory]
    [InlineData(RowSolver.ConjugateGradient, Confidence.Scaled, 0.4)]
    [InlineData(RowSolver.ConjugateGradient, Confidence.Unobserved, 1)]
    [InlineData(RowSolver.Subspace, Confidence.Scaled, 0.4)]
    [InlineData(RowSolver.Subspace, Confidence.OnePlus, 1)]
    public void Solve_OtherReadingsAndScaledRegularisation_MatchesDouble(RowSolver solver, Confidence confidence, double alpha) =>
        Check(ManySteps with { Rank = 40, Solver = solver, Confidence = confidence, Alpha = alpha, LambdaExponent = 0.5, Lambda = 0.5, UnobservedWeight = 0.3 }, 70, 5);

    [Theory]
    [InlineData(RowSolver.ConjugateGradient)]
    [InlineData(RowSolver.Subspace)]
    [InlineData(RowSolver.Auto)]
    public void Solve_Explicit_MatchesDouble(RowSolver solver) =>
        Check(ManySteps with { Rank = 33, Solver = solver, Objective = Objective.Explicit, Lambda = 0.1 }, 60, 6, mean: 3.5);

    /// <summary>1,200 pairs at rank 130 are more than a packed row holds.</summary>
    [Theory]
    [InlineData(RowSolver.ConjugateGradient)]
    [InlineData(RowSolver.Subspace)]
    [InlineData(RowSolver.Auto)]
    public void Solve_LongRow_MatchesDouble(RowSolver solver) => Check(ManySteps with { Rank = 130, Solver = solver }, 1_200, 7);

    [Theory]
    [InlineData(RowSolver.ConjugateGradient)]
    [InlineData(RowSolver.Subspace)]
    public void Solve_FromItsLastValue_LowersTheRowsObjective(RowSolver solver)
    {
        var random = new Random(9);
        var o = new AlsOptions { Rank = 48, Lambda = 1, Alpha = 3, Solver = solver, ConjugateGradientSteps = 1, SubspaceRounds = 1 };
        var y = PlantedPairs.Factors(400, 48, random);
        var rows = PlantedPairs.OneRow(200, random);
        var (a, b) = RowReference.Equations(o, rows.Columns(0), rows.Values(0), y, 0);
        var half = new HalfSweep(o, y, 400, PlantedPairs.Gram(y, 48), 0);
        float[] x = PlantedPairs.Factors(1, 48, random);
        double start = Value(x), last = start, best = -(b * a.Cholesky().Solve(b));
        for (int round = 0; round < 8; round++)
        {
            half.Solve(rows, 0, x, half.CreateScratch());
            double now = Value(x);
            Assert.True(now <= last + 1e-6 * Math.Abs(last), $"round {round}: {now} after {last}");
            last = now;
        }
        Assert.True(last - best < 0.01 * (start - best), $"{last} after 8 rounds from {start}; the least is {best}");

        double Value(float[] v)
        {
            var d = Vector<double>.Build.Dense(v.Length, i => v[i]);
            return d * a * d - 2 * (b * d);
        }
    }

    /// <summary>Users: where they stood before must not matter, because a training that goes on from a checkpoint does not know it.</summary>
    [Theory]
    [InlineData(RowSolver.ConjugateGradient)]
    [InlineData(RowSolver.Subspace)]
    [InlineData(RowSolver.Auto)]
    public void Solve_FromZero_DoesNotDependOnTheLastValue(RowSolver solver)
    {
        var random = new Random(10);
        var o = new AlsOptions { Rank = 100, Solver = solver };
        var y = PlantedPairs.Factors(300, 100, random);
        var half = new HalfSweep(o, y, 300, PlantedPairs.Gram(y, 100), 0, fromZero: true);
        var rows = PlantedPairs.OneRow(50, random);
        float[] one = PlantedPairs.Factors(1, 100, random), other = new float[100];
        half.Solve(rows, 0, one, half.CreateScratch());
        half.Solve(rows, 0, other, half.CreateScratch());
        Assert.Equal(other, one);
    }

    /// <summary>Rows of 1,100 to 1,300 pairs among short and empty ones, at a rank at which those are solved in step.</summary>
    [Theory]
    [InlineData(RowSolver.ConjugateGradient)]
    [InlineData(RowSolver.Subspace)]
    [InlineData(RowSolver.Auto)]
    public void Solve_DividedInAnyWay_SameBits(RowSolver solver)
    {
        const int width = 128, others = 1_400, count = 90;
        var random = new Random(11);
        var o = new AlsOptions { Rank = width, Solver = solver, Lambda = 5 };
        float[] y = PlantedPairs.Factors(others, width, random), start = PlantedPairs.Factors(count, width, random);
        var rows = PlantedPairs.Rows(count, from row in Enumerable.Range(0, count)
                                            let pairs = row % 3 == 0 ? 1_100 + random.Next(200) : row % 7 == 0 ? 0 : row
                                            from column in Enumerable.Range(0, others).OrderBy(_ => random.Next()).Take(pairs).ToArray()
                                            select (row, column, 1f + (row + column) % 5));
        var half = new HalfSweep(o, y, others, PlantedPairs.Gram(y, width), 0);
        float[] expected = [.. start];
        for (int row = 0; row < count; row++)
            half.Solve(rows, row, expected.AsSpan(row * width, width), half.CreateScratch());
        foreach (int pieces in new[] { 1, 2, 7, 40 })
        {
            float[] factors = [.. start];
            var scratch = half.CreateScratch();
            var batches = half.Divide(rows, pieces);
            Assert.Equal(solver != RowSolver.Subspace, batches.Any(b => b.InStep.Length > 0));
            foreach (var batch in batches.Reverse())
                half.Solve(rows, batch, factors, scratch, static () => { });
            Assert.True(expected.AsSpan().SequenceEqual(factors), $"{pieces} pieces");
        }
    }

    [Theory]
    [InlineData(31, 1, RowSolver.Cholesky)]
    [InlineData(32, 32, RowSolver.ConjugateGradient)]
    [InlineData(32, 33, RowSolver.Cholesky)]
    [InlineData(63, 64, RowSolver.Cholesky)]
    [InlineData(64, 100_000, RowSolver.ConjugateGradient)]
    public void Of_Auto_ChoosesByRankAndLength(int rank, int pairs, RowSolver expected) =>
        Assert.Equal(expected, SolverChoice.Of(new() { Rank = rank, Solver = RowSolver.Auto }, pairs));

    [Fact]
    public void Solve_BatchWithFactorsOfAnotherSize_SaysBothSizes()
    {
        var o = new AlsOptions { Rank = 4 };
        var y = PlantedPairs.Factors(5, 4, new Random(1));
        var half = new HalfSweep(o, y, 5, PlantedPairs.Gram(y, 4), 0);
        var rows = PlantedPairs.OneRow(3, new Random(2));
        var e = Assert.Throws<ArgumentException>(() => half.Solve(rows, half.Divide(rows, 1)[0], new float[5], half.CreateScratch(), static () => { }));
        Assert.Contains("got 5", e.Message, StringComparison.Ordinal);
    }

    // A row of the exact solver ends within 2e-4 of the double solution (HalfSweepTests); turning into the basis and back adds k·2⁻²⁴ of rounding.
    private static void Check(AlsOptions o, int pairs, int seed, double mean = 0)
    {
        var random = new Random(seed);
        int others = pairs + 40;
        var y = PlantedPairs.Factors(others, o.Width, random);
        var rows = PlantedPairs.OneRow(pairs, random);
        var half = new HalfSweep(o, y, others, o.Objective == Objective.Explicit ? [] : PlantedPairs.Gram(y, o.Width), mean);
        float[] x = PlantedPairs.Factors(1, o.Width, random);
        half.Solve(rows, 0, x, half.CreateScratch());
        double distance = RowReference.Distance(x, RowReference.Solve(o, rows, 0, y, mean));
        Assert.True(distance < 5e-4, $"{o.Solver}, rank {o.Rank}, {pairs} pairs: {distance:E2} from the double solution");
    }
}
