using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>A bounded pool of connections for reading; SQLite's WAL lets them read while the writer writes.</summary>
internal sealed class ReadConnections(string path, StorageOptions options) : IDisposable
{
    private readonly SemaphoreSlim free = new(options.ReadConnectionsMax);
    private readonly ConcurrentBag<StoreConnection> idle = [];
    private int waiting;

    /// <summary>Runs a read on a thread of the pool.</summary>
    /// <exception cref="OverloadedException">More than <see cref="StorageOptions.ReadsWaitingMax"/> reads wait.</exception>
    public async Task<T> Read<T>(Func<StoreConnection, T> read, CancellationToken cancellation)
    {
        await Enter(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Run(read), cancellation).ConfigureAwait(false);
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose()
    {
        while (idle.TryTake(out var connection))
            connection.Dispose();
    }

    private async Task Enter(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref waiting) > options.ReadsWaitingMax)
        {
            Interlocked.Decrement(ref waiting);
            throw new OverloadedException($"{options.ReadsWaitingMax} reads wait for the store; that is {nameof(options.ReadsWaitingMax)}.");
        }
        try
        {
            await free.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private T Run<T>(Func<StoreConnection, T> read)
    {
        if (!idle.TryTake(out var connection))
            connection = StoreConnection.OpenForReading(path);
        try
        {
            var result = read(connection);
            idle.Add(connection);
            return result;
        }
        catch (Exception e)
        {
            // A connection that failed is not used again.
            var fault = e is SqliteException sqlite ? StoreFaults.Translate(sqlite, path, connection.Sqlite) : e;
            connection.Dispose();
            if (ReferenceEquals(fault, e))
                throw;
            throw fault;
        }
    }
}
