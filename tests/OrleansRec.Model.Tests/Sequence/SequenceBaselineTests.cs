using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Baselines;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>Baselines on a handful of histories, with scores counted by hand.</summary>
public sealed class SequenceBaselineTests
{
    private static readonly SequenceRows Rows = SequenceRows.Of(6, [[0, 1, 2], [0, 1, 3], [1, 0], [4, 1, 2], [], [5]]);

    [Fact]
    public void LastItemNeighbours_OfAnItem_HaveTheCosineOfTheirUsers()
    {
        // Users of 0: 3, of 1: 4, of 2: 2, of 3: 1, of 4: 1.
        double[] scores = Scores(new LastItemNeighbours(Rows), 4, 1);
        double[] expected = [3 / Math.Sqrt(12), 0, 2 / Math.Sqrt(8), 1 / Math.Sqrt(4), 1 / Math.Sqrt(4), 0];
        Assert.Equal(expected, scores, new Near());
    }

    [Fact]
    public void FirstOrderTransitions_OfAnItem_AreTheSharesOfItsFollowers()
    {
        Assert.Equal(new[] { 0.25, 0, 0.5, 0.25, 0, 0 }, Scores(new FirstOrderTransitions(Rows), 5, 1), new Near());
        Assert.Equal(new double[6], Scores(new FirstOrderTransitions(Rows), 3));
    }

    [Fact]
    public void SessionNeighbours_OfAHistory_WeighSimilarityDistanceAndRarity()
    {
        double[] scores = Scores(new SessionNeighbours(Rows), 4, 0);
        // 0 is the last item (weight 1, distance 1: λ 0.9) and in rows 0, 1, 2; 4 weighs 1/2 at distance 2 (λ 0.8) and is in row 3. Six rows; 1 is in four, 2 in two, 3 and 4 in one, 0 in three.
        double idf0 = Math.Log(2), idf1 = Math.Log(1.5), idf2 = Math.Log(3), idf3 = Math.Log(6);
        double[] expected = [3 * 0.9 * idf0, 3 * 0.9 * idf1 + 0.4 * idf1, 0.9 * idf2 + 0.4 * idf2, 0.9 * idf3, 0.4 * idf3, 0];
        Assert.Equal(expected, scores, new Near());
    }

    [Fact]
    public void SessionNeighbours_ItemThatComesTwice_WeighsWhereItCameLast()
    {
        // Item 6 is in no history: in the first place it changes no more than the place of the others.
        var neighbours = new SessionNeighbours(SequenceRows.Of(7, [[0, 1, 2], [0, 1, 3], [1, 0], [4, 1, 2]]));
        double[] once = new double[7], twice = new double[7];
        neighbours.AddScores([6, 1, 0], once);
        neighbours.AddScores([0, 1, 0], twice);
        Assert.Equal(once, twice);
        Assert.True(once[2] > 0);
    }

    [Fact]
    public void SessionNeighbours_MoreThanItsBounds_TakesTheLatest()
    {
        // 700 rows have item 0; each has one more, its own block of ten rows sharing it. The latest 500 are met, all equally similar, and the latest 100 of those recommend.
        var rows = SequenceRows.Of(80, [.. Enumerable.Range(0, 700).Select(n => new[] { 0, 1 + n / 10 })]);
        var scores = new double[80];
        new SessionNeighbours(rows).AddScores([0], scores);
        Assert.Equal(Enumerable.Range(61, 10), Enumerable.Range(1, 79).Where(item => scores[item] > 0));
    }

    [Fact]
    public void Baselines_NoHistory_HaveNoScores()
    {
        foreach (ISequenceBaseline baseline in new ISequenceBaseline[] { new LastItemNeighbours(Rows), new FirstOrderTransitions(Rows), new SessionNeighbours(Rows) })
            Assert.Equal(new double[6], Scores(baseline));
    }

    [Fact]
    public void Ranks_ByTransitions_LeaveOutSeenAndUnscored()
    {
        var transitions = new FirstOrderTransitions(Rows);
        var histories = SequenceRows.Of(6, [[1], [1], [1], [0, 1], [0, 1], [3], [2]]);
        Assert.Equal([1, 2, 3, int.MaxValue, 1, int.MaxValue, 0], BaselineRanking.Ranks(transitions, histories, [2, 0, 3, 0, 2, 1, -1], leavesSeenOut: true));
        Assert.Equal(2, BaselineRanking.Ranks(transitions, histories, [2, 0, 3, 0, 2, 1, -1], leavesSeenOut: false)[3]);
        Assert.Throws<ArgumentException>(() => BaselineRanking.Ranks(transitions, histories, [1], leavesSeenOut: false));
    }

    private static double[] Scores(ISequenceBaseline baseline, params int[] history)
    {
        var scores = new double[6];
        baseline.AddScores(history, scores);
        return scores;
    }

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-12;

        public int GetHashCode(double value) => 0;
    }
}
