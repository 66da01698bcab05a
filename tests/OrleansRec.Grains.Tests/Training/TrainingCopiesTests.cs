using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Training;

/// <summary>
/// Goal: a side is held once, and one that no array holds ends the training by name, before anything is fetched. Method: rows are only said, and no shard is there to be asked.
/// </summary>
public sealed class TrainingCopiesTests
{
    [Fact]
    public async Task Users_MoreThanAnArrayHolds_FailsForGood()
    {
        TrainingCopies copies = Copies();
        var als = new AlsOptions { Rank = 64 };

        var refused = await Assert.ThrowsAsync<TrainingFailedException>(
            () => copies.Users(default, als, new SolveCommand(1, 1, 1, [], [.. Enumerable.Repeat(100_000, 336)], 0)));

        Assert.True(refused.IsFinal);
        Assert.Contains("33600000 rows of width 64", refused.Message);
    }

    [Fact]
    public async Task Users_SolvedOnTheSilo_AreReadWhereTheyWereWritten()
    {
        TrainingCopies copies = Copies();
        copies.Expect(items: false, 7, 2, [2, 1], 1);
        ShardFactors first = copies.Place(items: false, 7, 2, 0, 2), second = copies.Place(items: false, 7, 2, 1, 1);
        new float[] { 1, 2 }.CopyTo(first.Span);
        second.Span[0] = 3;
        first.Solved(4);
        second.Solved(4);

        FixedSide side = await copies.Users(default, new() { Rank = 1 }, new SolveCommand(7, 2, 4, [14], [2, 1], 0));

        Assert.Equal([1f, 2f, 3f], side.Factors.ToArray());
        second.Span[0] = 5;
        Assert.Equal(5, side.Factors.Span[2]);
    }

    [Fact]
    public async Task Users_OfAnotherSweep_AreAskedOfTheShard()
    {
        TrainingCopies copies = Copies();
        copies.Expect(items: false, 7, 2, [1], 1);
        ShardFactors own = copies.Place(items: false, 7, 2, 0, 1);
        own.Solved(4);
        own.Begin();

        // There is no shard to be asked.
        await Assert.ThrowsAnyAsync<Exception>(() => copies.Users(default, new() { Rank = 1 }, new SolveCommand(7, 2, 4, [14], [1], 0)));

        own.Solved(4);
        Assert.Equal(1, (await copies.Users(default, new() { Rank = 1 }, new SolveCommand(7, 2, 4, [14], [1], 0))).RowCount);
        await Assert.ThrowsAnyAsync<Exception>(() => copies.Users(default, new() { Rank = 1 }, new SolveCommand(7, 2, 5, [14], [1], 0)));
    }

    [Fact]
    public void Place_OfAnEarlierAttemptOrOtherRows_StandsAlone()
    {
        TrainingCopies copies = Copies();
        copies.Expect(items: false, 7, 2, [2, 1], 1);
        ShardFactors now = copies.Place(items: false, 7, 2, 0, 2);
        // Late words of the attempt before change nothing.
        copies.Expect(items: false, 7, 1, [3], 1);
        copies.Place(items: false, 7, 1, 0, 2).Span.Fill(9);
        copies.Place(items: false, 7, 2, 0, 3).Span.Fill(9);
        copies.Place(items: true, 7, 2, 0, 2).Span.Fill(9);

        Assert.Equal([0f, 0f], now.Span.ToArray());
        copies.Place(items: false, 7, 2, 0, 2).Span[1] = 8;
        Assert.Equal([0f, 8f], now.Span.ToArray());
    }

    private static TrainingCopies Copies()
    {
        IOptions<TrainingOptions> options = Options.Create(new TrainingOptions());
        return new(options, new SideSolver(new InlineComputePool(), options));
    }
}
