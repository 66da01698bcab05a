using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using OrleansRec.Silo.Storage.Pages;

namespace OrleansRec.Silo.Storage;

/// <summary>A connection with its prepared statements, each prepared once. Used by one thread at a time.</summary>
internal sealed class StoreConnection : IDisposable
{
    /// <summary>A commit writes whole pages, one or two for each shard that has events in it: small pages keep a commit of a few events small. Large blobs lie in chains of pages and need about the same time at any size.</summary>
    private const int PageBytes = PageChecksum.PageBytes;

    /// <summary>When a commit also copies the log of SQLite into the database: 4,096 pages, 16 MB. Four times SQLite's own default, so that under load one commit in hundreds pays for it and not one in dozens; what a restart has to read again stays small.</summary>
    private const int CheckpointPages = 4096;

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = [];

    private StoreConnection(string path, SqliteConnection connection)
    {
        Path = path;
        this.connection = connection;
    }

    public string Path { get; }

    public SqliteConnection Sqlite => connection;

    public static StoreConnection OpenForWriting(string path, string synchronous)
    {
        var opened = Open(path, SqliteOpenMode.ReadWriteCreate);
        opened.Pragmas($"PRAGMA page_size={PageBytes}; PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA wal_autocheckpoint={CheckpointPages}; PRAGMA foreign_keys=OFF; PRAGMA secure_delete=FAST;");
        return opened;
    }

    public static StoreConnection OpenForReading(string path)
    {
        // Not Mode=ReadOnly: the first reader of a WAL file may have to write its shared-memory index.
        var opened = Open(path, SqliteOpenMode.ReadWrite);
        opened.Pragmas("PRAGMA query_only=ON;");
        return opened;
    }

    /// <summary>For a copy of the whole file, which may stand on a medium that cannot be written.</summary>
    public static StoreConnection OpenForCopying(string path) => Open(path, SqliteOpenMode.ReadOnly);

    /// <summary>For reading a file that nobody writes and that has no log: nothing is made beside it.</summary>
    public static StoreConnection OpenUnchanging(string path) => Open(new Uri(System.IO.Path.GetFullPath(path)).AbsoluteUri + "?immutable=1", SqliteOpenMode.ReadOnly);

    /// <summary>Runs a statement with parameters $0, $1, … and returns how many rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<object> values) => Bind(sql, values).ExecuteNonQuery();

    public SqliteDataReader Query(string sql, params ReadOnlySpan<object> values) => Bind(sql, values).ExecuteReader();

    public long? Number(string sql, params ReadOnlySpan<object> values) => Bind(sql, values).ExecuteScalar() as long?;

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        connection.Dispose();
    }

    private static StoreConnection Open(string path, SqliteOpenMode mode)
    {
        GuardedVfs.Register();
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, Vfs = GuardedVfs.Name }.ToString());
        try
        {
            connection.Open();
            GuardedVfs.ReserveChecksum(connection.Handle!.DangerousGetHandle());
            return new(path, connection);
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw StoreFaults.Translate(e, path, null);
        }
    }

    private void Pragmas(string sql)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            var fault = StoreFaults.Translate(e, Path, connection);
            Dispose();
            throw fault;
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
            prepared[sql] = command = Prepare(sql, values.Length);
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] is ReadOnlyMemory<byte> blob ? BlobOf(blob) : values[i];
        return command;
    }

    /// <summary>Microsoft.Data.Sqlite binds arrays only; most blobs are a whole array and need no copy.</summary>
    private static byte[] BlobOf(ReadOnlyMemory<byte> blob) =>
        MemoryMarshal.TryGetArray(blob, out var segment) && segment.Array is { } array && array.Length == blob.Length ? array : blob.ToArray();

    private SqliteCommand Prepare(string sql, int parameterCount)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < parameterCount; i++)
            command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i });
        return command;
    }
}
