using OrleansRec.Model.Evaluation;

namespace OrleansRec.Model.Tests.Evaluation;

/// <summary>Which trials are made, that the best survives, and that a search that was cut off goes on.</summary>
public sealed class SuccessiveHalvingTests
{
    private static readonly int[] Candidates = [.. Enumerable.Range(0, 9)];

    /// <summary>7 is best, and every rung knows a little better.</summary>
    private static double Figure(int candidate, int rung) => -Math.Abs(candidate - 7) + 0.01 * rung;

    private static (int Best, double Value) Run(Func<int, int, double> measure, IEnumerable<Trial> known, List<Trial> measured) =>
        SuccessiveHalving.Run(Candidates, c => $"c{c}", [9, 3, 1], measure, known, measured.Add);

    [Theory]
    [InlineData(40, new[] { 27, 9, 3, 1 }), InlineData(39, new[] { 9, 3, 1 }), InlineData(13, new[] { 9, 3, 1 }), InlineData(3, new[] { 1 }), InlineData(1, new[] { 1 })]
    public void RungsOf_StayWithinTheTrials(int trials, int[] rungs) => Assert.Equal(rungs, SuccessiveHalving.RungsOf(trials));

    [Fact]
    public void Run_MeasuresFewerOnEachRung_AndFindsTheBest()
    {
        var measured = new List<Trial>();
        Assert.Equal((7, 0.02), Run(Figure, [], measured));
        Assert.Equal([9, 3, 1], measured.GroupBy(t => t.Rung).Select(g => g.Count()));
        Assert.Equal(["c7", "c6", "c8"], measured.Where(t => t.Rung == 1).Select(t => t.Key));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(9), InlineData(11), InlineData(13)]
    public void Run_CutOffAfterAnyTrial_GoesOnWithoutMeasuringTwice(int cut)
    {
        List<Trial> whole = [], rest = [];
        var expected = Run(Figure, [], whole);
        Assert.Equal(expected, Run(Figure, whole.Take(cut), rest));
        Assert.Equal(whole.Skip(cut), rest);
    }

    [Fact]
    public void Run_MistakesOfTheCaller_Throw()
    {
        Assert.Throws<ArgumentException>(() => SuccessiveHalving.Run(Candidates, _ => "same", [9, 3, 1], Figure, [], _ => { }));
        Assert.Throws<ArgumentException>(() => SuccessiveHalving.Run(Candidates, c => $"{c}", [3, 1], Figure, [], _ => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SuccessiveHalving.RungsOf(0));
    }
}
