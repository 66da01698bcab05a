namespace OrleansRec.Model.Tests.Als;

/// <summary>A row's solution is that of MathNet's double-precision solve, at every rank, in every reading of confidence; its bits depend on nothing else.</summary>
public sealed class HalfSweepTests
{
    // Condition numbers here stay below 10^4; float's 6e-8 times that is the order of the bound.
    private const double FloatTolerance = 2e-4;
    private static readonly int[] Lengths = [1, 3, 31, 128, 129, 300];

    [Fact]
    public void Solve_EveryRankTo130_MatchesDouble()
    {
        for (int rank = 1; rank <= 130; rank++)
        {
            var o = new AlsOptions { Rank = rank, Lambda = 3, Alpha = 2 };
            Check(o, Lengths[rank % Lengths.Length], rank);
        }
    }

    [Theory]
    [InlineData(Confidence.Scaled, 1, null)]
    [InlineData(Confidence.Scaled, 0.4, 1.0)]
    [InlineData(Confidence.OnePlus, 2, 0.5)]
    [InlineData(Confidence.Unobserved, 1, 1.0)]
    public void Solve_EveryReadingOfConfidence_MatchesDouble(Confidence confidence, double alpha, double? exponent)
    {
        foreach (int length in Lengths)
            Check(new AlsOptions { Rank = 24, Lambda = exponent > 0 ? 0.05 : 5, Alpha = alpha, Confidence = confidence, LambdaExponent = exponent, UnobservedWeight = 0.3 }, length, length);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(63)]
    public void Solve_Explicit_MatchesDouble(int rank)
    {
        foreach (int length in Lengths)
            Check(new AlsOptions { Rank = rank, Objective = Objective.Explicit, Lambda = 0.1 }, length, length, mean: 3.5);
    }

    [Fact]
    public void Solve_NoPairs_GivesZeros()
    {
        var o = new AlsOptions { Rank = 5 };
        var y = PlantedPairs.Factors(4, 5, new Random(1));
        float[] x = [1, 2, 3, 4, 5];
        var half = new HalfSweep(o, y, 4, PlantedPairs.Gram(y, 5), 0);
        half.Solve(new InteractionRows([0, 0], [], []), 0, x, half.CreateScratch());
        Assert.All(x, v => Assert.Equal(0, v));
    }

    [Fact]
    public void Solve_ValuesBelowZero_CountAsPreferenceZero()
    {
        var o = new AlsOptions { Rank = 3, Lambda = 1, Alpha = 2 };
        var y = PlantedPairs.Factors(6, 3, new Random(2));
        var half = new HalfSweep(o, y, 6, PlantedPairs.Gram(y, 3), 0);
        float[] x = new float[3];
        half.Solve(new InteractionRows([0, 2], [1, 4], [-3, -1]), 0, x, half.CreateScratch());
        Assert.All(x, v => Assert.Equal(0, v, 1e-7f));
    }

    [Fact]
    public void Solve_FloatCannotFactorise_SolvesInDouble()
    {
        // Factors of size 1000 that all lie in one direction: without λ = 1e-3 the matrix is singular, and 1e9 swallows 1e-3 in float.
        var o = new AlsOptions { Rank = 8, Lambda = 1e-3, Alpha = 1 };
        float[] y = [.. Enumerable.Repeat(1000f, 20 * 8)];
        var rows = PlantedPairs.OneRow(10, new Random(3));
        var half = new HalfSweep(o, y, 20, PlantedPairs.Gram(y, 8), 0);
        float[] x = new float[8];
        half.Solve(rows, 0, x, half.CreateScratch());
        double score = x.Sum(v => 1000.0 * v);
        Assert.True(double.IsFinite(score));
        var expected = RowReference.Solve(o, rows, 0, y).Sum() * 1000;
        Assert.Equal(expected, score, 1e-3);
    }

    [Fact]
    public void Solve_SameScratchOrFresh_OtherRowsBeforeOrNot_SameBits()
    {
        var data = PlantedPairs.Random(60, 50, 0.3, 4);
        var o = new AlsOptions { Rank = 20 };
        var y = PlantedPairs.Factors(50, 20, new Random(5));
        var half = new HalfSweep(o, y, 50, PlantedPairs.Gram(y, 20), 0);
        var shared = half.CreateScratch();
        foreach (int row in Enumerable.Range(0, 60).Reverse())
        {
            float[] one = new float[20], other = new float[20];
            half.Solve(data.ByUser, row, one, shared);
            half.Solve(data.ByUser, row, other, half.CreateScratch());
            Assert.Equal(one, other);
        }
    }

    [Fact]
    public void Divide_RangesWithMostWork_ComeFirst()
    {
        var random = new Random(7);
        int[] lengths = [.. Enumerable.Range(0, 200).Select(row => row == 150 ? 90 : random.Next(1, 6))];
        var rows = PlantedPairs.Rows(200, lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(column => (row, column, 1f))));
        var half = new HalfSweep(new AlsOptions { Rank = 4 }, new float[100 * 4], 100, new double[16], 0);
        RowBatch[] batches = half.Divide(rows, 40);
        Assert.InRange(150, batches[0].First, batches[0].End - 1);
        Assert.Equal(Enumerable.Range(0, 200), batches.SelectMany(b => Enumerable.Range(b.First, b.End - b.First)).Order());
    }

    private static void Check(AlsOptions o, int length, int seed, double mean = 0)
    {
        var random = new Random(seed);
        int others = length + 40;
        var y = PlantedPairs.Factors(others, o.Width, random);
        var rows = PlantedPairs.OneRow(length, random);
        var half = new HalfSweep(o, y, others, o.Objective == Objective.Explicit ? [] : PlantedPairs.Gram(y, o.Width), mean);
        float[] x = new float[o.Width];
        half.Solve(rows, 0, x, half.CreateScratch());
        double distance = RowReference.Distance(x, RowReference.Solve(o, rows, 0, y, mean));
        Assert.True(distance < FloatTolerance, $"rank {o.Rank}, {length} pairs: {distance:E2} from the double solution");
    }
}
