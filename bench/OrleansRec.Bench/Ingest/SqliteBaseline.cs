using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OrleansRec.Model;

namespace OrleansRec.Bench.Ingest;

/// <summary>What the disk and SQLite alone allow: one prepared insert of encoded batches, each its own commit, WAL and synchronous=FULL.</summary>
internal static class SqliteBaseline
{
    /// <summary>Events of one bulk batch, as the importer hands them to a shard.</summary>
    public const int BulkBatchEvents = 2048;

    /// <summary>Encodes events as a shard's log does.</summary>
    public static List<byte[]> Encode(IEnumerable<LoggedEvent> events, int eventsPerBatch)
    {
        var writer = new UserLogWriter();
        var batches = new List<byte[]>();
        foreach (var e in events)
        {
            writer.Append(e);
            if (writer.RecordCount == eventsPerBatch)
                batches.Add(writer.Seal());
        }
        if (writer.RecordCount > 0)
            batches.Add(writer.Seal());
        return batches;
    }

    /// <summary>Commits per second.</summary>
    public static double InsertsPerSecond(string path, List<byte[]> batches)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE batch(id INTEGER PRIMARY KEY, content BLOB NOT NULL);");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO batch(content) VALUES($content)";
        var content = insert.Parameters.Add("$content", SqliteType.Blob);
        content.Value = batches[0];
        insert.ExecuteNonQuery();
        long start = Stopwatch.GetTimestamp();
        foreach (var batch in batches)
        {
            content.Value = batch;
            insert.ExecuteNonQuery();
        }
        return batches.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
