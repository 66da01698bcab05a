using System.Text.Json;
using Npgsql;
using OrleansRec.Silo.Storage.Verification;
using static OrleansRec.Silo.Storage.Verification.FolderVerification;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>Reads a store in PostgreSQL end to end as of one moment, while silos go on: each blob by its checksum and by decoding it, each stream by its numbers.</summary>
/// <remarks>The server's own pages are checked by the server: see data_checksums, and pg_amcheck for its indexes.</remarks>
internal sealed class PostgresVerification
{
    private readonly NpgsqlConnection connection;
    private readonly FolderReport report = new() { IsInUse = true };

    private PostgresVerification(NpgsqlConnection connection) => this.connection = connection;

    /// <exception cref="StoreRefusedException">There is no store of this format.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public static FolderReport Run(StorageOptions options)
    {
        try
        {
            using var source = PostgresConnections.Build(options);
            using var connection = source.OpenConnection();
            PostgresSchema.Check(connection, options);
            using var moment = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            var verification = new PostgresVerification(connection);
            verification.report.Format = PostgresSchema.FormatVersion;
            verification.CheckAll();
            return verification.report;
        }
        catch (Exception e) when (PostgresFaults.IsFault(e))
        {
            throw PostgresFaults.Translate(e);
        }
    }

    private void CheckAll()
    {
        var streams = new List<StreamRow>();
        Each("SELECT id, name, last_sequence, snapshot, snapshot_sequence, snapshot_bytes FROM rec_stream ORDER BY id", row => streams.Add(new(
            row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetInt64(4), row.GetInt64(5))));
        foreach (var stream in streams)
            Check(stream);
        Each("SELECT stream, count(*) FROM rec_batch WHERE stream NOT IN (SELECT id FROM rec_stream) GROUP BY 1", row =>
            Damage("table rec_batch", $"{Text(row.GetInt64(1))} batches of stream {Text(row.GetInt64(0))}", "there is no such stream"));
        Each("SELECT graintypestring, coalesce(grainidextensionstring, ''), payloadbinary FROM orleansstorage WHERE payloadbinary IS NOT NULL", row =>
        {
            if (BlobDecoding.Problem(() => JsonDocument.Parse(row.GetFieldValue<byte[]>(2)).Dispose()) is { } problem)
                Damage("table orleansstorage", $"state '{row.GetString(0)}' of {row.GetString(1)}", problem);
        });
    }

    private void Check(StreamRow stream)
    {
        var check = new StreamCheck(stream.Name, stream.SnapshotSequence, "rec_", report);
        Each("SELECT first_sequence, record_count, epoch, checksum, content FROM rec_batch WHERE stream = $1 ORDER BY first_sequence", row =>
        {
            long first = row.GetInt64(0), count = row.GetInt32(1);
            byte[] content = row.GetFieldValue<byte[]>(4);
            check.Batch(first, count, BlobChecksum.Of(StreamChecksum.Id(stream.Name, first), count, row.GetInt64(2), content) == row.GetInt64(3), content);
        }, stream.Id);
        if (check.LastSequence != stream.LastSequence)
            Damage("table rec_stream", $"stream '{stream.Name}'", $"ends at record {Text(stream.LastSequence)}; its batches and its snapshot end at {Text(check.LastSequence)}");
        if (stream.Snapshot is not { } snapshot)
            return;
        Each("SELECT index, checksum, content FROM rec_snapshot_chunk WHERE stream = $1 AND snapshot = $2 ORDER BY index", row =>
        {
            byte[] chunk = row.GetFieldValue<byte[]>(2);
            check.Chunk(BlobChecksum.Of(PostgresSnapshotPieces.ChecksumId(stream.Name, snapshot, row.GetInt32(0)), chunk.Length, 0, chunk) == row.GetInt64(1), chunk);
        }, stream.Id, snapshot);
        check.EndSnapshot(stream.SnapshotBytes);
    }

    private void Each(string sql, Action<NpgsqlDataReader> check, params long[] values)
    {
        using var command = new NpgsqlCommand(sql, connection);
        foreach (long value in values)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            report.Rows++;
            check(rows);
        }
    }

    private void Damage(string place, string record, string message) => report.Add(FindingKind.Damage, place, record, message);

    private sealed record StreamRow(long Id, string Name, long LastSequence, long? Snapshot, long SnapshotSequence, long SnapshotBytes);
}
