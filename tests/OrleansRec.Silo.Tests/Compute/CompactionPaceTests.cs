using OrleansRec.Silo.Compute;

namespace OrleansRec.Silo.Tests.Compute;

/// <summary>When a heap is compacted: the rule alone, from sizes.</summary>
public sealed class CompactionPaceTests
{
    private const long MB = 1L << 20;

    [Theory]
    [InlineData(255, 0, true, false)] // small
    [InlineData(1025, 0, true, false)] // would stop for too long
    [InlineData(300, 290, true, true)] // much was let go
    [InlineData(300, 281, false, false)] // grew by less than the least
    [InlineData(300, 280, false, true)]
    [InlineData(660, 629, false, false)] // grew by less than a twentieth
    [InlineData(660, 628, false, true)]
    [InlineData(300, 800, false, false)] // shrank by itself
    public void IsDue_Sizes_ByGrowthSinceTheLast(int committed, int after, bool isReleased, bool isDue) =>
        Assert.Equal(isDue, new CompactionPace(after * MB, 1).IsDue(committed * MB, isReleased));

    [Fact]
    public void IsDue_HistoryThatGrows_IsCompactedInProportion()
    {
        int compactions = 0;
        CompactionPace pace = CompactionPace.Begin;
        for (long committed = 200 * MB; committed <= 2048 * MB; committed += MB)
        {
            if (!pace.IsDue(committed, isReleased: false))
                continue;
            pace = pace.After(committed, committed, isReleased: false);
            compactions++;
        }

        // From 256 to 400 MB every 20, then every twentieth.
        Assert.InRange(compactions, 1 + 7, 1 + 7 + 20);
    }

    [Fact]
    public void IsDue_RequestsThatTakeAgainWhatWasGivenBack_BecomesRare()
    {
        int compactions = 0;
        CompactionPace pace = CompactionPace.Begin;
        long alive = 230 * MB, committed = alive;
        for (int step = 0; step < 100_000; step++)
        {
            // Requests need 200 MB at most, and what lives grows by a megabyte in a thousand steps.
            committed = Math.Min(committed + MB, alive + (200 * MB));
            alive += step % 1000 == 0 ? MB : 0;
            if (!pace.IsDue(committed, isReleased: false))
                continue;
            pace = pace.After(committed, alive, isReleased: false);
            committed = alive;
            compactions++;
        }

        Assert.InRange(compactions, 1, 10);
    }

    [Fact]
    public void After_GrowthOfData_GoesBackToTheLeastGrowth()
    {
        var busy = new CompactionPace(300 * MB, 8);

        Assert.Equal(16, busy.After(460 * MB, 310 * MB, isReleased: false).GrowthFactor);
        Assert.Equal(1, busy.After(460 * MB, 400 * MB, isReleased: false).GrowthFactor);
        Assert.Equal(1, busy.After(460 * MB, 310 * MB, isReleased: true).GrowthFactor);
        Assert.Equal(CompactionPace.GrowthFactorMax, new CompactionPace(300 * MB, CompactionPace.GrowthFactorMax).After(460 * MB, 300 * MB, isReleased: false).GrowthFactor);
    }
}
