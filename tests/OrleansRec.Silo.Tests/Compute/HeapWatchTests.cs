using OrleansRec.Silo.Compute;

namespace OrleansRec.Silo.Tests.Compute;

/// <summary>When a heap is compacted: the rule alone, from sizes.</summary>
public sealed class HeapWatchTests
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
        Assert.Equal(isDue, HeapWatch.IsDue(committed * MB, after * MB, isReleased));

    [Fact]
    public void IsDue_HeapThatGrowsForever_IsCompactedInProportion()
    {
        int compactions = 0;
        long after = 0;
        for (long committed = 200 * MB; committed <= 2048 * MB; committed += MB)
            if (HeapWatch.IsDue(committed, after, isReleased: false))
                (after, compactions) = (committed, compactions + 1);

        // From 256 to 400 MB every 20, then every twentieth.
        Assert.InRange(compactions, 1 + 7, 1 + 7 + 20);
    }
}
