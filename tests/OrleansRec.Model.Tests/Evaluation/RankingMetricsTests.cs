namespace OrleansRec.Model.Tests;

/// <summary>Figures computed by hand, one user at a time and then as means.</summary>
public sealed class RankingMetricsTests
{
    private const double Exact = 1e-12;

    private static RankingFigures Measure(int n, string list, string test)
    {
        var metrics = new RankingMetrics(10, n);
        metrics.Add([.. list.Select(c => c.ToString())], test.Select(c => c.ToString()).ToHashSet());
        return metrics.At(n);
    }

    /// <summary>log₂ 3 = 1.58496250072116: the second rank weighs 0.63092975357146, the third 1/2.</summary>
    [Fact]
    public void At_WorkedExample_GivesTheStatedFigures()
    {
        var figures = Measure(3, "axb", "ab");
        Assert.Equal(2.0 / 3, figures.Precision, Exact);
        Assert.Equal(1, figures.Recall, Exact);
        Assert.Equal(0.8, figures.F1, Exact);
        Assert.Equal(1, figures.HitRate, Exact);
        Assert.Equal(1.5 / 1.63092975357146, figures.Ndcg, Exact);
        Assert.Equal((1 + 2.0 / 3) / 2, figures.Map, Exact);
        Assert.Equal(1, figures.Mrr, Exact);
        Assert.Equal(0.3, figures.CatalogueCoverage, Exact);
    }

    [Fact]
    public void At_MoreTestItemsThanN_IdealAndMapAreOfNItemsAndRecallOfAll()
    {
        var figures = Measure(2, "xa", "abcd");
        Assert.Equal(0.5, figures.Precision, Exact);
        Assert.Equal(0.25, figures.Recall, Exact);
        Assert.Equal(2 * 0.5 * 0.25 / 0.75, figures.F1, Exact);
        Assert.Equal(0.63092975357146 / 1.63092975357146, figures.Ndcg, Exact);
        Assert.Equal(0.5 / 2, figures.Map, Exact);
        Assert.Equal(0.5, figures.Mrr, Exact);
    }

    [Fact]
    public void At_AHitBehindN_CountsForNothing() => Assert.Equal(new(1, 0, 0, 0, 0, 0, 0, 0, 0.2), Measure(2, "xya", "a"));

    [Fact]
    public void At_AListShorterThanN_IsJudgedAgainstN()
    {
        var figures = Measure(4, "a", "ab");
        Assert.Equal((0.25, 0.5), (figures.Precision, figures.Recall));
        Assert.Equal(1 / 1.63092975357146, figures.Ndcg, Exact);
    }

    [Fact]
    public void At_SeveralUsersAndLengths_AreMeansAndCoverageIsOfAllLists()
    {
        var metrics = new RankingMetrics(8, 1, 2);
        metrics.Add(["a", "b"], new HashSet<string> { "a" });
        metrics.Add(["c", "a"], new HashSet<string> { "a" });
        metrics.Add([], new HashSet<string> { "a" });
        Assert.Equal(2, metrics.LengthMax);
        Assert.Equal((3, 1.0 / 3, 2.0 / 8), (metrics.At(1).Users, metrics.At(1).HitRate, metrics.At(1).CatalogueCoverage));
        Assert.Equal(2.0 / 3, metrics.At(2).HitRate, Exact);
        Assert.Equal((1 + 0.5) / 3, metrics.At(2).Mrr, Exact);
        Assert.Equal(3.0 / 8, metrics.At(2).CatalogueCoverage, Exact);
    }

    [Fact]
    public void MistakesOfTheCaller_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RankingMetrics(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RankingMetrics(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RankingMetrics(1, 0));
        Assert.Throws<ArgumentException>(() => new RankingMetrics(1, 1).Add(["a"], new HashSet<string>()));
        Assert.Contains("1, 5; got 2", Assert.Throws<ArgumentException>(() => new RankingMetrics(1, 5, 1).At(2)).Message);
    }
}
