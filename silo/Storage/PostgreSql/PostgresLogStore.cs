using System.Globalization;
using Npgsql;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>Logs and snapshots in a PostgreSQL database that several silos share. The fence is in the database: see <see cref="PostgresAppend"/>.</summary>
internal sealed class PostgresLogStore(PostgresWriter writer, PostgresReads reads, PostgresVacuum vacuum) : ILogStore
{
    /// <summary>Batches of one page of a read: what the server sorts and sums before it sends any.</summary>
    private const int PageBatchesMax = 1024;

    /// <inheritdoc/>
    public async Task<LogOpening> Open(string stream, CancellationToken cancellation = default)
    {
        var opening = new StreamTakeover(stream);
        await Write(opening, cancellation).ConfigureAwait(false);
        return opening.Result;
    }

    /// <inheritdoc/>
    public async Task Append(LogBatch batch, CancellationToken cancellation = default)
    {
        batch.Check();
        await Write(new PostgresAppend(batch), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CheckOwner(string stream, long epoch, CancellationToken cancellation = default)
    {
        var stand = await reads.ReadOnce(async (connection, stop) =>
        {
            await using var command = Command(connection, "SELECT epoch FROM rec_stream WHERE name = $1", stream);
            return await command.ExecuteScalarAsync(stop).ConfigureAwait(false) is long stored ? new StreamPosition { Epoch = stored } : null;
        }, cancellation).ConfigureAwait(false);
        if (Fence.Refusal(stream, epoch, stand) is { } fenced)
            throw fenced;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogBatch>> Read(string stream, long afterSequence, int bytesMax, CancellationToken cancellation = default) =>
        reads.Read((connection, stop) => ReadBatches(connection, stream, afterSequence, bytesMax, stop), cancellation);

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
        var (stand, id) = await reads.Read(async (connection, stop) =>
        {
            await using var command = Command(connection, "SELECT epoch, nextval('rec_snapshot') FROM rec_stream WHERE name = $1", stream);
            await using var rows = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
            return await rows.ReadAsync(stop).ConfigureAwait(false) ? (new StreamPosition { Epoch = rows.GetInt64(0) }, rows.GetInt64(1)) : (null, 0L);
        }, cancellation).ConfigureAwait(false);
        return Fence.Refusal(stream, epoch, stand) is { } fenced ? throw fenced : new PostgresSnapshotPieces(writer, reads, stream, epoch, id);
    }

    /// <inheritdoc/>
    public Task<LogSnapshot?> ReadSnapshot(string stream, CancellationToken cancellation = default) =>
        reads.Read((connection, stop) => ReadChunks(connection, stream, stop), cancellation);

    /// <inheritdoc/>
    public Task Delete(string stream, CancellationToken cancellation = default) => Write(new PostgresDeletion(stream), cancellation);

    /// <inheritdoc/>
    public Task Purge(CancellationToken cancellation = default) => vacuum.Run().WaitAsync(cancellation);

    /// <summary>Once queued, a write is not taken back: its caller has to learn whether it is durable.</summary>
    private async Task Write(PostgresWrite write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var span = StoreMetrics.Begin(write);
        await writer.Write(write).ConfigureAwait(false);
    }

    /// <summary>One statement, so one moment of the store, even while the stream is compacted.</summary>
    private static async Task<IReadOnlyList<LogBatch>> ReadBatches(
        NpgsqlConnection connection, string stream, long afterSequence, int bytesMax, CancellationToken cancellation)
    {
        // Starts at the batch that holds the record asked for, which may go on after it.
        await using var command = Command(connection,
            $"""
            WITH s AS (SELECT id FROM rec_stream WHERE name = $1),
            page AS (
                SELECT first_sequence, record_count, epoch, checksum, content FROM rec_batch WHERE stream = (SELECT id FROM s)
                AND first_sequence >= coalesce((SELECT max(first_sequence) FROM rec_batch WHERE stream = (SELECT id FROM s) AND first_sequence <= $2 + 1), 0)
                AND first_sequence + record_count - 1 > $2 ORDER BY first_sequence LIMIT {PageBatchesMax})
            SELECT first_sequence, record_count, epoch, checksum, content FROM (
                SELECT *, sum(octet_length(content)) OVER (ORDER BY first_sequence) - octet_length(content) AS bytes_before FROM page) summed
            WHERE bytes_before = 0 OR bytes_before < $3 ORDER BY first_sequence
            """,
            stream, Math.Clamp(afterSequence, 0, long.MaxValue - 1), bytesMax);
        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var batches = new List<LogBatch>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            batches.Add(ReadBatch(rows, stream));
        return batches;
    }

    private static LogBatch ReadBatch(NpgsqlDataReader row, string stream)
    {
        var batch = new LogBatch(stream, row.GetInt64(2), row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(4));
        if (BlobChecksum.Of(StreamChecksum.Id(stream, batch.FirstSequence), batch.RecordCount, batch.Epoch, batch.Content.Span) != row.GetInt64(3))
            throw new CorruptStoreException($"The batch of stream '{stream}' that begins at record {batch.FirstSequence} does not match its checksum.");
        return batch;
    }

    private static async Task<LogSnapshot?> ReadChunks(NpgsqlConnection connection, string stream, CancellationToken cancellation)
    {
        await using var command = Command(connection,
            """
            SELECT s.snapshot_sequence, s.snapshot_bytes, s.snapshot, c.index, c.checksum, c.content FROM rec_stream s
            LEFT JOIN rec_snapshot_chunk c ON c.stream = s.id AND c.snapshot = s.snapshot WHERE s.name = $1 AND s.snapshot IS NOT NULL ORDER BY c.index
            """,
            stream);
        await using var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await rows.ReadAsync(cancellation).ConfigureAwait(false))
            return null;
        long throughSequence = rows.GetInt64(0);
        var content = new byte[rows.GetInt64(1)];
        int length = 0;
        do
        {
            if (rows.IsDBNull(3))
                break;
            byte[] chunk = rows.GetFieldValue<byte[]>(5);
            long id = PostgresSnapshotPieces.ChecksumId(stream, rows.GetInt64(2), rows.GetInt32(3));
            if (BlobChecksum.Of(id, chunk.Length, 0, chunk) != rows.GetInt64(4) || length + chunk.Length > content.Length)
                throw Damaged(stream, throughSequence);
            chunk.CopyTo(content, length);
            length += chunk.Length;
        }
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false));
        return length == content.Length ? new(throughSequence, content) : throw Damaged(stream, throughSequence);
    }

    private static CorruptStoreException Damaged(string stream, long throughSequence) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The snapshot of stream '{stream}' through record {throughSequence} does not match its checksum."));

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
