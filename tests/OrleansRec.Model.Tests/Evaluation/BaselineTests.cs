namespace OrleansRec.Model.Tests;

/// <summary>Rating errors, popularity and sampled ranks by hand.</summary>
public sealed class BaselineTests
{
    private static readonly Interaction[] Train =
        [new("u1", "b", 5, 0), new("u2", "b", 3, 0), new("u1", "c", 1, 0), new("u2", "a", 100, 0), new("u3", "d", 2, 0), new("u1", "d", 2, 0)];

    [Fact]
    public void RatingMetrics_ErrorsOf3And4_GiveRmse3Point54AndMae3Point5()
    {
        var metrics = new RatingMetrics();
        Assert.Equal((0.0, 0.0), (metrics.Rmse, metrics.Mae));
        metrics.Add(4, 1);
        metrics.Add(1, 5);
        Assert.Equal((2L, Math.Sqrt(12.5), 3.5), (metrics.Count, metrics.Rmse, metrics.Mae));
        Assert.Throws<ArgumentException>(() => metrics.Add(double.NaN, 1));
    }

    [Fact]
    public void Popularity_Items_AreByUsersThenId() => Assert.Equal(["b", "d", "a", "c"], new PopularityBaseline(Train).Items);

    [Fact]
    public void Popularity_Recommend_LeavesOutTheExcludedAndStillFillsTheList() =>
        Assert.Equal(["d", "c"], new PopularityBaseline(Train).Recommend(2, new HashSet<string> { "b", "a" }));

    [Fact]
    public void Popularity_PredictRating_IsTheItemsMeanOrThatOfAll()
    {
        var popularity = new PopularityBaseline(Train);
        Assert.Equal(4, popularity.PredictRating("b"));
        Assert.Equal(113.0 / 6, popularity.PredictRating("unknown"));
        Assert.Throws<ArgumentException>(() => new PopularityBaseline([]));
    }

    [Theory]
    [InlineData("m", 3f, 1), InlineData("m", 2f, 2), InlineData("a", 2f, 1), InlineData("z", 2f, 2), InlineData("b", 2f, 1), InlineData("m", 1.5f, 2), InlineData("m", 0f, 3)]
    public void RankOf_ByScoreThenId(string heldOut, float score, int rank) =>
        Assert.Equal(rank, SampledRanking.RankOf(heldOut, score, ["b", "c"], [2f, 1f]));

    [Fact]
    public void SampledRanking_Ranks1And3And11_GiveTheMeans()
    {
        var ranking = new SampledRanking();
        Assert.Equal(0, ranking.HitRate(10));
        foreach (int rank in (int[])[1, 3, 11])
            ranking.Add(rank);
        Assert.Equal((3, 2.0 / 3, 1.0 / 3), (ranking.Users, ranking.HitRate(10), ranking.HitRate(2)));
        Assert.Equal((1 + 0.5) / 3, ranking.Ndcg(10), 1e-12);
        Assert.Equal((1 + 1.0 / 3) / 3, ranking.Mrr(10), 1e-12);
    }

    [Fact]
    public void RankOf_MistakesOfTheCaller_Throw()
    {
        Assert.Throws<ArgumentException>(() => SampledRanking.RankOf("a", 1, ["b"], []));
        Assert.Throws<ArgumentException>(() => SampledRanking.RankOf("a", float.NaN, ["b"], [1]));
        Assert.Throws<ArgumentException>(() => SampledRanking.RankOf("a", 1, ["b"], [float.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampledRanking().Add(0));
    }
}
