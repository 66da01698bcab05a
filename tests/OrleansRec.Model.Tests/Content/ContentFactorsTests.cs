using MathNet.Numerics.LinearAlgebra;
using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Content;

/// <summary>Ridge regression from content to factors in both forms, the caller's vectors, and folding in an item.</summary>
public sealed class ContentFactorsTests
{
    private static SparseVector[] Random(int items, int tokens, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, items).Select(_ => SparseVector.Of(Enumerable.Range(0, 6).Select(_ => ((ulong)random.Next(tokens) * 977 + 5, random.NextDouble()))).ToUnit())];
    }

    [Theory, InlineData(80, 20, false), InlineData(25, 300, false), InlineData(25, 300, true)]
    public void Fit_MoreItemsOrMoreTokens_IsTheRidgeSolution(int items, int tokens, bool isWeighed)
    {
        const int Width = 18;
        const double Lambda = 0.7;
        var (content, random) = (Random(items, tokens, 3), new Random(1));
        float[] factors = [.. Enumerable.Range(0, items * Width).Select(_ => random.NextSingle() - 0.5f)];
        int[]? counts = isWeighed ? [.. Enumerable.Range(0, items).Select(n => n * n)] : null;
        ulong[] keys = [.. content.SelectMany(c => c.Keys).Distinct().Order()];
        var c = Matrix<double>.Build.Dense(items, keys.Length);
        for (int i = 0; i < items; i++)
            for (int n = 0; n < content[i].Keys.Length; n++)
                c[i, Array.IndexOf(keys, content[i].Keys[n])] = content[i].Values[n];
        var y = Matrix<double>.Build.Dense(items, Width, (i, f) => factors[i * Width + f]);
        var weights = Matrix<double>.Build.DiagonalOfDiagonalArray([.. Enumerable.Range(0, items).Select(n => counts is null ? 1 : Math.Sqrt(counts[n]))]);
        var w = (c.Transpose() * weights * c + Lambda * Matrix<double>.Build.DenseIdentity(keys.Length)).Solve(c.Transpose() * weights * y);
        var ridge = ContentFactors.Fit(content, factors, Width, Lambda, counts);
        var predicted = new float[Width];
        ridge.Predict(content[4], predicted);
        var expected = w.TransposeThisAndMultiply(c.Row(4).ToColumnMatrix()).Column(0);
        for (int f = 0; f < Width; f++)
            Assert.Equal(expected[f], predicted[f], 1e-5);
    }

    [Fact]
    public void Predict_UnknownTokens_AddNothing_BadShapes_Throw()
    {
        var ridge = ContentFactors.Fit([new([1], [1f])], [2f, 4f], 2, 1);
        var factors = new float[2];
        ridge.Predict(new([1, 9], [1f, 5f]), factors);
        Assert.Equal([1f, 2f], factors);
        ridge.Predict(new([9], [5f]), factors);
        Assert.Equal([0f, 0f], factors);
        Assert.Throws<ArgumentException>(() => ContentFactors.Fit([new([1], [1f])], [2f], 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ContentFactors.Fit([new([1], [1f])], [2f], 1, 0));
        Assert.Throws<ArgumentException>(() => ridge.Predict(SparseVector.Zero, new float[3]));
    }

    [Fact]
    public void DenseVectors_ScoreIsTheCosineWithTheProfile_AndReasonsSumToIt()
    {
        string[] ids = ["a", "b", "none"];
        var part = new DenseVectorPart("image", ids, [3, 4, 0, 2, 0, 0], 2, id => id == "x" ? [0, 5] : id == "y" ? [9, 0] : null, new() { ValuePower = 1 });
        var query = part.Prepare(new([new("x", 2, 0), new("y", 1, 0), new("without", 4, 0)]));
        var scores = new float[3];
        part.Score(query, scores);
        Assert.Equal((0.6 + 2 * 0.8) / Math.Sqrt(5), scores[0], 1e-6);
        Assert.Equal(2 / Math.Sqrt(5), scores[1], 1e-6);
        Assert.Equal(0, scores[2]);
        var amounts = new double[3];
        Assert.Equal(scores[0], part.Explain(query, 0, amounts) + amounts.Sum(), 1e-6);
        Assert.Throws<ArgumentException>(() => new DenseVectorPart("image", ids, [1], 2, _ => null, new()));
        var wrong = new DenseVectorPart("image", ids, new float[6], 2, _ => [1f], new());
        Assert.Throws<ArgumentException>(() => wrong.Prepare(new([new("x", 1, 0)])));
    }

    private static readonly AlsOptions Options = new() { Rank = 6, Lambda = 2, LambdaExponent = 0.5, Confidence = Confidence.Unobserved, UnobservedWeight = 0.2, Sweeps = 3 };

    [Fact]
    public void ItemFoldIn_WithoutAPrior_IsTheItemsRowOfTheNextHalfSweep()
    {
        var shop = PlantedPairs.Random(40, 30, 0.2, seed: 6);
        var model = AlsTrainer.Train(Options, shop.UserIds, shop.ItemIds, shop.ByUser, shop.ByItem);
        var foldIn = new ItemFoldIn(Options, PlantedPairs.Gram(model.UserFactors, 6), 40);
        var y = new float[6];
        for (int item = 0; item < 30; item++)
        {
            float[] users = [.. shop.ByItem.Columns(item).ToArray().SelectMany(u => model.UserFactors[(u * 6)..((u + 1) * 6)])];
            foldIn.Solve(users, shop.ByItem.Values(item), [], 0, y);
            Assert.True(RowReference.Distance(y, RowReference.Solve(Options, shop.ByItem, item, model.UserFactors)) < 1e-5);
        }
    }

    [Fact]
    public void ItemFoldIn_StrongPriorOrNoEvents_IsTheContent_EventsPullAway()
    {
        var random = new Random(3);
        float[] users = PlantedPairs.Factors(20, 6, random), prior = [1, 0, 0, 0, 0, 0], y = new float[6];
        var foldIn = new ItemFoldIn(Options, PlantedPairs.Gram(users, 6), 20);
        foldIn.Solve([], [], prior, 1e6, y);
        Assert.Equal(1, y[0], 1e-3);
        foldIn.Solve(users, [.. Enumerable.Repeat(5f, 20)], prior, 1, y);
        Assert.True(Math.Abs(y[0] - 1) > 0.05);
        Assert.Throws<ArgumentException>(() => foldIn.Solve(users, [1f], prior, 1, new float[6]));
        Assert.Throws<ArgumentException>(() => new ItemFoldIn(new() { Objective = Objective.Explicit }, new double[65 * 65], 5));
    }
}
