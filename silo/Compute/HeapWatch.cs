namespace OrleansRec.Silo.Compute;

/// <summary>Gives memory back to the system. The collector keeps what was freed for a long time, as holes between arrays that live and as regions in reserve: a third of a history that grows.</summary>
/// <remarks>When a compaction pays is decided by <see cref="CompactionPace"/>; here it is looked at and done.</remarks>
public sealed class HeapWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    private readonly Timer _timer;
    private CompactionPace _pace = CompactionPace.Begin;
    private bool _isReleased;

    public HeapWatch()
    {
        _timer = new Timer(static watch => ((HeapWatch)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookLater();
    }

    /// <summary>Much memory was let go, or is about to be.</summary>
    public void Released() => Volatile.Write(ref _isReleased, true);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // What is committed is known as of the last collection; large arrays made since are only in what is allocated.
        long held = Math.Max(GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, GC.GetTotalMemory(forceFullCollection: false));
        bool isReleased = Interlocked.Exchange(ref _isReleased, false);
        if (_pace.IsDue(held, isReleased))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _pace = _pace.After(held, GC.GetGCMemoryInfo(GCKind.FullBlocking).TotalCommittedBytes, isReleased);
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
