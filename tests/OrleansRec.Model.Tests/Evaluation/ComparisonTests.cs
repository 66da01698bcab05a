using OrleansRec.Model.Content;
using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Tests.Evaluation;

/// <summary>Every model side by side on a planted shop with three tastes whose titles tell the taste: what is known of it must come out.</summary>
public sealed class ComparisonTests
{
    private const int Tastes = 3, ItemsOfTaste = 30;

    /// <summary>120 users with one taste each take 14 items of it, one a day.</summary>
    private static readonly Interaction[] All =
        [.. from user in Enumerable.Range(0, 120)
            let random = new Random(user)
            from pick in Enumerable.Range(0, ItemsOfTaste).OrderBy(_ => random.Next()).Take(14).Index()
            select new Interaction($"u{user:D3}", $"t{user % Tastes}-{pick.Item:D2}", 1, 1_000_000_000_000 + pick.Index * HistoryReading.DayMs)];

    private static readonly Dictionary<string, ItemFeatures> Content =
        All.Select(p => p.ItemId).Distinct().ToDictionary(id => id, id => new ItemFeatures { Title = $"{(id[1] == '0' ? "garden" : id[1] == '1' ? "kitchen" : "music")} thing {id}" });

    private static readonly Lazy<Comparison> Compared = new(() => Comparison.Of(Split.ByTimePerUser(All, 0.2), Plan()));

    private static ComparisonPlan Plan(int workers = 1) => new()
    {
        Als = [new() { Rank = 8, Lambda = 1, Sweeps = 5 }], Content = Content, InnerSplit = train => Split.ByTimePerUser(train, 0.2), Seeds = [1, 2], BlendTrials = 13, Workers = workers,
    };

    private static double Ndcg(string model) => Compared.Value.Models.Single(m => m.Model == model).Ndcg10Range.Mean;

    [Fact]
    public void Of_HasEveryModel_AndPersonalOnesBeatTheFloors()
    {
        string[] personal = ["als", "item-item", "user-user", "ease", "content", Comparison.Hybrid];
        Assert.Equal([.. personal, "popular", "random", "trending", "bought-together", "sequence"], Compared.Value.Models.Select(m => m.Model).ToHashSet());
        foreach (string model in personal)
        {
            // 16 items of the taste are left, 2 of them held out; of all there are 79.
            Assert.True(Ndcg(model) > 1.8 * Ndcg("random"), $"{model}: {Ndcg(model)}, random {Ndcg("random")}");
            Assert.True(Ndcg(model) > 1.5 * Ndcg("popular"), model);
        }
    }

    [Fact]
    public void Of_CalibratedProbabilities_HoldOnTheTestPairs() => Assert.True(Compared.Value.Reliability.Error < 0.08);

    [Fact]
    public void Of_Threads_ChangeNoFigure()
    {
        var other = Comparison.Of(Split.ByTimePerUser(All, 0.2), Plan(workers: 3));
        Assert.Equal(BlendSearch.Text(Compared.Value.Weights), BlendSearch.Text(other.Weights));
        Assert.Equal(Compared.Value.Models.Select(m => m.Ndcg10Range), other.Models.Select(m => m.Ndcg10Range));
    }

    [Fact]
    public void Of_TestPairs_DecideNothing()
    {
        var parts = Split.ByTimePerUser(All, 0.2);
        var other = Comparison.Of(new(parts.Train, [.. parts.Test.Where((_, n) => n % 2 == 0)]), Plan());
        Assert.Equal(BlendSearch.Text(Compared.Value.Weights), BlendSearch.Text(other.Weights));
        Assert.Equal(Compared.Value.Choices.Select(c => c.Setting), other.Choices.Select(c => c.Setting));
        Assert.Equal(Compared.Value.Sigmoid, other.Sigmoid);
    }

    [Fact]
    public void Above_OfTheHybridOverRandom_IsAboveZeroWithCertainty() =>
        Assert.True(Compared.Value.Above(Compared.Value.Models.Single(m => m.Model == "random")).Low > 0);

    [Fact]
    public void NewItems_AreFoundByTheirTitles()
    {
        // 180 users over 40 tastes of 5 items, of which the last is hidden: 40 hidden items, of which a list of 20 shows half by chance.
        Interaction[] all = [.. from user in Enumerable.Range(0, 200) from item in Enumerable.Range(0, 5) select new Interaction($"u{user:D3}", $"t{user % 40:D2}-{item}", 1, item)];
        var content = all.Select(p => p.ItemId).Distinct().ToDictionary(id => id, id => new ItemFeatures { Title = $"taste{id[..3]} thing" });
        var news = NewItems.Measure(Split.ByTimePerUser(all, 0.2), id => id.EndsWith('4'), content, new() { Rank = 16, Lambda = 1, Sweeps = 5 }, 1, new(), 1);
        Assert.Equal((40, 200), (news.Items, news.Users));
        Assert.Equal(1, news.Content);
        Assert.True(news.Factors > 0.9);
        Assert.InRange(news.Random, 0.35, 0.65);
        Assert.Throws<ArgumentException>(() => NewItems.Measure(Split.ByTimePerUser(all, 0.2), _ => false, content, new(), 1, new(), 1));
    }

    [Fact]
    public void BlendTraining_WeighsThePartThatKnows_AboveTheOneThatGuesses()
    {
        var inner = OfflineSet.Of(Split.ByTimePerUser(All, 0.2));
        IScorePart content = StandardFits.For(inner, Content, []).Single(f => f.Part == "content").Fit(inner)(new());
        var learned = BlendTraining.Learn([new RandomPart(inner.ItemIds, 1), content], inner);
        Assert.True(learned.Weights.Of("content") > 5 * Math.Abs(learned.Weights.Of("random")));
        Assert.Equal(4, learned.ByLoss.Count);
    }

    /// <summary>Weights of parts that only guess once came out below −3: held-out items that no part had found stood beside candidates that were there for their high scores.</summary>
    [Fact]
    public void BlendTraining_PartsThatGuess_WeighAboutNothing()
    {
        Interaction[] all =
        [
            .. from user in Enumerable.Range(0, 400)
               let random = new Random(user)
               from item in Enumerable.Range(0, 400).OrderBy(_ => random.Next()).Take(10)
               select new Interaction($"u{user}", $"i{item}", 1, 0),
        ];
        var inner = OfflineSet.Of(Split.RandomPerUser(all, 0.2, 1));
        var examples = BlendTraining.Examples([new RandomPart(inner.ItemIds, 1), new NamedRandom(inner.ItemIds)], inner, [.. inner.TestUsers], isScaled: true, workers: 1);
        foreach (var loss in Enum.GetValues<BlendLoss>())
            Assert.All(BlendLearner.Learn(examples, loss).Weights.Values, w => Assert.InRange(w, -1.2, 1.2));
    }

    private sealed class NamedRandom(string[] itemIds) : IScorePart
    {
        private readonly RandomPart _inner = new(itemIds, 2);

        public string Name => "another";

        public ReadOnlySpan<string> ItemIds => itemIds;

        public PartQuery Prepare(UserSignals signals) => _inner.Prepare(signals);

        public void Score(PartQuery query, Span<float> scores) => _inner.Score(query, scores);

        public double Explain(PartQuery query, int row, Span<double> amounts) => _inner.Explain(query, row, amounts);
    }
}
