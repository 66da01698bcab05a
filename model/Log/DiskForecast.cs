namespace OrleansRec.Model;

/// <summary>How large a store was at a time.</summary>
/// <param name="TimeMs">Milliseconds since 1970-01-01 UTC.</param>
/// <param name="Bytes">What it took on the disk.</param>
public readonly record struct DiskSample(long TimeMs, long Bytes);

/// <summary>How fast a store grows, and when the disk is full at that rate.</summary>
/// <param name="BytesPerDay">Slope of the least-squares line through the samples; below 0 where it shrinks.</param>
/// <param name="DaysLeft">Until nothing is free; null where it does not grow.</param>
public sealed record DiskForecast(double BytesPerDay, double? DaysLeft)
{
    /// <summary>Samples older than this say nothing of tomorrow: the busy and the quiet days of a week are in it.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(7);

    /// <summary>A shorter time is an hour of the day, not a trend.</summary>
    public static readonly TimeSpan SpanMin = TimeSpan.FromHours(6);

    private static readonly double MsOfDay = TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary>The forecast; null while the samples of the last <see cref="Window"/> span less than <see cref="SpanMin"/>.</summary>
    /// <param name="samples">In the order of time.</param>
    /// <param name="freeBytes">What is free on the disk now.</param>
    public static DiskForecast? Of(IReadOnlyList<DiskSample> samples, long freeBytes)
    {
        if (samples.Count < 2)
            return null;
        DiskSample[] last = [.. samples.Where(s => s.TimeMs >= samples[^1].TimeMs - Window.TotalMilliseconds)];
        if (last[^1].TimeMs - last[0].TimeMs < SpanMin.TotalMilliseconds)
            return null;
        double meanDay = last.Average(s => s.TimeMs / MsOfDay), meanBytes = last.Average(s => (double)s.Bytes), both = 0, squares = 0;
        foreach (var s in last)
        {
            double day = s.TimeMs / MsOfDay - meanDay;
            both += day * (s.Bytes - meanBytes);
            squares += day * day;
        }
        double perDay = both / squares;
        return new(perDay, perDay > 0 ? freeBytes / perDay : null);
    }
}
