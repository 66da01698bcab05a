using OrleansRec.Model.Hybrid;
using OrleansRec.Model.Popularity;

namespace OrleansRec.Model.Tests.Popularity;

/// <summary>Decayed counts against the sum they stand for, whatever the order; trends, periods and times by hand.</summary>
public sealed class PopularityTests
{
    private const long Hour = 3_600_000, HalfLife = 10 * Hour;

    private static DecayedCount Of(IEnumerable<long> times)
    {
        var count = new DecayedCount();
        foreach (long time in times)
            count.Add(time, HalfLife);
        return count;
    }

    private static long[] Times(int seed, int hours) => [.. Enumerable.Range(0, 500).Select(new Func<int, long>(_ => new Random(seed * 1000 + _).NextInt64(-50 * Hour, hours * Hour)))];

    [Theory, InlineData(1, 100), InlineData(2, 100), InlineData(3, 2_000)]
    public void At_IsTheDecayedSum(int seed, int hours)
    {
        long[] times = Times(seed, hours);
        long now = hours * Hour;
        double sum = times.Sum(t => Math.Pow(2, -(double)(now - t) / HalfLife));
        Assert.Equal(sum, Of(times).At(now, HalfLife), 500 * Math.Pow(2, -15));
    }

    [Theory, InlineData(1, 100), InlineData(2, 400), InlineData(3, 2_000)]
    public void At_InAnyOrderAndMergedInAnyWay_HasTheSameBits(int seed, int hours)
    {
        long[] times = Times(seed, hours), shuffled = [.. times];
        new Random(seed).Shuffle(shuffled);
        double expected = Of(times.Order()).At(hours * Hour, HalfLife);
        Assert.Equal(expected, Of(shuffled).At(hours * Hour, HalfLife));
        Assert.Equal(expected, Of(times.OrderDescending()).At(hours * Hour, HalfLife));
        DecayedCount a = Of(shuffled[..100]), b = Of(shuffled[100..]), c = Of(shuffled[100..]);
        c.Merge(Of(shuffled[..100]));
        a.Merge(b);
        a.Merge(new());
        Assert.Equal(expected, a.At(hours * Hour, HalfLife));
        Assert.Equal(expected, c.At(hours * Hour, HalfLife));
    }

    [Fact]
    public void Add_BadWeightOrHalfLife_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecayedCount().Add(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecayedCount().Add(0, 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DecayedCount().Add(0, 1, double.NaN));
        Assert.Equal(0, new DecayedCount().At(5, 1));
    }

    [Fact]
    public void Surge_AtTheUsualRate_IsZero_AndFasterRatesArePositive()
    {
        Assert.Equal(0, Surge.Of(10, 40, 0.25), 1e-12);
        Assert.Equal((30 - 10) / Math.Sqrt(11), Surge.Of(30, 40, 0.25), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Surge.Of(1, 1, 1));
    }

    [Fact]
    public void Timeline_SeesOnlyPeriodsThatEndedBeforeTheMoment()
    {
        const long Day = HistoryReading.DayMs;
        var part = new PopularityTimeline(["a", "b"], [(0, 0), (0, 5), (1, Day + 1), (1, 3 * Day)], halfLifeDays: 1);
        float[] At(long now)
        {
            var scores = new float[2];
            part.Score(part.Prepare(new([], now)), scores);
            return scores;
        }

        Assert.Equal([0f, 0f], At(Day - 1));
        Assert.Equal([(float)Math.Log(3), 0f], At(Day));
        Assert.Equal([(float)Math.Log(2), (float)Math.Log(2)], At(2 * Day));
        Assert.Equal([(float)Math.Log(1.25), (float)Math.Log(2.25)], At(90 * Day));
        Assert.Equal([0f, 0f], At(-5));
    }

    [Fact]
    public void Segment_WithCounts_HasItsOwnOrder()
    {
        var part = new PopularityPart("popular", ["a", "b"], [9, 1], 1, new Dictionary<string, double[]> { ["north"] = [1, 9] });
        string[] Best(string? segment) => [.. BlockLists.Best(part, part.Prepare(new([], 0, null, segment)), 2, []).Select(i => i.ItemId)];
        Assert.Equal(["a", "b"], Best(null));
        Assert.Equal(["a", "b"], Best("unknown"));
        Assert.Equal(["b", "a"], Best("north"));
        Assert.Throws<ArgumentException>(() => new PopularityPart("popular", ["a"], [-1], 1));
        Assert.Throws<ArgumentException>(() => new PopularityPart("popular", ["a"], [1, 2], 1));
    }

    [Fact]
    public void BuyAgain_RisesToTheDueMomentAndFallsAfterIt()
    {
        const long Day = HistoryReading.DayMs;
        var options = new BuyAgainOptions();
        double At(int day) => BuyAgain.ScoreOf([0, 31 * Day, 60 * Day, 90 * Day], day * Day, options);
        Assert.Equal(0.8, At(120), 1e-9);
        Assert.Equal(0.8 * Math.Exp(-0.5 * 4), At(105), 1e-9);
        Assert.Equal(0.4, At(180), 1e-9);
        Assert.Equal(0, BuyAgain.ScoreOf([5], 90 * Day, options));
        Assert.Equal(0, BuyAgain.ScoreOf([5, 6, 7], 90 * Day, options));
        Assert.Equal(0, BuyAgain.ScoreOf([5, 100 * Day], 90 * Day, options));
    }

    [Fact]
    public void BuyAgain_Best_OrdersByScoreThenId()
    {
        const long Day = HistoryReading.DayMs;
        long[] due = [0, 50 * Day], early = [50 * Day, 95 * Day];
        Assert.Equal(["a", "c", "b"], BuyAgain.Best([("c", due), ("b", early), ("a", due), ("d", [0L])], 100 * Day, 9, new()).Select(i => i.ItemId));
    }

    [Fact]
    public void ByRecency_Newest_GoesByTimeThenId_WithoutTheFuture()
    {
        var list = ByRecency.Newest([("b", 10), ("a", 10), ("c", 5), ("b", 2), ("later", 99)], 20, 10, 3);
        Assert.Equal(["a", "b", "c"], list.Select(i => i.ItemId));
        Assert.Equal(0.5f, list[0].Score);
    }
}
