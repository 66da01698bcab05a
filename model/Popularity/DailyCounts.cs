namespace OrleansRec.Model.Popularity;

/// <summary>How often each item was asked for on each of the last days: sparse, row by row, days ascending.</summary>
/// <remarks>
/// Day d is the d-th since 1970-01-01 UTC. Worked example: first day 100, three days; item 0 has 2 events on day 100 and 1 on day 102, item 1 has none: starts = [0, 2, 2], days = [0, 2], counts = [2, 1].
/// Memory is 8 bytes for each item and day that has an event.
/// </remarks>
/// <param name="FirstDay">The first day that is counted.</param>
/// <param name="DayCount">Days that are counted, 1 … <see cref="DaysMax"/>.</param>
/// <param name="Starts">Where each item begins, shape (items + 1).</param>
/// <param name="Days">Day of each entry less <paramref name="FirstDay"/>, ascending within an item.</param>
/// <param name="Counts">Events of each entry, ≥ 1.</param>
public sealed record DailyCounts(long FirstDay, int DayCount, int[] Starts, int[] Days, int[] Counts)
{
    /// <summary>Days at most: about nine half-lives of a week, so what is dropped weighs below 2⁻⁹.</summary>
    public const int DaysMax = 64;

    /// <summary>How many items there are.</summary>
    public int ItemCount => Starts.Length - 1;

    /// <summary>The day that a moment falls on.</summary>
    /// <param name="timeMs">Milliseconds since 1970-01-01 UTC.</param>
    public static long DayOf(long timeMs) => Math.DivRem(timeMs, Hybrid.HistoryReading.DayMs) is var (day, rest) && rest < 0 ? day - 1 : day;

    /// <summary>Counts the events of the days up to that of a moment.</summary>
    /// <param name="itemCount">Items.</param>
    /// <param name="events">Item and moment of each event, in any order; those after the last day, or before the first one that is kept, are not counted.</param>
    /// <param name="lastMs">A moment of the last day.</param>
    public static DailyCounts Of(int itemCount, IEnumerable<(int Item, long TimeMs)> events, long lastMs)
    {
        ArgumentNullException.ThrowIfNull(events);
        long first = DayOf(lastMs) - DaysMax + 1;
        var entries = new Dictionary<long, int>();
        foreach (var (item, timeMs) in events)
            if (DayOf(timeMs) - first is >= 0 and < DaysMax and var day)
                entries[item * (long)DaysMax + day] = entries.GetValueOrDefault(item * (long)DaysMax + day) + 1;
        long[] keys = [.. entries.Keys.Order()];
        var starts = new int[itemCount + 1];
        foreach (long key in keys)
            starts[key / DaysMax + 1]++;
        for (int item = 0; item < itemCount; item++)
            starts[item + 1] += starts[item];
        return new(first, DaysMax, starts, Array.ConvertAll(keys, key => (int)(key % DaysMax)), Array.ConvertAll(keys, key => entries[key]));
    }

    /// <summary>Σ 2^(−(d − q)/h) over the events of an item on the days q ≤ d.</summary>
    /// <param name="item">The item's row.</param>
    /// <param name="day">d less <see cref="FirstDay"/>; below 0: nothing was counted yet.</param>
    /// <param name="shares">2^(−a/h) at index a, shape (<see cref="DayCount"/>).</param>
    public double At(int item, int day, ReadOnlySpan<double> shares)
    {
        double sum = 0;
        for (int n = Starts[item]; n < Starts[item + 1] && Days[n] <= day; n++)
            sum += shares[day - Days[n]] * Counts[n];
        return sum;
    }

    /// <summary>2^(−a/h) for each age a in days, shape (<see cref="DayCount"/>).</summary>
    /// <param name="halfLifeDays">h, in days, &gt; 0.</param>
    public double[] SharesOf(double halfLifeDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLifeDays);
        return [.. Enumerable.Range(0, DayCount).Select(age => Math.Pow(2, -age / halfLifeDays))];
    }
}
