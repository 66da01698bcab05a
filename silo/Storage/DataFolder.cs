using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.Pages;

namespace OrleansRec.Silo.Storage;

/// <summary>The folder that holds everything durable of one server: one SQLite file, held by one process.</summary>
public sealed class DataFolder : IDisposable
{
    /// <summary>The store's file in the folder.</summary>
    public const string DatabaseName = "orleansrec.db";

    private readonly FolderLock folderLock;
    private readonly ReadConnections readers;
    private int isDisposed;

    private DataFolder(string path, FolderLock folderLock, ShardMap shards, StorageOptions options)
    {
        Path = path;
        Shards = shards;
        this.folderLock = folderLock;
        Writer = new(DatabasePath, options);
        readers = new(DatabasePath, options);
        Log = new(Writer, readers);
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The store's file.</summary>
    public string DatabasePath => System.IO.Path.Combine(Path, DatabaseName);

    /// <summary>P and Q, as the folder was made with.</summary>
    public ShardMap Shards { get; }

    /// <summary>What opening it mended and migrated, in order, for the operator; empty where it was whole and had this product's format.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Logs and snapshots.</summary>
    public SqliteLogStore Log { get; }

    /// <summary>Commits since the folder was opened.</summary>
    public long CommitCount => Writer.CommitCount;

    /// <summary>Writes that wait for the disk now.</summary>
    public int WaitingWriteCount => Writer.WaitingCount;

    internal StoreWriter Writer { get; }

    internal ReadConnections Readers => readers;

    /// <summary>Opens a folder, making it where it is missing, and holds it until disposed.</summary>
    /// <exception cref="DataFolderRefusedException">Another process holds it, its format is newer, or it was made for other shards.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be written; the message has the path and the system's error.</exception>
    public static DataFolder Open(StorageOptions options)
    {
        string path = System.IO.Path.GetFullPath(options.Folder);
        Make(path);
        var folderLock = FolderLock.Take(path);
        try
        {
            var mended = CheckLog(System.IO.Path.Combine(path, DatabaseName));
            var migrations = new List<FolderMigration>();
            var shards = Prepare(System.IO.Path.Combine(path, DatabaseName), options, migrations);
            DirectorySync.Flush(path);
            return new(path, folderLock, shards, options) 
            {
                Notes = [.. mended, .. migrations.Select(step => $"migrated from format {step.From} to {step.From + 1}: {step.Change}")],
            };
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Copies the store as of now into an empty or missing folder, while everything goes on. The copy is a data folder of its own.</summary>
    /// <exception cref="DataFolderRefusedException"><paramref name="targetFolder"/> is not empty.</exception>
    public Task Backup(string targetFolder, CancellationToken cancellation = default) =>
        Task.Run(() => FolderCopy.Copy(DatabasePath, targetFolder), cancellation);

    /// <summary>Makes a data folder from a backup. Also works on a folder in use: it copies its store as of now.</summary>
    /// <param name="source">A backup or a data folder.</param>
    /// <param name="targetFolder">An empty or missing folder.</param>
    /// <exception cref="DataFolderRefusedException">There is no store in <paramref name="source"/>, it is of a newer format, or the target is not empty.</exception>
    public static void Restore(string source, string targetFolder) =>
        FolderCopy.Copy(System.IO.Path.Combine(source, DatabaseName), targetFolder);

    /// <summary>Commits what waits, closes the store and lets the folder go.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 1)
            return;
        Writer.Dispose();
        readers.Dispose();
        folderLock.Dispose();
    }

    private static void Make(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The data folder '{path}' cannot be made: {e.Message} (errno {e.HResult & 0xFFFF})", e);
        }
    }

    private static IReadOnlyList<string> CheckLog(string database)
    {
        try
        {
            return LogGuard.Check(database);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The log of '{database}' cannot be read: {e.Message} (errno {e.HResult & 0xFFFF})", e);
        }
    }

    private static ShardMap Prepare(string database, StorageOptions options, List<FolderMigration> migrations)
    {
        try
        {
            return FolderFormat.Prepare(database, options, FolderMigrations.Steps, migrations.Add);
        }
        catch (SqliteException e)
        {
            throw StoreFaults.Translate(e, database, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"'{database}' cannot be brought to format {StoreSchema.FormatVersion}: {e.Message} (errno {e.HResult & 0xFFFF})", e);
        }
    }
}
