using OrleansRec.Silo.Hosting;

namespace OrleansRec.Silo.Tests.Commands;

/// <summary>When a training is due by schedule.</summary>
public class TrainingScheduleTests
{
    [Theory]
    [InlineData(null, null, 5.0, 100, false)]
    [InlineData(2.0, null, 1.0, 100, false)]
    [InlineData(2.0, null, 2.0, 100, true)]
    [InlineData(2.0, null, null, 100, true)]
    [InlineData(2.0, null, 9.0, 0, false)]
    [InlineData(null, 100L, 0.0, 99, false)]
    [InlineData(null, 100L, 0.0, 100, true)]
    public void IsDue_ByAgeAndEvents(double? everyHours, long? afterEvents, double? ageHours, long newEvents, bool due)
    {
        var schedule = new TrainingScheduleOptions { Every = Hours(everyHours), AfterEvents = afterEvents };
        Assert.Equal(due, TrainingSchedule.IsDue(schedule, Hours(ageHours), newEvents));
    }

    /// <summary>A training that failed counted its events as trained, and nothing was trained until as many new ones came.</summary>
    [Fact]
    public void MayStart_AfterAFailure_CountsNoEventsAndWaits()
    {
        var training = new ScheduledTraining(eventsTrained: 10);
        training.Started(version: 3, events: 50);
        Assert.False(training.MayStart(Status("solvingUsers", false), 60, Start, Hour));

        Assert.False(training.MayStart(Status("failed", true), 60, Start, Hour));
        Assert.Equal(10, training.EventsTrained);
        Assert.False(training.MayStart(Status("failed", true), 60, Start + Hour / 2, Hour));
        Assert.True(training.MayStart(Status("failed", true), 60, Start + Hour, Hour));
    }

    /// <summary>A refused version would be refused again on the same events.</summary>
    [Theory, InlineData("done"), InlineData("refused")]
    public void MayStart_AfterAnEndThatNoRetryChanges_CountsTheEventsOfItsStart(string phase)
    {
        var training = new ScheduledTraining(eventsTrained: 10);
        training.Started(version: 3, events: 50);
        Assert.True(training.MayStart(Status(phase, true), 60, Start, Hour));
        Assert.Equal(50, training.EventsTrained);
    }

    /// <summary>Every silo has a schedule: each started a training of its own for the same events, one after another.</summary>
    [Fact]
    public void MayStart_AfterATrainingOfAnotherSilo_CountsItsEvents()
    {
        var training = new ScheduledTraining(eventsTrained: 10);
        Assert.True(training.MayStart(Status("done", true, version: 2), 40, Start, Hour));
        Assert.Equal(10, training.EventsTrained);

        Assert.False(training.MayStart(Status("solvingUsers", false), 50, Start, Hour));
        Assert.True(training.MayStart(Status("done", true), 60, Start, Hour));
        Assert.Equal(50, training.EventsTrained);
    }

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static Api.TrainingInfo Status(string phase, bool isOver, long version = 3) => new(phase, isOver, version, null, 0, 0, 0, [], 0, 0, 0, null, null, [], null);

    private static TimeSpan? Hours(double? hours) => hours is { } h ? TimeSpan.FromHours(h) : null;
}
