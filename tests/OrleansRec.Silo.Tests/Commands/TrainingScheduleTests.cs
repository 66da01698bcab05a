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

    private static TimeSpan? Hours(double? hours) => hours is { } h ? TimeSpan.FromHours(h) : null;
}
