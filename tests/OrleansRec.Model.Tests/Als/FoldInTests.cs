using MathNet.Numerics.LinearAlgebra;

namespace OrleansRec.Model.Tests.Als;

/// <summary>A folded-in user is MathNet's double-precision solution, and an explanation adds up to the score.</summary>
public sealed class FoldInTests
{
    // x is rounded to float once (6e-8) and the refined error is below that.
    private const double Tolerance = 5e-7;
    private const int Items = 500;

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string reading in new[] { "Scaled", "OnePlus", "Unobserved", "Explicit" })
                foreach (int rank in new[] { 1, 8, 33, 64, 100 })
                    cases.Add(reading, rank);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Solve_AnyHistory_MatchesDouble(string reading, int rank)
    {
        var (o, y, fold, mean) = Planted(reading, rank);
        var scratch = fold.CreateScratch();
        foreach (int n in new[] { 1, 2, 20, 63, 64, 65, 100, 300 })
        {
            var rows = PlantedPairs.OneRow(n, new Random(n));
            float[] x = new float[o.Width];
            fold.Solve(rows.Columns(0), rows.Values(0), x, scratch);
            double distance = RowReference.Distance(x, RowReference.Solve(o, rows, 0, y, mean));
            Assert.True(distance < Tolerance, $"{n} pairs: {distance:E2}");
        }
    }

    [Fact]
    public void Solve_PoorlyConditioned_StillMatchesDouble()
    {
        // Items almost in one direction and a small λ: the condition number is near 10^6, where float alone keeps one digit.
        var random = new Random(4);
        var o = new AlsOptions { Rank = 32, Lambda = 0.01, Alpha = 3 };
        var y = PlantedPairs.Factors(Items, 32, random, 0.1f);
        for (int i = 0; i < y.Length; i++)
            y[i] += 1 + i % 32 * 0.1f;
        var fold = new FoldIn(o, y, Items, PlantedPairs.Gram(y, 32), 0);
        var rows = PlantedPairs.OneRow(40, random);
        float[] x = new float[32];
        fold.Solve(rows.Columns(0), rows.Values(0), x, fold.CreateScratch());
        Assert.True(RowReference.Distance(x, RowReference.Solve(o, rows, 0, y)) < 1e-5);
    }

    [Fact]
    public void Solve_NoPairs_GivesZeros()
    {
        var (o, _, fold, _) = Planted("Scaled", 8);
        float[] x = [.. Enumerable.Repeat(1f, o.Width)];
        fold.Solve([], [], x, fold.CreateScratch());
        Assert.All(x, v => Assert.Equal(0, v));
    }

    [Fact]
    public void Solve_RowOutsideTheModel_Throws()
    {
        var (o, _, fold, _) = Planted("Scaled", 8);
        Assert.Throws<ArgumentException>(() => fold.Solve([Items], [1], new float[o.Width], fold.CreateScratch()));
        Assert.Throws<ArgumentException>(() => fold.Solve([-1], [1], new float[o.Width], fold.CreateScratch()));
        Assert.Throws<ArgumentException>(() => fold.Solve([1], [1, 2], new float[o.Width], fold.CreateScratch()));
        Assert.Throws<ArgumentException>(() => fold.Solve([1], [1], new float[o.Width + 1], fold.CreateScratch()));
    }

    [Fact]
    public void Solve_TrainedUser_GivesTheTrainedVector()
    {
        var data = PlantedPairs.Random(80, 60, 0.2, 6);
        var o = new AlsOptions { Rank = 12, Lambda = 2, Sweeps = 40 };
        var model = AlsTrainer.Train(o, data.UserIds, data.ItemIds, data.ByUser, data.ByItem);
        var fold = new FoldIn(o, model.ItemFactors, 60, model.Gram, 0);
        float[] x = new float[12];
        for (int user = 0; user < 80; user++)
        {
            fold.Solve(data.ByUser.Columns(user), data.ByUser.Values(user), x, fold.CreateScratch());
            var trained = Vector<double>.Build.Dense(12, f => model.UserFactors[user * 12 + f]);
            // Training ends with an item half-sweep, so users are one half-sweep behind: near convergence that is little.
            if (!data.ByUser.Columns(user).IsEmpty)
                Assert.True(RowReference.Distance(x, trained) < 0.05);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Explain_AnyItem_AddsUpToTheScore(string reading, int rank)
    {
        var (o, y, fold, mean) = Planted(reading, rank);
        var scratch = fold.CreateScratch();
        var rows = PlantedPairs.OneRow(30, new Random(rank));
        double[] amounts = new double[30], similarities = new double[30], weights = new double[30];
        var solution = RowReference.Solve(o, rows, 0, y, mean);
        foreach (int item in new[] { 0, 29, 30, Items - 1 })
        {
            double total = fold.Explain(rows.Columns(0), rows.Values(0), item, amounts, similarities, weights, scratch) + amounts.Sum();
            double score = 0;
            for (int f = 0; f < o.Rank; f++)
                score += y[item * o.Width + f] * solution[f];
            if (o.Objective == Objective.Explicit)
                score += mean + solution[o.Rank] + y[item * o.Width + o.Rank];
            Assert.Equal(score, total, 1e-9 * (1 + Math.Abs(score)));
            for (int n = 0; n < 30; n++)
                Assert.Equal(amounts[n], weights[n] * similarities[n]);
        }
    }

    [Theory]
    [InlineData("Scaled")]
    [InlineData("Explicit")]
    public void Query_TopK_ScoresAsTheModelDefines(string reading)
    {
        var (o, y, fold, mean) = Planted(reading, 16);
        var rows = PlantedPairs.OneRow(25, new Random(2));
        float[] x = new float[o.Width], query = new float[o.Width];
        fold.Solve(rows.Columns(0), rows.Values(0), x, fold.CreateScratch());
        float offset = fold.Query(x, query);
        var best = new ScoredRow[5];
        string[] ids = [.. Enumerable.Range(0, Items).Select(i => $"i{i}")];
        Assert.Equal(5, OrleansRec.Model.TopK.Select(query, y, o.Width, offset, [], ids, best));
        var solution = RowReference.Solve(o, rows, 0, y, mean);
        foreach (var scored in best)
        {
            double score = o.Objective == Objective.Explicit ? mean + solution[16] + y[scored.Row * o.Width + 16] : 0;
            for (int f = 0; f < 16; f++)
                score += y[scored.Row * o.Width + f] * solution[f];
            Assert.Equal(score, scored.Score, 1e-5 * (1 + Math.Abs(score)));
        }
    }

    private static (AlsOptions O, float[] Y, FoldIn Fold, double Mean) Planted(string reading, int rank)
    {
        var o = reading == "Explicit"
            ? new AlsOptions { Rank = rank, Objective = Objective.Explicit, Lambda = 0.05 }
            : new AlsOptions { Rank = rank, Confidence = Enum.Parse<Confidence>(reading), Lambda = 1, Alpha = 0.7, UnobservedWeight = 0.5 };
        double mean = reading == "Explicit" ? 3.6 : 0;
        var y = PlantedPairs.Factors(Items, o.Width, new Random(rank));
        return (o, y, new FoldIn(o, y, Items, reading == "Explicit" ? [] : PlantedPairs.Gram(y, rank), mean), mean);
    }
}
