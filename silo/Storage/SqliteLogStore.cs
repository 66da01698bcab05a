using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Logs and snapshots in the data folder's SQLite file.</summary>
public sealed class SqliteLogStore : ILogStore
{
    private readonly StoreWriter writer;
    private readonly FreeSpacePurge purge;
    private readonly ReadConnections readers;

    internal SqliteLogStore(StoreWriter writer, ReadConnections readers)
    {
        this.writer = writer;
        purge = new(writer);
        this.readers = readers;
    }

    /// <inheritdoc/>
    public async Task<LogOpening> Open(string stream, CancellationToken cancellation = default)
    {
        var opening = new StreamOpening(stream);
        await Write(opening, cancellation).ConfigureAwait(false);
        return opening.Result;
    }

    /// <inheritdoc/>
    public Task Append(LogBatch batch, CancellationToken cancellation = default)
    {
        batch.Check();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batch.LastSequence, 1L << StoreSchema.SequenceBits);
        return Write(new BatchAppend(batch), cancellation);
    }

    /// <inheritdoc/>
    public async Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default)
    {
        long? stored = await Read(connection => connection.Number("SELECT epoch FROM stream WHERE name = $0", stream), $"Stream '{stream}'", cancellation).ConfigureAwait(false);
        if (Fence.Refusal(stream, epoch, stored is { } owner ? new() { Epoch = owner } : null) is { } fenced)
            throw fenced;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default) =>
        Read(connection => ReadBatches(connection, stream, afterSequence, bytesMax), $"Stream '{stream}' after record {afterSequence}", cancellation);

    /// <inheritdoc/>
    public async Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default)
    {
        await using var snapshot = await BeginSnapshot(stream, epoch, cancellation).ConfigureAwait(false);
        await snapshot.Write(content, cancellation).ConfigureAwait(false);
        await snapshot.Complete(throughSequence, compact, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<ISnapshotWriter> BeginSnapshot(string stream, long epoch, CancellationToken cancellation = default)
    {
        var start = new SnapshotStart(stream, epoch);
        await Write(start, cancellation).ConfigureAwait(false);
        return new SnapshotPieces(writer, stream, epoch, start.Snapshot);
    }

    /// <inheritdoc/>
    public Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) =>
        Read(connection => ReadChunks(connection, stream), $"The snapshot of stream '{stream}'", cancellation);

    /// <inheritdoc/>
    public Task Purge(CancellationToken cancellation = default) => purge.Run().WaitAsync(cancellation);

    /// <inheritdoc/>
    public Task Delete(string stream, CancellationToken cancellation = default) => Write(new StreamDeletion(stream), cancellation);

    /// <summary>Once queued, a write is not taken back: its caller has to learn whether it is durable.</summary>
    /// <remarks>It hands on the writer's own task: a shard that awaits it goes on in its next turn, without a stop on the thread pool.</remarks>
    private Task Write(StoreWrite write, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled(cancellation);
        return StoreMetrics.Begin(write) is { } span ? Spanned(span, write) : writer.Write(write);
    }

    private async Task Spanned(Activity span, StoreWrite write)
    {
        using (span)
            await writer.Write(write).ConfigureAwait(false);
    }

    /// <summary>Of a page that does not match its checksum the store knows the number; what was to be read from it is known here.</summary>
    private async Task<T> Read<T>(Func<StoreConnection, T> read, string what, CancellationToken cancellation)
    {
        try
        {
            return await readers.Read(read, cancellation).ConfigureAwait(false);
        }
        catch (CorruptStoreException e) when (!e.Message.Contains("stream", StringComparison.OrdinalIgnoreCase))
        {
            throw new CorruptStoreException($"{what} cannot be read: {e.Message}");
        }
    }

    /// <summary>One statement, so one moment of the store, even while the stream is compacted.</summary>
    private static IReadOnlyList<LogBatch> ReadBatches(StoreConnection connection, string stream, long afterSequence, int bytesMax)
    {
        // Starts at the batch that holds the record asked for, which may go on after it.
        using var rows = connection.Query(
            """
            SELECT b.id, b.record_count, b.epoch, b.checksum, b.content FROM stream s JOIN batch b
            ON b.id >= coalesce((SELECT max(c.id) FROM batch c WHERE c.id BETWEEN (s.id << 40) AND (s.id << 40) + $1 + 1), s.id << 40)
            AND b.id < (s.id + 1) << 40 WHERE s.name = $0 ORDER BY b.id
            """,
            stream, Math.Clamp(afterSequence, 0, (1L << StoreSchema.SequenceBits) - 2));
        var batches = new List<LogBatch>();
        long bytes = 0;
        while ((batches.Count == 0 || bytes < bytesMax) && rows.Read())
        {
            var batch = ReadBatch(rows, stream);
            if (batch.LastSequence <= afterSequence)
                continue;
            batches.Add(batch);
            bytes += batch.Content.Length;
        }
        return batches;
    }

    private static LogBatch ReadBatch(SqliteDataReader row, string stream)
    {
        long id = row.GetInt64(0);
        var batch = new LogBatch(stream, row.GetInt64(2), StoreSchema.SequenceOf(id), row.GetInt32(1), row.GetFieldValue<byte[]>(4));
        if (BlobChecksum.Of(id, batch.RecordCount, batch.Epoch, batch.Content.Span) != row.GetInt64(3))
            throw new CorruptStoreException($"The batch of stream '{stream}' that begins at record {batch.FirstSequence} does not match its checksum.");
        return batch;
    }

    private static LogSnapshot? ReadChunks(StoreConnection connection, string stream)
    {
        using var rows = connection.Query(
            """
            SELECT s.snapshot_sequence, s.snapshot_bytes, c.id, c.checksum, c.content FROM stream s LEFT JOIN snapshot_chunk c
            ON c.id >= s.snapshot << 20 AND c.id < (s.snapshot + 1) << 20 WHERE s.name = $0 AND s.snapshot IS NOT NULL ORDER BY c.id
            """,
            stream);
        if (!rows.Read())
            return null;
        long throughSequence = rows.GetInt64(0);
        var content = new byte[rows.GetInt32(1)];
        int length = 0;
        do
        {
            if (rows.IsDBNull(2))
                break;
            var chunk = rows.GetFieldValue<byte[]>(4);
            long id = rows.GetInt64(2);
            if (BlobChecksum.Of(id, chunk.Length, 0, chunk) != rows.GetInt64(3) || length + chunk.Length > content.Length)
                throw Damaged(stream, throughSequence);
            chunk.CopyTo(content, length);
            length += chunk.Length;
        }
        while (rows.Read());
        return length == content.Length ? new(throughSequence, content) : throw Damaged(stream, throughSequence);
    }

    private static CorruptStoreException Damaged(string stream, long throughSequence) =>
        new($"The snapshot of stream '{stream}' through record {throughSequence} does not match its checksum.");
}
