using Microsoft.Extensions.Options;
using NSubstitute;
using OrleansRec.Api;
using OrleansRec.Silo.Dashboard;
using OrleansRec.Silo.Dashboard.Live;

namespace OrleansRec.Dashboard.Tests;

/// <summary>Goal: what the pages show never goes back in time. Method: a recommender whose answers are given by hand, in the order of the test's choice.</summary>
public sealed class LiveFeedTests
{
    private static readonly ServerStatus Status = new("", "", default, 0, 0, 0, 0, 0, 0, 0, null, "", [], [], new(0, 0, 0, 0, 0, 0, 0, []));

    [Fact]
    public async Task Refresh_AnsweredAfterALaterQuestion_ShowsTheLaterAnswer()
    {
        var early = new TaskCompletionSource<TrainingInfo>();
        IRecommender recommender = Substitute.For<IRecommender>();
        recommender.GetStatusAsync(Arg.Any<CancellationToken>()).Returns(Task.FromResult(Status));
        recommender.ListModelsAsync(Arg.Any<CancellationToken>()).Returns(Task.FromResult(new ModelsAnswer(0, [])));
        recommender.GetTrainingAsync(Arg.Any<CancellationToken>()).Returns(early.Task, Task.FromResult(Training(version: 2)));
        LiveFeed feed = new(recommender, Options.Create(new DashboardOptions()), TimeProvider.System);

        Task first = feed.Refresh();
        await feed.Refresh();
        early.SetResult(Training(version: 1));
        await first;

        Assert.Equal(2, feed.View.Training?.Version);
    }

    private static TrainingInfo Training(long version) => new("done", true, version, null, 0, 0, 0, [], 0, 0, 0, null, null, [], null);
}
