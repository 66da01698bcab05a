using OrleansRec.Grains.Hosting;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Grains.Tests.Hosting;

/// <summary>Goal: grains that began at different times wake together. Method: a clock that stands at chosen times.</summary>
public sealed class SharedBeatTests
{
    private static readonly TimeSpan period = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0, 1_000), InlineData(1, 999), InlineData(250, 750), InlineData(999, 1), InlineData(1_000, 1_000), InlineData(61_400, 600)]
    public void Until_AnyTime_EndsAtAMomentOfThePeriod(int milliseconds, int expectedMilliseconds)
    {
        var clock = new SimulatedClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(milliseconds));
        Assert.Equal(expectedMilliseconds, SharedBeat.Until(clock, period).TotalMilliseconds);
    }
}
