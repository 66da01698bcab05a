using System.Globalization;
using System.Text.Json;
using Npgsql;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.Verification;

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
        {
            CheckBatches(stream);
            CheckSnapshot(stream);
        }
        Each("SELECT stream, count(*) FROM rec_batch WHERE stream NOT IN (SELECT id FROM rec_stream) GROUP BY 1", row =>
            Damage("table rec_batch", $"{Text(row.GetInt64(1))} batches of stream {Text(row.GetInt64(0))}", "there is no such stream"));
        Each("SELECT graintypestring, coalesce(grainidextensionstring, ''), payloadbinary FROM orleansstorage WHERE payloadbinary IS NOT NULL", row =>
        {
            if (BlobDecoding.Problem(() => JsonDocument.Parse(row.GetFieldValue<byte[]>(2)).Dispose()) is { } problem)
                Damage("table orleansstorage", $"state '{row.GetString(0)}' of {row.GetString(1)}", problem);
        });
    }

    private void CheckBatches(StreamRow stream)
    {
        long next = 0;
        Each("SELECT first_sequence, record_count, epoch, checksum, content FROM rec_batch WHERE stream = $1 ORDER BY first_sequence", row =>
        {
            long first = row.GetInt64(0), count = row.GetInt32(1);
            string record = $"batch of '{stream.Name}', records {Text(first)} to {Text(first + count - 1)}";
            byte[] content = row.GetFieldValue<byte[]>(4);
            long? decoded = null;
            if (BlobChecksum.Of(StreamChecksum.Id(stream.Name, first), count, row.GetInt64(2), content) != row.GetInt64(3))
                Damage("table rec_batch", record, "does not match its checksum");
            else if (BlobDecoding.Problem(() => decoded = BlobDecoding.CountRecords(stream.Name, content)) is { } problem)
                Damage("table rec_batch", record, problem);
            else if (decoded is not null && decoded != count)
                Damage("table rec_batch", record, $"holds {Text(decoded.Value)} records");
            if (next == 0 ? first > stream.SnapshotSequence + 1 : first != next)
                Damage("table rec_batch", record, $"the record before it is missing: {Text(next == 0 ? stream.SnapshotSequence : next - 1)} comes before");
            next = first + count;
            report.Records += count;
        }, stream.Id);
        long last = Math.Max(next - 1, stream.SnapshotSequence);
        if (last != stream.LastSequence)
            Damage("table rec_stream", $"stream '{stream.Name}'", $"ends at record {Text(stream.LastSequence)}; its batches and its snapshot end at {Text(last)}");
    }

    private void CheckSnapshot(StreamRow stream)
    {
        if (stream.Snapshot is not { } snapshot)
            return;
        string record = $"snapshot of '{stream.Name}' through record {Text(stream.SnapshotSequence)}";
        var content = new MemoryStream();
        bool isWhole = true;
        Each("SELECT index, checksum, content FROM rec_snapshot_chunk WHERE stream = $1 AND snapshot = $2 ORDER BY index", row =>
        {
            byte[] chunk = row.GetFieldValue<byte[]>(2);
            isWhole &= BlobChecksum.Of(PostgresSnapshotPieces.ChecksumId(stream.Name, snapshot, row.GetInt32(0)), chunk.Length, 0, chunk) == row.GetInt64(1);
            content.Write(chunk);
        }, stream.Id, snapshot);
        if (!isWhole)
            Damage("table rec_snapshot_chunk", record, "does not match its checksum");
        else if (content.Length != stream.SnapshotBytes)
            Damage("table rec_snapshot_chunk", record, $"is {Text(content.Length)} bytes long, not {Text(stream.SnapshotBytes)}");
        else if (BlobDecoding.Problem(() => BlobDecoding.ReadSnapshot(stream.Name, content.GetBuffer().AsSpan(0, (int)content.Length))) is { } problem)
            Damage("table rec_snapshot_chunk", record, problem);
        report.Snapshots++;
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

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record StreamRow(long Id, string Name, long LastSequence, long? Snapshot, long SnapshotSequence, long SnapshotBytes);
}
