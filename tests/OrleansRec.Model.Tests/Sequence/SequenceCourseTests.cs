using OrleansRec.Model.Companions;
using OrleansRec.Model.Sequence;
using OrleansRec.Model.Sequence.Training;

namespace OrleansRec.Model.Tests.Sequence;

/// <summary>The course of a training: epochs are chosen by the held-out figure and then taken on everything; and what both are taken on.</summary>
public sealed class SequenceCourseTests
{
    private static readonly SequenceOptions Options = new() { Epochs = 6, Patience = 2 };

    [Theory]
    [InlineData(new[] { 0.1, 0.3, 0.2, 0.25 }, 2)]
    [InlineData(new[] { 0.1, 0.2, 0.3, 0.4, 0.5, 0.6 }, 6)]
    [InlineData(new[] { 0.3, 0.3, 0.3 }, 1)]
    [InlineData(new[] { double.NaN, double.NaN }, 6)]
    public void Next_FiguresOfTheFirstCourse_ChoosesTheBestEpochAndTakesAsManyAgain(double[] ndcg, int chosen)
    {
        var progress = SequenceProgress.Start;
        foreach (double figure in ndcg)
        {
            Assert.Equal(new SequenceStep(true, progress.Done + 1), SequenceCourse.Next(Options, progress));
            Assert.Equal(0, SequenceCourse.Chosen(Options, progress));
            progress = progress.With(SequenceCourse.Next(Options, progress)!.Value, loss: 1, figure);
        }
        Assert.Equal(chosen, SequenceCourse.Chosen(Options, progress));
        for (int epoch = 1; epoch <= chosen; epoch++)
        {
            Assert.Equal(new SequenceStep(false, epoch), SequenceCourse.Next(Options, progress));
            progress = progress.With(new(false, epoch), loss: 0.5, double.NaN);
        }
        Assert.Null(SequenceCourse.Next(Options, progress));
        Assert.Equal((ndcg.Length, ndcg.Length + chosen), (progress.Ndcg.Count, progress.Done));
    }

    /// <summary>Events that say nothing, that are against an item, or of items that the version lacks are not read; a late event takes its place in time; an item after itself is read once.</summary>
    [Fact]
    public void Corpus_OfHistories_ReadsChosenItemsInTheOrderOfTime()
    {
        var builder = new ShopHistories.Builder(["a", "b", "c", "d"], 1_000);
        builder.BeginUser("u");
        foreach (var (item, amount, time) in new[] { ("a", 1f, 10L), ("c", 1f, 30L), ("b", float.NaN, 35L), ("b", 1f, 20L), ("b", 2f, 21L), ("d", -1f, 40L), ("unknown", 1f, 41L), ("a", 1f, 50L) })
            builder.Add(item, amount, time, null, true, false);
        var corpus = SequenceCorpus.Of(builder.Build(), heldOutShare: 0, length: 10);
        Assert.Equal([0, 1, 2, 0], corpus.All[0].ToArray());
        // The last item was there before: a list that leaves out what the user has can never hold it.
        Assert.Equal([0, 1, 2, 0], corpus.Choosing[0].ToArray());
        Assert.Empty(corpus.HeldOut);
    }

    [Fact]
    public void Corpus_LongHistories_KeepsTheEndAndHoldsOutTheLast()
    {
        var builder = new ShopHistories.Builder([.. Enumerable.Range(0, 30).Select(n => $"i{n}")], 1_000);
        builder.BeginUser("long");
        for (int n = 0; n < 20; n++)
            builder.Add($"i{n}", 1, n, null, true, false);
        builder.BeginUser("short");
        builder.Add("i3", 1, 1, null, true, false);
        builder.Add("i4", 1, 2, null, true, false);
        var corpus = SequenceCorpus.Of(builder.Build(), heldOutShare: 0, length: 4);
        Assert.Equal([14, 15, 16, 17, 18, 19], corpus.All[0].ToArray());
        Assert.Equal([14, 15, 16, 17, 18], corpus.Choosing[0].ToArray());
        Assert.Equal([3, 4], corpus.Choosing[1].ToArray());
        Assert.Equal([19], corpus.HeldOut);
        Assert.Equal([14, 15, 16, 17, 18], corpus.Asked[0].ToArray());
    }

    /// <summary>The newest item of a sampled user is what versions are compared on: nothing may learn from it.</summary>
    [Fact]
    public void Corpus_UsersHeldOutOfTheFactors_LacksTheirNewestItem()
    {
        var builder = new ShopHistories.Builder([.. Enumerable.Range(0, 30).Select(n => $"i{n}")], 100_000);
        for (int user = 0; user < 200; user++)
        {
            builder.BeginUser($"u{user}");
            for (int n = 0; n < 6; n++)
                builder.Add($"i{n}", 1, n, null, true, false);
            // The newest to arrive is not the newest in time.
            builder.Add("i29", 1, -1, null, true, false);
        }
        var histories = builder.Build();
        var corpus = SequenceCorpus.Of(histories, heldOutShare: 0.3, length: 10);
        for (int user = 0; user < 200; user++)
            Assert.Equal(HeldOutSample.Has($"u{user}", 0.3) ? [0, 1, 2, 3, 4, 5] : new[] { 29, 0, 1, 2, 3, 4, 5 }, corpus.All[user].ToArray());
        Assert.Equal([0, 1, 2, 3, 4], SequenceCorpus.Without(histories, [.. Enumerable.Repeat(new[] { 5, 29 }, 200)], 10)[7].ToArray());
    }
}
