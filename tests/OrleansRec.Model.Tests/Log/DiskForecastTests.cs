namespace OrleansRec.Model.Tests.Log;

/// <summary>Goal: the growth that was planted comes out, and nothing is said that is not known. Method: sizes on a line, with and without noise.</summary>
public class DiskForecastTests
{
    private const long Hour = 3_600_000, Gigabyte = 1L << 30;

    [Fact]
    public void Of_SteadyGrowth_IsItsRateAndTheDaysLeft()
    {
        DiskForecast forecast = DiskForecast.Of([.. Enumerable.Range(0, 100).Select(h => new DiskSample(h * Hour, 5 * Gigabyte + h * (Gigabyte / 24)))], 30 * Gigabyte)!;

        Assert.Equal(Gigabyte, forecast.BytesPerDay, Gigabyte * 1e-6);
        Assert.Equal(30, forecast.DaysLeft!.Value, 3);
    }

    /// <summary>Snapshots and compaction make the folder breathe; two samples alone would take a breath for a trend.</summary>
    [Fact]
    public void Of_GrowthUnderATide_IsNearTheGrowth()
    {
        DiskForecast forecast = DiskForecast.Of(
            [.. Enumerable.Range(0, 160).Select(h => new DiskSample(h * Hour, h * (Gigabyte / 24) + (h % 6) * (Gigabyte / 4)))], Gigabyte)!;

        Assert.Equal(Gigabyte, forecast.BytesPerDay, Gigabyte * 0.02);
    }

    [Fact]
    public void Of_OlderThanAWeek_DoesNotCount()
    {
        DiskSample[] samples = [new(0, 0), .. Enumerable.Range(200, 160).Select(h => new DiskSample(h * Hour, 100 * Gigabyte))];

        Assert.Equal(new DiskForecast(0, null), DiskForecast.Of(samples, Gigabyte));
    }

    [Fact]
    public void Of_ShrinkingOrTooShort_SaysNothingOfDays()
    {
        Assert.Null(DiskForecast.Of([.. Enumerable.Range(0, 10).Select(h => new DiskSample(h * Hour, 100 - h))], 50)!.DaysLeft);
        Assert.Null(DiskForecast.Of([new(0, 1), new(5 * Hour, 2)], 50));
        Assert.Null(DiskForecast.Of([new(0, 1)], 50));
        Assert.Null(DiskForecast.Of([], 50));
    }
}
