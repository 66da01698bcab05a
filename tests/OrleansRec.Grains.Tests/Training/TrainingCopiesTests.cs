using Microsoft.Extensions.Options;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Training;
using OrleansRec.Model;

namespace OrleansRec.Grains.Tests.Training;

/// <summary>Goal: a side that no array holds ends the training by name, before anything is fetched. Method: rows are only said, and no shard is there to be asked.</summary>
public sealed class TrainingCopiesTests
{
    [Fact]
    public async Task Users_MoreThanAnArrayHolds_FailsForGood()
    {
        IOptions<TrainingOptions> options = Options.Create(new TrainingOptions());
        var copies = new TrainingCopies(options, new SideSolver(new InlineComputePool(), options));
        var als = new AlsOptions { Rank = 64 };

        var refused = await Assert.ThrowsAsync<TrainingFailedException>(
            () => copies.Users(default, als, new SolveCommand(1, 1, 1, [], [.. Enumerable.Repeat(100_000, 336)], 0)));

        Assert.True(refused.IsFinal);
        Assert.Contains("33600000 rows of width 64", refused.Message);
    }
}
