namespace OrleansRec.Grains.Hosting;

/// <summary>
/// The moments of a period that all grains of a process share, so that their timers fall due together: a process that has nothing else to do wakes once in a period, not once for each grain.
/// </summary>
internal static class SharedBeat
{
    /// <summary>How long it is until the next moment: above 0, and at most the period.</summary>
    /// <param name="time">Its timestamps are the same for all.</param>
    /// <param name="period">Time between two moments, above 0.</param>
    public static TimeSpan Until(TimeProvider time, TimeSpan period) =>
        TimeSpan.FromTicks(period.Ticks - time.GetElapsedTime(0, time.GetTimestamp()).Ticks % period.Ticks);
}
