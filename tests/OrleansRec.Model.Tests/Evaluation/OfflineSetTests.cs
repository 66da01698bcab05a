using OrleansRec.Model.Evaluation;
using OrleansRec.Model.Hybrid;

namespace OrleansRec.Model.Tests.Evaluation;

/// <summary>Layout of a split, lists and their figures by hand.</summary>
public sealed class OfflineSetTests
{
    private static readonly SplitParts Parts = new(
        [new("ann", "a", 1, 30), new("ann", "b", 2, 10), new("bob", "a", 3, 20), new("bob", "c", 1, 20), new("cid", "d", 1, 5)],
        [new("ann", "c", 1, 40), new("ann", "unknown", 1, 41), new("bob", "d", 1, 50), new("nobody", "a", 1, 60)]);

    private static readonly OfflineSet Set = OfflineSet.Of(Parts);

    private static int User(string id) => Array.IndexOf(Set.UserIds, id);

    /// <summary>Scores in the order of the ids given, the first highest.</summary>
    private sealed class Ranked(string best) : IScorePart
    {
        private sealed class Nothing : PartQuery;

        public string Name => "ranked";

        public ReadOnlySpan<string> ItemIds => Set.ItemIds;

        public PartQuery Prepare(UserSignals signals) => new Nothing();

        public void Score(PartQuery query, Span<float> scores)
        {
            for (int row = 0; row < scores.Length; row++)
                scores[row] = -best.IndexOf(Set.ItemIds[row], StringComparison.Ordinal);
        }

        public double Explain(PartQuery query, int row, Span<double> amounts) => 0;
    }

    [Fact]
    public void Of_CountsWhatNoListCanShow_AndDropsUsersWithoutTraining()
    {
        Assert.Equal(["ann", "bob"], Set.TestUsers.Select(u => Set.UserIds[u]).Order());
        Assert.Equal((2, 1), (Set.HeldCountOf(User("ann")), Set.TestItemsOf(User("ann")).Length));
        Assert.Equal(["a", "b", "c", "d"], Set.ItemIds.Order());
        Assert.True(Set.HasTimes);
    }

    [Fact]
    public void SignalsOf_IsThePastByTime_JustAfterTheNewest()
    {
        var signals = Set.SignalsOf(User("ann"));
        Assert.Equal([new PastItem("b", 2, 10), new PastItem("a", 1, 30)], signals.Past.ToArray());
        Assert.Equal((31L, "ann"), (signals.NowMs, signals.UserId));
    }

    [Fact]
    public void Baskets_AreTheItemsOfOneUserAtOneTime()
    {
        var baskets = Set.Baskets();
        Assert.Equal([1, 1, 1, 2], Enumerable.Range(0, baskets.RowCount).Select(baskets.CountOf).Order());
    }

    [Fact]
    public void Lists_LeaveOutWhatTheUserHas_AndAreMeasuredAgainstAllHeldOutItems()
    {
        var lists = OfflineLists.Of(new Ranked("abcd"), Set, 4);
        int ann = Array.IndexOf(lists.Users, User("ann"));
        Assert.Equal(["c", "d"], lists.Rows[ann].Select(row => Set.ItemIds[row]));
        Assert.Equal(1 / (1 + 1 / Math.Log2(3)), lists.Ndcg(Set, 10)[ann], 1e-12);
        Assert.Equal(0.5, lists.Recall(Set, 10)[ann]);
        Assert.Equal(1 / Math.Log2(3), lists.Ndcg(Set, 10)[1 - ann], 1e-12);
        Assert.Equal(0, lists.Recall(Set, 1)[1 - ann]);
    }

    [Fact]
    public void ModelFigures_AgreeWithTheMetricsOfLists()
    {
        var figures = ModelFigures.Of(new Ranked("abcd"), "by hand", Set);
        Assert.Equal(figures.Ndcg10.Average(), figures.At10.Ndcg, 1e-12);
        Assert.Equal(figures.Recall20.Average(), figures.At20.Recall, 1e-12);
        Assert.Equal(figures.At20.Recall, figures.RecallCurve.Single(p => p.Length == 20).Recall, 1e-12);
        Assert.InRange(figures.Ndcg10Range.Mean, figures.Ndcg10Range.Low, figures.Ndcg10Range.High);
        Assert.Equal(1, figures.RareItemsRecall20);
        Assert.Equal(3.0 / 4, figures.Lists.Coverage);
    }

    [Fact]
    public void Of_NoTrainingPair_Throws() => Assert.Throws<ArgumentException>(() => OfflineSet.Of(new([], [])));
}

/// <summary>Resampling and figures of lists against numbers known beforehand.</summary>
public sealed class BootstrapTests
{
    [Fact]
    public void Of_NormalFigures_IsAboutTheMeanWithItsStandardError()
    {
        var random = new Random(2);
        double[] figures = [.. Enumerable.Range(0, 400).Select(_ => 5 + random.NextDouble() * 2 - 1)];
        var range = Bootstrap.Of(figures, 1);
        // Deviation of a uniform width of 2: 1/√3; of a mean of 400: 0.0289, and 1.96 of them.
        Assert.Equal(0.0566, (range.High - range.Low) / 2, 0.006);
        Assert.Equal(figures.Average(), range.Mean, 1e-12);
        Assert.Equal(range, Bootstrap.Of(figures, 1));
        Assert.NotEqual(range, Bootstrap.Of(figures, 2));
    }

    [Fact]
    public void OfDifference_PairsUsers_SoACommonSpreadDoesNotMatter()
    {
        double[] others = [.. Enumerable.Range(0, 100).Select(n => n * 10.0)], figures = [.. others.Select(o => o + 0.5)];
        var range = Bootstrap.OfDifference(figures, others, 1);
        Assert.Equal((0.5, 0.5, 0.5), (range.Mean, range.Low, range.High));
        Assert.Throws<ArgumentException>(() => Bootstrap.OfDifference([1], [1, 2], 1));
        Assert.Throws<ArgumentException>(() => Bootstrap.Of([], 1));
    }

    [Fact]
    public void ListFigures_ByHand()
    {
        // Four items with 4, 2, 1 and 0 of 4 users; items 0 and 1 are half alike.
        var figures = ListFigures.Of([[0, 1], [0, 2]], 2, [4, 2, 1, 0], 4, (a, b) => a + b == 1 ? 0.5 : 0);
        Assert.Equal((0 + 1 + 0 + 2) / 4.0, figures.Novelty, 1e-12);
        Assert.Equal((0.5 + 1) / 2, figures.Diversity, 1e-12);
        Assert.Equal(0.75, figures.Coverage);
        Assert.Equal(ListFigures.GiniOf([2, 1, 1, 0]), figures.Gini, 1e-12);
    }

    [Theory, InlineData(0.0, 3L, 3L, 3L), InlineData(0.75, 0L, 0L, 0L, 8L), InlineData(0.375, 0L, 1L, 1L, 2L), InlineData(0.0, 0L, 0L)]
    public void Gini_ByHand(double gini, params long[] counts) => Assert.Equal(gini, ListFigures.GiniOf(counts), 1e-12);
}
