namespace OrleansRec.Gateway;

/// <summary>Counters over the last <paramref name="slots"/> periods, without locks.</summary>
/// <remarks>
/// Each slot says which period it counts. The first to count in a new period clears the slot; a count that falls into that moment may be lost. Statistics bear it.
/// </remarks>
internal sealed class SlidingWindow(TimeProvider time, TimeSpan period, int slots, int width)
{
    private readonly long _start = time.GetTimestamp();
    private readonly long[] _periods = new long[slots];
    private readonly long[][] _counts = [.. Enumerable.Range(0, slots).Select(_ => new long[width])];

    public void Add(int counter, long amount = 1)
    {
        long now = Now();
        int slot = (int)(now % slots);
        long counted = Volatile.Read(ref _periods[slot]);
        if (counted != now && Interlocked.CompareExchange(ref _periods[slot], now, counted) == counted)
            Array.Clear(_counts[slot]);
        Interlocked.Add(ref _counts[slot][counter], amount);
    }

    /// <summary>The sums over the last <paramref name="periods"/> periods that are over, or, with <paramref name="current"/>, including the one that is not.</summary>
    public long[] Sum(int periods, bool current)
    {
        var sums = new long[width];
        long now = Now();
        long last = current ? now : now - 1;
        for (long p = Math.Max(FirstPeriod, last - periods + 1); p <= last; p++)
            if (Volatile.Read(ref _periods[p % slots]) == p)
                AddTo(sums, _counts[p % slots]);
        return sums;
    }

    // Periods count from 1, so that a slot never used (0) is in none of them.
    private const long FirstPeriod = 1;

    private long Now() => FirstPeriod + time.GetElapsedTime(_start).Ticks / period.Ticks;

    private static void AddTo(long[] sums, long[] counts)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += Volatile.Read(ref counts[i]);
    }
}
