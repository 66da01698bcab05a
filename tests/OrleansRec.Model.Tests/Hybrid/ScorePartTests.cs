using OrleansRec.Model.Content;
using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Neighbours;
using OrleansRec.Model.Tests.Als;

namespace OrleansRec.Model.Tests.Hybrid;

/// <summary>Holds every part and their blend to the contract: reasons sum to the score, and blocks merge to the list of one block.</summary>
public sealed class ScorePartTests
{
    private static readonly IReadOnlyList<IScorePart> Parts = PlantedShop.Parts();

    public static TheoryData<string> Names() => [.. Parts.Select(p => p.Name), "hybrid"];

    private static IScorePart Part(string name) => name == "hybrid" ? new Blend(Parts, PlantedShop.Weights) : Parts.Single(p => p.Name == name);

    [Theory, MemberData(nameof(Names))]
    public void Explain_OffsetAndAmounts_SumToTheScore(string name)
    {
        var part = Part(name);
        for (int seed = 0; seed < 20; seed++)
        {
            var signals = PlantedShop.Signals(seed);
            var query = part.Prepare(signals);
            var scores = new float[PlantedShop.Items];
            part.Score(query, scores);
            var amounts = new double[signals.Past.Length];
            for (int row = 0; row < scores.Length; row++)
            {
                double offset = part.Explain(query, row, amounts);
                Assert.Equal(scores[row], offset + amounts.Sum(), 1e-4 * (1e-3 + Math.Abs(offset) + amounts.Sum(Math.Abs)));
            }
            Assert.Contains(scores, s => s != 0);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Prepare_WithoutAPast_GivesNoPersonalScore(string name)
    {
        var part = Part(name);
        var query = part.Prepare(new([]));
        var scores = new float[PlantedShop.Items];
        part.Score(query, scores);
        Assert.All(scores, s => Assert.True(float.IsFinite(s)));
        if (name is not ("popular" or "hybrid"))
            Assert.All(scores, s => Assert.Equal(0, s));
    }

    [Fact]
    public void Scale_OfFactors_IsTheRootOfTheMeanSquareOfAllScores()
    {
        var part = Part("als");
        var query = part.Prepare(PlantedShop.Signals());
        var scores = new float[PlantedShop.Items];
        part.Score(query, scores);
        Assert.Equal(Math.Sqrt(scores.Average(s => (double)s * s)), query.Scale, 1e-5);
    }

    [Fact]
    public void PartsOf_AmountsAndBias_SumToTheBlendedScore()
    {
        var blend = new Blend(Parts, PlantedShop.Weights);
        var signals = PlantedShop.Signals();
        var query = blend.Prepare(signals);
        var scores = new float[PlantedShop.Items];
        blend.Score(query, scores);
        for (int row = 0; row < scores.Length; row++)
        {
            var parts = blend.PartsOf(query, row, signals.Past.Length);
            Assert.Equal(scores[row], PlantedShop.Weights.Bias + parts.Sum(p => p.Amount), 1e-4 * (1 + parts.Sum(p => Math.Abs(p.Amount))));
            Assert.All(parts, p => Assert.Equal(p.Amount, p.Weight * p.Score, 1e-9 + 1e-9 * Math.Abs(p.Amount)));
        }
    }

    [Fact]
    public void Blend_PartWithoutWeight_CountsNothing_WeightWithoutPart_IsMissing()
    {
        var weights = new BlendWeights(new Dictionary<string, double> { ["item-item"] = 2, ["sequence"] = 1 });
        var blend = new Blend(Parts, weights);
        float[] scores = new float[PlantedShop.Items], own = new float[PlantedShop.Items];
        var signals = PlantedShop.Signals();
        blend.Score(blend.Prepare(signals), scores);
        var query = Part("item-item").Prepare(signals);
        Part("item-item").Score(query, own);
        for (int row = 0; row < own.Length; row++)
            Assert.Equal(2 * own[row] / query.Scale, scores[row], 1e-4);
        Assert.Equal(["sequence"], blend.Missing);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(30), InlineData(59)]
    public void Best_OfTwoBlocks_MergesToTheListOfOne(int cut)
    {
        var (ids, signals) = (PlantedShop.Pairs.ItemIds, PlantedShop.Signals());
        var reading = new HistoryReading();
        var vectors = PlantedShop.Vectors();
        SparseVector? ContentOf(string id) => Array.IndexOf(ids, id) is >= 0 and var row ? vectors[row] : null;
        var options = new NeighbourOptions { NeighboursMax = 15 };
        NeighbourTable Rows(int first, int end) => ItemNeighbours.Build(PlantedShop.Pairs.ByUser, ids, options, first, end);
        NeighbourTable[] tables = [Rows(0, cut), Rows(cut, ids.Length)];
        var sizes = SourceSizes.Of(tables, ids, ids.Length);
        Blend Of(int first, int end, NeighbourTable table) => new(
        [
            new NeighbourBlock("item-item", table, ids[first..end], ids, reading, sizes), new ContentPart(ids[first..end], vectors[first..end], ContentOf, reading),
        ], PlantedShop.Weights);
        ScoredItem[] Best(Blend blend) => BlockLists.Best(blend, blend.Prepare(signals), 20, []);
        ScoredItem[] whole = Best(Of(0, ids.Length, Rows(0, ids.Length)));
        Assert.Equal(20, whole.Length);
        Assert.Equal(whole, TopK.Merge([Best(Of(0, cut, tables[0])), Best(Of(cut, ids.Length, tables[1]))], 20));
    }

    [Fact]
    public void BestOfCandidates_EveryPartProposesAll_IsTheListOverAllRows()
    {
        var blend = new Blend(Parts, PlantedShop.Weights);
        ulong[] excluded = [0b1011];
        for (int seed = 0; seed < 10; seed++)
        {
            var query = blend.Prepare(PlantedShop.Signals(seed));
            float[] all = new float[PlantedShop.Items], some = new float[3];
            blend.Score(query, all);
            blend.ScoreRows(query, [41, 7, 7], some);
            Assert.Equal([all[41], all[7], all[7]], some);
            ScoredRow[] expected = new ScoredRow[12], best = new ScoredRow[12];
            Assert.Equal(12, BlockLists.Select(all, excluded, blend.ItemIds, expected));
            Assert.Equal(12, blend.BestOfCandidates(query, PlantedShop.Items, excluded, best));
            Assert.Equal(expected, best);
            int few = blend.BestOfCandidates(query, 1, excluded, best);
            Assert.InRange(few, 1, Parts.Count);
            Assert.All(best[..few], b => Assert.Equal(all[b.Row], b.Score));
            Assert.Equal(best[..few].OrderByDescending(b => b.Score), best[..few]);
        }
    }

    [Fact]
    public void BestOfCandidates_WithoutASignalOrWeight_ProposesNothing()
    {
        var blend = new Blend([Part("item-item"), Part("content")], PlantedShop.Weights);
        Assert.Equal(0, blend.BestOfCandidates(blend.Prepare(new([])), 10, [], new ScoredRow[5]));
        var against = new Blend([Part("popular")], new(new Dictionary<string, double> { ["popular"] = -1 }));
        Assert.Equal(0, against.BestOfCandidates(against.Prepare(PlantedShop.Signals()), 10, [], new ScoredRow[5]));
    }

    [Fact]
    public void FactorPart_RowsAndBest_AreThoseOfTheWholeScore_WithAnIndexToo()
    {
        var random = new Random(3);
        string[] ids = [.. Enumerable.Range(0, 700).Select(n => $"i{n}")];
        float[] factors = PlantedPairs.Factors(700, 8, random);
        var model = new AlsModel(new() { Rank = 8 }, [], factors, PlantedPairs.Gram(factors, 8), 0, [], "");
        var signals = new UserSignals([new("i3", 2, 1), new("i5", 1, 2), new("i600", 3, 3)]);
        foreach (var part in (FactorPart[])[new(model, ids, new()), new(model, ids, new(), new ItemIndex(factors, 8))])
        {
            var query = part.Prepare(signals);
            float[] all = new float[700], some = new float[2];
            part.Score(query, all);
            part.ScoreRows(query, [699, 3], some);
            Assert.Equal([all[699], all[3]], some);
            ScoredRow[] expected = new ScoredRow[20], best = new ScoredRow[20];
            BlockLists.Select(all, [], ids, expected);
            Assert.Equal(20, part.Best(query, [], best));
            Assert.Equal(expected, best);
        }
    }

    [Fact]
    public void Select_EqualScores_GoById_AndExcludedRowsAreLeftOut()
    {
        var best = new ScoredRow[3];
        int count = BlockLists.Select([1, 2, 2, 2, 0], [0b00100], ["e", "d", "c", "b", "a"], best);
        Assert.Equal([new(3, 2), new(1, 2), new(0, 1)], best[..count]);
        Assert.Throws<ArgumentException>(() => BlockLists.Select([1, float.NaN], [], ["a", "b"], new ScoredRow[1]));
        Assert.Throws<ArgumentException>(() => BlockLists.Select([1], [], ["a", "b"], new ScoredRow[1]));
    }

    [Fact]
    public void MistakesOfTheCaller_AreRefused()
    {
        Assert.Contains("'a' twice", Assert.Throws<ArgumentException>(() => new UserSignals([new("a", 1, 0), new("a", 2, 1)])).Message);
        Assert.Throws<ArgumentException>(() => new UserSignals([new("a", float.NaN, 0)]));
        Assert.Throws<ArgumentException>(() => new Blend([], PlantedShop.Weights));
        Assert.Throws<ArgumentException>(() => new Blend([Parts[0], Parts[0]], PlantedShop.Weights));
        Assert.Throws<ArgumentException>(() => new Blend(Parts, new(new Dictionary<string, double> { ["als"] = double.NaN })));
        Assert.Throws<ArgumentException>(() => PlantedShop.Weights.With(new Dictionary<string, double> { ["als"] = double.PositiveInfinity }));
    }
}

/// <summary>How a past is weighed.</summary>
public sealed class HistoryReadingTests
{
    private static float[] Weights(HistoryReading reading)
    {
        var signals = new UserSignals([new("new", 4, 20 * HistoryReading.DayMs), new("old", 9, 10 * HistoryReading.DayMs), new("against", -4, 0)], 99 * HistoryReading.DayMs);
        var weights = new float[3];
        reading.Weigh(signals, weights);
        return weights;
    }

    [Fact]
    public void Weigh_ByDefault_CountsEachItemOnceWithItsSign() => Assert.Equal([-1f, 1f, 1f], Weights(new()));

    [Fact]
    public void Weigh_PowerOneHalf_TakesTheRoot() => Assert.Equal([-2f, 3f, 2f], Weights(new() { ValuePower = 0.5 }));

    [Fact]
    public void Weigh_HalfLife_CountsAgeFromTheNewestItem() => Assert.Equal([-0.25f, 0.5f, 1f], Weights(new() { HalfLifeDays = 10 }));

    [Fact]
    public void Weigh_ItemsMax_ReadsTheNewestOnly() => Assert.Equal([0f, 0f, 1f], Weights(new() { ItemsMax = 1 }));
}
