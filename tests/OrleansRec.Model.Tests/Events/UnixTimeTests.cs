namespace OrleansRec.Model.Tests;

/// <summary>Numbers that are times: the size says the unit, at the edges of each range.</summary>
public class UnixTimeTests
{
    [Theory]
    [InlineData(100_000_000, 100_000_000_000)]
    [InlineData(1_700_000_000, 1_700_000_000_000)]
    [InlineData(99_999_999_999, 99_999_999_999_000)]
    [InlineData(100_000_000_000, 100_000_000_000)]
    [InlineData(1_700_000_000_123, 1_700_000_000_123)]
    [InlineData(99_999_999_999_999, 99_999_999_999_999)]
    [InlineData(100_000_000_000_000, 100_000_000_000)]
    [InlineData(1_700_000_000_123_456, 1_700_000_000_123)]
    [InlineData(99_999_999_999_999_999, 99_999_999_999_999)]
    public void TryRead_ANumberOfEachSize_IsMilliseconds(long number, long timeMs)
    {
        Assert.True(UnixTime.TryRead(number, out long read));
        Assert.Equal(timeMs, read);
        Assert.True(UnixTime.TryRead((decimal)number, out read));
        Assert.Equal(timeMs, read);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(81)]
    [InlineData(2021)]
    [InlineData(20210129)]
    [InlineData(99_999_999)]
    [InlineData(-1_700_000_000)]
    [InlineData(100_000_000_000_000_000)]
    [InlineData(1_700_000_000_000_000_000)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void TryRead_ANumberThatIsTooSmallOrTooLarge_IsNoTime(long number)
    {
        Assert.False(UnixTime.TryRead(number, out long timeMs));
        Assert.False(UnixTime.TryRead((decimal)number, out _));
        Assert.Equal((0, null), (timeMs, UnixTime.UnitOf(number)));
    }

    [Fact]
    public void TryRead_AFractionOfASecond_IsKeptToTheMillisecond()
    {
        Assert.True(UnixTime.TryRead(1_700_000_000.1239m, out long timeMs));
        Assert.Equal(1_700_000_000_123, timeMs);
        Assert.False(UnixTime.TryRead(decimal.MaxValue, out _));
    }
}
