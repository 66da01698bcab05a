using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace OrleansRec.Silo.Storage;

/// <summary>
/// The one thread that writes: takes everything that waits, writes it in one transaction, commits, and only then completes the tasks. While
/// one commit is on its way to the disk the next collects.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private readonly string path;
    private readonly string synchronous;
    private readonly CommitQueue<StoreWrite> queue;
    private readonly Thread thread;
    private WriteSession? session;
    private long commitCount;
    private long snapshotsGiven;
    private StoreFault? lastFault;

    public StoreWriter(string path, StorageOptions options)
    {
        this.path = path;
        synchronous = options.TestSynchronous;
        queue = new(options);
        session = WriteSession.Open(path, synchronous);
        thread = new(Run) { Name = "store writer", IsBackground = true };
        thread.Start();
    }

    /// <summary>Commits so far.</summary>
    public long CommitCount => Interlocked.Read(ref commitCount);

    /// <summary>The last commit that failed, and when; null where none did. A later success does not take it away.</summary>
    public StoreFault? LastFault => Volatile.Read(ref lastFault);

    /// <summary>Writes that wait now.</summary>
    public int WaitingCount => queue.Count;

    /// <summary>Queues a write and completes when it is durable.</summary>
    public Task Write(StoreWrite write)
    {
        queue.Add(write);
        StoreMetrics.Queued();
        return write.Durable;
    }

    /// <summary>Commits what waits, then closes the file.</summary>
    public void Dispose()
    {
        queue.Close();
        thread.Join();
    }

    private void Run()
    {
        var group = new List<StoreWrite>();
        while (queue.Take(group, Timeout.InfiniteTimeSpan))
        {
            Commit(group);
            group.Clear();
        }
        session?.Dispose();
    }

    private void Commit(List<StoreWrite> group)
    {
        long begun = Stopwatch.GetTimestamp();
        Exception? fault = TryCommit(group);
        StoreMetrics.Committed(group.Count, Stopwatch.GetElapsedTime(begun), fault is not null);
        if (fault is not null)
            Interlocked.Exchange(ref lastFault, new(fault, Stopwatch.GetTimestamp()));
        foreach (var write in group)
        {
            if (fault is null)
                write.Complete();
            else
                write.Fail(fault);
        }
    }

    /// <summary>Any fault fails the whole group and closes the connection; the next group opens it again, so the store heals by itself when the disk does.</summary>
    private Exception? TryCommit(List<StoreWrite> group)
    {
        try
        {
            session ??= WriteSession.Open(path, synchronous, snapshotsGiven);
            session.Begin();
            foreach (var write in group)
                write.Apply(session);
            session.Commit();
            foreach (var write in group)
                write.AfterCommit(session);
            Interlocked.Increment(ref commitCount);
            return null;
        }
        catch (Exception e)
        {
            var fault = e is SqliteException sqlite ? StoreFaults.Translate(sqlite, path, session?.Connection.Sqlite) : e;
            Abandon();
            return fault;
        }
    }

    private void Abandon()
    {
        var failed = session;
        session = null;
        snapshotsGiven = failed?.LastSnapshot ?? snapshotsGiven;
        try
        {
            // Closing rolls an open transaction back.
            failed?.Dispose();
        }
        catch (SqliteException)
        {
            // The connection failed and is gone either way; the fault that led here is what the callers are told.
        }
    }
}

/// <summary>A commit that failed.</summary>
internal sealed record StoreFault(Exception Reason, long Timestamp);
