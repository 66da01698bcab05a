using OrleansRec.Api;

namespace OrleansRec.Gateway.Tests;

/// <summary>Goal: the pure parts: filter grammar, latency buckets, sliding windows.</summary>
public sealed class PartTests
{
    [Fact]
    public void Parse_EveryCondition_FillsItsField()
    {
        (ListFilter? filter, string? unreadable) = FilterGrammar.Parse("category:mugs, category:cups,!category:sale,price<=20,price>=5.5,in-stock");

        Assert.Null(unreadable);
        Assert.Equal(["mugs", "cups"], filter!.Categories!);
        Assert.Equal(["sale"], filter.NotCategories!);
        Assert.Equal((20d, 5.5, true), (filter.PriceMax, filter.PriceMin, filter.InStock));
    }

    [Fact]
    public void Parse_TwoBounds_KeepsTheTighter()
    {
        ListFilter filter = FilterGrammar.Parse("price<=20,price<=10,price>=1,price>=2").Filter!;

        Assert.Equal((10d, 2d), (filter.PriceMax, filter.PriceMin));
    }

    [Theory]
    [InlineData("category:")]
    [InlineData("category:a,,in-stock")]
    [InlineData("price<20")]
    [InlineData("price<=cheap")]
    [InlineData("price<=NaN")]
    [InlineData("price<=1e400")]
    [InlineData("In-Stock")]
    public void Parse_Unreadable_NamesThePart(string text) => Assert.NotNull(FilterGrammar.Parse(text).Unreadable);

    [Fact]
    public void LatencyBuckets_EveryValue_LiesInItsBucketWithinASixteenth()
    {
        for (long v = 0; v < 1L << 36; v = v < 100_000 ? v + 1 : v + v / 37)
        {
            int bucket = LatencyBuckets.Of(v);
            Assert.InRange(v, bucket == 0 ? 0 : LatencyBuckets.UpperBound(bucket - 1) + 1, LatencyBuckets.UpperBound(bucket));
            Assert.True(LatencyBuckets.UpperBound(bucket) <= v + v / 16 + 1);
        }
        Assert.Equal(111, LatencyBuckets.Of(1000));
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.Of(long.MaxValue));
    }

    [Fact]
    public void PercentileMs_PlantedLatencies_AreFound()
    {
        var counts = new long[LatencyBuckets.Count];
        counts[LatencyBuckets.Of(8)] = 98;
        counts[LatencyBuckets.Of(15)] = 2;

        Assert.Equal(0.008, LatencyBuckets.PercentileMs(counts, 0.98));
        Assert.Equal(0.015, LatencyBuckets.PercentileMs(counts, 0.99));
        Assert.Equal(0, LatencyBuckets.PercentileMs(new long[LatencyBuckets.Count], 0.5));
    }

    [Fact]
    public void SlidingWindow_OldPeriods_AreForgotten()
    {
        var clock = new ManualTime();
        var window = new SlidingWindow(clock, TimeSpan.FromSeconds(1), slots: 4, width: 1);

        window.Add(0, 5);
        clock.Advance(TimeSpan.FromSeconds(1));
        window.Add(0, 7);

        Assert.Equal(5, window.Sum(2, current: false)[0]);
        Assert.Equal(12, window.Sum(2, current: true)[0]);
        clock.Advance(TimeSpan.FromSeconds(3));
        window.Add(0, 1);
        Assert.Equal(7, window.Sum(3, current: false)[0]);
        clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(0, window.Sum(3, current: true)[0]);
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
