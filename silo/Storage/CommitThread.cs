using System.Diagnostics;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>
/// The one thread that writes to a store: takes everything that waits, commits it together, and only then completes the tasks. While one commit is under way
/// the next collects. How a group is committed is the store's.
/// </summary>
internal abstract class CommitThread<TWrite> : IDisposable where TWrite : QueuedWrite
{
    private readonly CommitQueue<TWrite> queue;
    private readonly Thread thread;
    private long commitCount;
    private StoreFault? lastFault;

    /// <summary>Takes writes from now on; the thread runs from <see cref="Start"/> on.</summary>
    protected CommitThread(StorageOptions options)
    {
        queue = new(options);
        thread = new(Run) { Name = "store writer", IsBackground = true };
    }

    /// <summary>Commits so far.</summary>
    public long CommitCount => Interlocked.Read(ref commitCount);

    /// <summary>The last fault that was noted, and when; null where there is none.</summary>
    public StoreFault? LastFault => Volatile.Read(ref lastFault);

    /// <summary>Writes that wait now.</summary>
    public int WaitingCount => queue.Count;

    /// <summary>Queues a write and completes when it is durable; fails, and never throws, where the queue takes no more.</summary>
    public Task Write(TWrite write)
    {
        try
        {
            queue.Add(write);
        }
        catch (Exception e) when (e is OverloadedException or StoreUnavailableException)
        {
            return Task.FromException(e);
        }
        StoreMetrics.Queued();
        return write.Durable;
    }

    /// <summary>Commits what waits, then closes the store.</summary>
    public virtual void Dispose()
    {
        queue.Close();
        thread.Join();
    }

    /// <summary>After so long without a write, <see cref="Idle"/> is called.</summary>
    protected virtual TimeSpan IdlePeriod => Timeout.InfiniteTimeSpan;

    protected void Start() => thread.Start();

    /// <summary>Commits a group and tells its writes.</summary>
    protected abstract void Commit(List<TWrite> group);

    protected virtual void Idle()
    {
    }

    /// <summary>Called on the thread as its last.</summary>
    protected abstract void Close();

    protected void CountCommit() => Interlocked.Increment(ref commitCount);

    protected void Note(Exception? fault) => Volatile.Write(ref lastFault, fault is null ? null : new(fault, Stopwatch.GetTimestamp()));

    protected static void Tell(List<TWrite> group, Exception? fault)
    {
        foreach (var write in group)
        {
            if (fault is null)
                write.Complete();
            else
                write.Fail(fault);
        }
    }

    private void Run()
    {
        var group = new List<TWrite>();
        while (queue.Take(group, IdlePeriod))
        {
            if (group.Count == 0)
                Idle();
            else
                Commit(group);
            group.Clear();
        }
        Close();
    }
}

/// <summary>A commit or a probe that failed.</summary>
internal sealed record StoreFault(Exception Reason, long Timestamp);
