using System.Diagnostics;
using Npgsql;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>What may be done twice without harm: reads and chunks of snapshots, tried again while the server is away for a moment, on a bounded number of connections.</summary>
internal sealed class PostgresReads(NpgsqlDataSource source, StorageOptions options) : IDisposable
{
    private static readonly TimeSpan retryPauseMax = TimeSpan.FromSeconds(1);

    private readonly ReadGate reads = new(options);

    // One connection is the writer's.
    private readonly SemaphoreSlim chunks = new(Math.Max(1, options.PostgreSql.ConnectionsMax - 1 - options.ReadConnectionsMax));

    /// <summary>Runs a read when it is its turn.</summary>
    public async Task<T> Read<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        await reads.Enter(cancellation).ConfigureAwait(false);
        try
        {
            return await Try(read, cancellation).ConfigureAwait(false);
        }
        finally
        {
            reads.Leave();
        }
    }

    /// <summary>Runs a read that is worth nothing when it comes late: it is not tried again.</summary>
    public async Task<T> ReadOnce<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        await reads.Enter(cancellation).ConfigureAwait(false);
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            return await read(connection, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresFaults.IsFault(e))
        {
            throw PostgresFaults.Translate(e);
        }
        finally
        {
            reads.Leave();
        }
    }

    /// <summary>Writes what nothing refers to yet.</summary>
    public async Task<T> WriteChunk<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> write, CancellationToken cancellation)
    {
        await chunks.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Try(write, cancellation).ConfigureAwait(false);
        }
        finally
        {
            chunks.Release();
        }
    }

    public void Dispose()
    {
        reads.Dispose();
        chunks.Dispose();
    }

    private async Task<T> Try<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellation)
    {
        long begun = Stopwatch.GetTimestamp();
        for (TimeSpan pause = options.PostgreSql.RetryPeriod; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, retryPauseMax.Ticks)))
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
                return await run(connection, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (PostgresFaults.IsFault(e))
            {
                if (!PostgresFaults.IsTransient(e) || Stopwatch.GetElapsedTime(begun) + pause > options.PostgreSql.RetryPeriodMax)
                    throw PostgresFaults.Translate(e);
            }
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
        }
    }
}
