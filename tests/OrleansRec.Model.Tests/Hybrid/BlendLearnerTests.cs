using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Tests.Hybrid;

/// <summary>Recovers planted weights and planted probabilities, and checks that the optimum is one.</summary>
public sealed class BlendLearnerTests
{
    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>Users whose candidates are taken with probability σ(2·a − b + 0·c − 0.5).</summary>
    private static BlendExamples Planted(int users)
    {
        var random = new Random(4);
        var examples = new BlendExamples(["a", "b", "c"]);
        for (int user = 0; user < users; user++)
        {
            for (int n = 0; n < 20; n++)
            {
                double[] f = [random.NextDouble() * 4 - 2, random.NextDouble() * 4 - 2, random.NextDouble() * 4 - 2];
                examples.Add(f, random.NextDouble() < Sigma(2 * f[0] - f[1] - 0.5));
            }
            examples.EndGroup();
        }
        return examples;
    }

    [Theory, InlineData(BlendLoss.Logistic), InlineData(BlendLoss.Pairwise)]
    public void Learn_PlantedWeights_AreFoundInTheirRatio(BlendLoss loss)
    {
        var learned = BlendLearner.Learn(Planted(1_000), loss).Weights;
        Assert.InRange(learned["a"], 1.6, 2.4);
        Assert.Equal(-0.5, learned["b"] / learned["a"], 0.06);
        Assert.Equal(0, learned["c"] / learned["a"], 0.06);
    }

    [Theory, InlineData(BlendLoss.Logistic), InlineData(BlendLoss.Pairwise)]
    public void Learn_Twice_GivesTheSameBits(BlendLoss loss)
    {
        BlendWeights one = BlendLearner.Learn(Planted(50), loss), two = BlendLearner.Learn(Planted(50), loss);
        Assert.Equal(one.Weights, two.Weights);
        Assert.Equal(one.Bias, two.Bias);
    }

    [Fact]
    public void Learn_SeparableData_StaysFinite()
    {
        var examples = new BlendExamples(["a", "same"]);
        for (int user = 0; user < 5; user++)
        {
            examples.Add([1, 7], true);
            examples.Add([-1, 7], false);
            examples.EndGroup();
        }
        foreach (var loss in Enum.GetValues<BlendLoss>())
        {
            var learned = BlendLearner.Learn(examples, loss);
            Assert.InRange(learned.Of("a"), 1, 1e3);
            Assert.True(double.IsFinite(learned.Of("same")));
        }
    }

    [Fact]
    public void Examples_UserWithoutBothKinds_IsDropped()
    {
        var examples = new BlendExamples(["a"]);
        examples.Add([1], true);
        examples.Add([2], true);
        examples.EndGroup();
        Assert.Equal((0, 0), (examples.GroupCount, examples.Count));
        Assert.Throws<ArgumentException>(() => BlendLearner.Learn(examples, BlendLoss.Pairwise));
        Assert.Throws<ArgumentException>(() => examples.Add([1, 2], true));
        Assert.Throws<ArgumentException>(() => examples.Add([double.NaN], true));
    }

    [Fact]
    public void Sigmoid_Fit_FindsThePlantedOne()
    {
        var random = new Random(8);
        double[] scores = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextDouble() * 6 - 3)];
        bool[] taken = Array.ConvertAll(scores, s => random.NextDouble() < Sigma(1.5 * s - 1));
        var sigmoid = Sigmoid.Fit(scores, taken);
        Assert.Equal(1.5, sigmoid.Slope, 0.08);
        Assert.Equal(-1, sigmoid.Intercept, 0.08);
        var reliability = Reliability.Of(Array.ConvertAll(scores, sigmoid.Of), taken);
        Assert.True(reliability.Error < 0.02);
        Assert.Equal(20_000, reliability.Rows.Sum(r => r.Count));
        Assert.True(Reliability.Of(Array.ConvertAll(scores, s => Sigma(3 * s + 2)), taken).Error > 0.1);
    }

    [Fact]
    public void Sigmoid_OfSeparableScores_StaysFinite_OfOneKind_Throws()
    {
        var sigmoid = Sigmoid.Fit([1, 2, -1, -2], [true, true, false, false]);
        Assert.True(double.IsFinite(sigmoid.Slope) && sigmoid.Of(2) is > 0.6 and < 1);
        Assert.Throws<ArgumentException>(() => Sigmoid.Fit([1, 2], [true, true]));
        Assert.Throws<ArgumentException>(() => Sigmoid.Fit([1, 2], [true]));
    }

    [Fact]
    public void Reliability_ByHand()
    {
        var table = Reliability.Of([0.1, 0.3, 0.8, 1.0], [false, true, true, true], groups: 2);
        Assert.Equal([new(2, 0.2, 0.5), new(2, 0.9, 1)], table.Rows.Select(r => new ReliabilityRow(r.Count, Math.Round(r.Predicted, 9), r.Taken)));
        Assert.Equal(0.2, table.Error, 1e-9);
        Assert.Equal((0.01 + 0.49 + 0.04) / 4, table.Brier, 1e-9);
    }
}
