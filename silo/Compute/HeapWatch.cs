namespace OrleansRec.Silo.Compute;

/// <summary>Gives memory back to the system. The collector keeps what was freed for a long time, as holes between arrays that live and as regions in reserve: a third of a history that grows.</summary>
/// <remarks>
/// A compaction stops the process for a time in proportion to what is alive, about 0.2 s for 250 MB. So it is made only where what is committed has grown by a share since the last one, which keeps
/// the cost of all together in proportion to the growth; at moments at which much was let go; and only of heaps between <see cref="CommittedBytesMin"/> and
/// <see cref="CommittedBytesMax"/>: below there is little to win, above it would stop for too long, and the collector's own rules hold alone.
/// </remarks>
public sealed class HeapWatch : IDisposable
{
    /// <summary>Less than this is left to the collector.</summary>
    public const long CommittedBytesMin = 256L << 20;

    /// <summary>More than this is left to the collector.</summary>
    public const long CommittedBytesMax = 1L << 30;

    /// <summary>The least growth that a compaction is made for: several times what the youngest generation takes.</summary>
    public const long GrowthBytesMin = 20L << 20;

    /// <summary>A compaction is made for growth by this part.</summary>
    public const int GrowthPart = 20;

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly Timer _timer;
    private long _committedAfter;
    private bool _isReleased;

    public HeapWatch()
    {
        _timer = new Timer(static watch => ((HeapWatch)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookLater();
    }

    /// <summary>Much memory was let go, or is about to be.</summary>
    public void Released() => Volatile.Write(ref _isReleased, true);

    public void Dispose() => _timer.Dispose();

    /// <summary>Whether a heap should be compacted.</summary>
    /// <param name="committed">Bytes that the collector holds of the system.</param>
    /// <param name="committedAfter">The same just after the last compaction; 0 before the first.</param>
    /// <param name="isReleased">Whether much was let go since.</param>
    public static bool IsDue(long committed, long committedAfter, bool isReleased) =>
        committed is >= CommittedBytesMin and <= CommittedBytesMax
        && (isReleased || committed - committedAfter >= Math.Max(GrowthBytesMin, committedAfter / GrowthPart));

    private void Look()
    {
        // What is committed is known as of the last collection; large arrays made since are only in what is allocated.
        long held = Math.Max(GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, GC.GetTotalMemory(forceFullCollection: false));
        if (IsDue(held, _committedAfter, Interlocked.Exchange(ref _isReleased, false)))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _committedAfter = GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes;
        }
        LookLater();
    }

    // One look at a time: the next one is due when this one has ended.
    private void LookLater()
    {
        try
        {
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Disposed while it looked: there is no next one.
        }
    }
}
