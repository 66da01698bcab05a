using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace OrleansRec.Silo.Storage;

/// <summary>Commits to the SQLite file, in one transaction. <see cref="CommitThread{TWrite}.LastFault"/> is the last commit that failed; a later success does not take it away.</summary>
internal sealed class StoreWriter : CommitThread<StoreWrite>
{
    private readonly string path;
    private readonly string synchronous;
    private WriteSession? session;
    private long snapshotsGiven;

    public StoreWriter(string path, StorageOptions options) : base(options)
    {
        this.path = path;
        synchronous = options.TestSynchronous;
        session = WriteSession.Open(path, synchronous);
        Start();
    }

    protected override void Close() => session?.Dispose();

    protected override void Commit(List<StoreWrite> group)
    {
        long begun = Stopwatch.GetTimestamp();
        Exception? fault = TryCommit(group);
        StoreMetrics.Committed(group.Count, Stopwatch.GetElapsedTime(begun), fault is not null);
        if (fault is not null)
            Note(fault);
        Tell(group, fault);
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
            CountCommit();
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
