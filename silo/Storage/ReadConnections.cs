using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>A bounded pool of connections for reading; SQLite's WAL lets them read while the writer writes.</summary>
internal sealed class ReadConnections(string path, StorageOptions options) : IDisposable
{
    private readonly ReadGate gate = new(options);
    private readonly ConcurrentBag<StoreConnection> idle = [];

    /// <summary>Runs a read on a thread of the pool.</summary>
    /// <exception cref="OverloadedException">More than <see cref="StorageOptions.ReadsWaitingMax"/> reads wait.</exception>
    public async Task<T> Read<T>(Func<StoreConnection, T> read, CancellationToken cancellation)
    {
        await gate.Enter(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Run(read), cancellation).ConfigureAwait(false);
        }
        finally
        {
            gate.Leave();
        }
    }

    public void Dispose()
    {
        while (idle.TryTake(out var connection))
            connection.Dispose();
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
