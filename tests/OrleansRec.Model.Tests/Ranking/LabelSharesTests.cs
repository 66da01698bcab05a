using OrleansRec.Model.Ranking;

namespace OrleansRec.Model.Tests.Ranking;

/// <summary>Goal: categories and brands come by the documented formula. Method: examples by hand, and what a change of scale must not change.</summary>
public sealed class LabelSharesTests
{
    private static readonly string[][] _brands = [["A"], ["B"], ["A"]];

    [Fact]
    public void Of_TheWorkedExample_IsAsDocumented()
    {
        LabelShare[] shares = LabelShares.Of([3, 2, 1], _brands, 10);
        Assert.Equal(["A", "B"], shares.Select(s => s.Name));
        double b = 2.0 / 3 / Math.Log2(3), a = 1 + 1.0 / 3 / Math.Log2(4);
        Assert.Equal([a / (a + b), b / (a + b)], shares.Select(s => s.Share), (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(0.735, shares[0].Share, 0.0005);
        Assert.Equal([2, 1], shares.Select(s => s.Items));
    }

    [Fact]
    public void Of_ScoresMovedAndScaled_AreTheSameShares()
    {
        LabelShare[] shares = LabelShares.Of([0.9, 0.5, -0.3], _brands, 10), moved = LabelShares.Of([-91, -95, -103], _brands, 10);
        Assert.Equal(shares.Select(s => s.Name), moved.Select(s => s.Name));
        Assert.Equal(shares.Select(s => s.Share), moved.Select(s => s.Share), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Of_EqualScores_CountByTheirPlace_AndTiesGoByName()
    {
        double second = 1 / Math.Log2(3);
        LabelShare[] shares = LabelShares.Of([7, 7], [["B"], ["A", "C"]], 10);
        Assert.Equal(["B", "A", "C"], shares.Select(s => s.Name));
        Assert.Equal([1 / (1 + second), second / (1 + second), second / (1 + second)], shares.Select(s => s.Share), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Of_SeveralLabelsOrNone_CountForEach_AndBelowTheLine()
    {
        double[] places = [1, 1 / Math.Log2(3), 0.5, 1 / Math.Log2(5)];
        LabelShare[] shares = LabelShares.Of([1, 1, 1, 1], [["x", "y", "x"], ["x"], [], ["z"]], 2);
        Assert.Equal([("x", 2), ("y", 1)], shares.Select(s => (s.Name, s.Items)));
        Assert.Equal([(places[0] + places[1]) / places.Sum(), places[0] / places.Sum()], shares.Select(s => s.Share), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Of_NothingOrWrongShapes_IsEmptyOrRefused()
    {
        Assert.Empty(LabelShares.Of([], [], 3));
        Assert.Throws<ArgumentException>(() => LabelShares.Of([1], [], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => LabelShares.Of([1], [["a"]], 0));
    }
}
