using System.Text.Json;
using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.Pages;
using static OrleansRec.Silo.Storage.Verification.FolderVerification;

namespace OrleansRec.Silo.Storage.Verification;

/// <summary>The rows of a store: each blob by its checksum and by decoding it, each stream by its numbers, and SQLite's own structure last.</summary>
internal sealed class RowVerification
{
    private readonly StoreConnection connection;
    private readonly FolderReport report;
    private readonly string database;

    private RowVerification(StoreConnection connection, string database, FolderReport report) =>
        (this.connection, this.database, this.report) = (connection, database, report);

    public static void Check(string database, FolderReport report)
    {
        PageFaults.Take();
        try
        {
            bool isStill = !report.IsInUse && new FileInfo(database + CommitWitness.LogSuffix) is not { Exists: true, Length: > 0 };
            using var connection = isStill ? StoreConnection.OpenUnchanging(database) : StoreConnection.OpenForCopying(database);
            // A small cache, so that a damaged page is met with the row that lies on it.
            connection.Run("PRAGMA cache_size = 16");
            connection.Run("BEGIN");
            new RowVerification(connection, database, report).CheckAll();
        }
        catch (Exception e) when (e is SqliteException or CorruptStoreException or StoreUnavailableException or DataFolderRefusedException)
        {
            report.Add(FindingKind.Damage, DataFolder.DatabaseName, null, e.Message);
        }
    }

    private void CheckAll()
    {
        report.Format = FolderFormat.Check(connection, database, StoreSchema.FormatVersion);
        var streams = new List<StreamRow>();
        Each("SELECT id, name, snapshot, snapshot_sequence, snapshot_bytes FROM stream ORDER BY id", row =>
        {
            var stream = new StreamRow(row.GetInt64(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
            streams.Add(stream);
            return $"stream '{stream.Name}'";
        });
        Each("SELECT key, value FROM folder", row => $"number '{row.GetString(0)}' of the folder, {Text(row.GetInt64(1))}");
        foreach (var stream in streams)
        {
            Check(stream);
        }
        CheckStray(streams);
        CheckState();
        CheckStructure();
    }

    private void Check(StreamRow stream)
    {
        var check = new StreamCheck(stream.Name, stream.SnapshotSequence, "", report);
        Each(
            $"SELECT id, record_count, epoch, checksum, content FROM batch WHERE id BETWEEN {Text(StoreSchema.BatchId(stream.Id, 0))} AND {Text(StoreSchema.BatchId(stream.Id + 1, -1))} ORDER BY id",
            row =>
            {
                long id = row.GetInt64(0), count = row.GetInt64(1);
                byte[] content = row.GetFieldValue<byte[]>(4);
                return check.Batch(StoreSchema.SequenceOf(id), count, BlobChecksum.Of(id, count, row.GetInt64(2), content) == row.GetInt64(3), content);
            });
        if (stream.Snapshot is not { } snapshot)
            return;
        Each(
            $"SELECT id, checksum, content FROM snapshot_chunk WHERE id BETWEEN {Text(StoreSchema.ChunkId(snapshot, 0))} AND {Text(StoreSchema.ChunkId(snapshot + 1, -1))} ORDER BY id",
            row =>
            {
                byte[] chunk = row.GetFieldValue<byte[]>(2);
                return check.Chunk(BlobChecksum.Of(row.GetInt64(0), chunk.Length, 0, chunk) == row.GetInt64(1), chunk);
            });
        check.EndSnapshot(stream.SnapshotBytes);
    }

    private void CheckStray(List<StreamRow> streams)
    {
        var known = streams.Select(stream => stream.Id).ToHashSet();
        Each("SELECT id >> 40, count(*) FROM batch GROUP BY 1", row =>
        {
            string record = $"{Text(row.GetInt64(1))} batches of stream {Text(row.GetInt64(0))}";
            if (!known.Contains(row.GetInt64(0)))
                Damage("table batch", record, "there is no such stream");
            return record;
        });
    }

    private void CheckState() => Each("SELECT state, grain, format, content FROM grain_state", row =>
    {
        string record = $"state '{row.GetString(0)}' of {row.GetString(1)}";
        if (row.GetInt64(2) <= GrainStateWrite.Format && BlobDecoding.Problem(() => JsonDocument.Parse(row.GetFieldValue<byte[]>(3)).Dispose()) is { } problem)
            Damage("table grain_state", record, problem);
        return record;
    });

    private void CheckStructure()
    {
        using var rows = connection.Query("PRAGMA integrity_check(100)");
        while (rows.Read())
        {
            if (rows.GetString(0) != "ok")
                Damage(DataFolder.DatabaseName, null, rows.GetString(0));
        }
        TellPage("SQLite's own tables");
    }

    /// <summary>Reads every row of a query; where one cannot be read, says after which.</summary>
    private void Each(string sql, Func<SqliteDataReader, string> check)
    {
        string last = "the first row";
        try
        {
            using var rows = connection.Query(sql);
            while (rows.Read())
            {
                report.Rows++;
                TellPage(last = check(rows));
            }
        }
        catch (SqliteException e)
        {
            Damage(DataFolder.DatabaseName, $"what follows {last}", StoreFaults.Translate(e, database, connection.Sqlite).Message);
        }
        TellPage($"what follows {last}");
    }

    /// <summary>Names the record for whose sake a page was read that had to be mended.</summary>
    private void TellPage(string record)
    {
        if (PageFaults.Take() is { } fault)
            report.Add(fault.IsMended ? FindingKind.Mendable : FindingKind.Damage, $"{DataFolder.DatabaseName} page {Text(fault.Number)}", record, fault.ToString());
    }

    private void Damage(string place, string? record, string message) => report.Add(FindingKind.Damage, place, record, message);

    private sealed record StreamRow(long Id, string Name, long? Snapshot, long SnapshotSequence, long SnapshotBytes);
}
