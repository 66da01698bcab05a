using System.Buffers;
using Npgsql;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>
/// Writes a snapshot as chunks of one size beside the log's writer, each in a transaction of its own that need not be synced: the swap comes after them in the
/// server's log, and is.
/// </summary>
internal sealed class PostgresSnapshotPieces(PostgresWriter writer, PostgresReads store, string stream, long epoch, long snapshot) : ISnapshotWriter
{
    /// <summary>As many bytes as a chunk has; pieces are gathered to it.</summary>
    public const int ChunkBytesMax = 1 << 20;

    private byte[]? chunk;
    private int length, chunkCount;
    private long bytes;
    private bool isCompleted;

    public async Task Write(ReadOnlyMemory<byte> piece, CancellationToken cancellation = default)
    {
        while (!piece.IsEmpty)
        {
            chunk ??= ArrayPool<byte>.Shared.Rent(ChunkBytesMax);
            int count = Math.Min(piece.Length, ChunkBytesMax - length);
            piece[..count].CopyTo(chunk.AsMemory(length));
            length += count;
            piece = piece[count..];
            if (length == ChunkBytesMax)
                await Flush(cancellation).ConfigureAwait(false);
        }
    }

    public async Task Complete(long throughSequence, bool compact, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(throughSequence);
        cancellation.ThrowIfCancellationRequested();
        if (length > 0)
            await Flush(cancellation).ConfigureAwait(false);
        if (bytes > int.MaxValue)
            throw new InvalidOperationException($"A snapshot has at most {int.MaxValue} bytes; that of '{stream}' has {bytes}. Use more shards.");
        await writer.Write(new PostgresSnapshotSwap(stream, epoch, throughSequence, snapshot, bytes, compact)).ConfigureAwait(false);
        isCompleted = true;
    }

    /// <summary>Where dropping fails too, the stream's next snapshot clears the chunks away.</summary>
    public async ValueTask DisposeAsync()
    {
        if (chunk is not null)
            ArrayPool<byte>.Shared.Return(chunk);
        chunk = null;
        if (isCompleted || chunkCount == 0)
            return;
        try
        {
            await store.WriteChunk((connection, cancellation) => Run(
                connection, "DELETE FROM rec_snapshot_chunk USING rec_stream WHERE name = $1 AND stream = id AND rec_snapshot_chunk.snapshot = $2 AND rec_stream.snapshot IS DISTINCT FROM $2",
                cancellation, stream, snapshot), default).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreUnavailableException or CorruptStoreException)
        {
        }
    }

    private async Task Flush(CancellationToken cancellation)
    {
        int index = chunkCount++;
        var content = chunk.AsMemory(0, length);
        long checksum = BlobChecksum.Of(ChecksumId(stream, snapshot, index), length, 0, content.Span);
        // Sent again after a lost answer, the same chunk is there already.
        int written = await store.WriteChunk((connection, stop) => Run(
            connection,
            """
            WITH unsynced AS (SELECT set_config('synchronous_commit', 'off', true))
            INSERT INTO rec_snapshot_chunk(stream, snapshot, index, checksum, content)
            SELECT id, $3, $4, $5, $6 FROM rec_stream, unsynced WHERE name = $1 AND epoch = $2
            ON CONFLICT (stream, snapshot, index) DO UPDATE SET content = excluded.content
            """,
            stop, stream, epoch, snapshot, index, checksum, content), cancellation).ConfigureAwait(false);
        if (written == 0)
            throw new FencedException($"Epoch {epoch} of '{stream}' is fenced off; its snapshot is given up.");
        bytes += length;
        length = 0;
    }

    public static long ChecksumId(string stream, long snapshot, int index) => StreamChecksum.Id(stream, (snapshot << 20) + index);

    private static async Task<int> Run(NpgsqlConnection connection, string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
