using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.Pages;

namespace OrleansRec.Silo.Storage;

/// <summary>Copies a store into an empty folder: one moment of it, checked and durable before it bears its name.</summary>
/// <remarks>
/// The copy is one read transaction of SQLite, so writes, snapshots and compaction go on meanwhile and none of it shows in the copy; the
/// pages that it still needs stay in the write-ahead log until it is done.
/// </remarks>
internal static class FolderCopy
{
    public static void Copy(string sourceDatabase, string targetFolder)
    {
        if (!File.Exists(sourceDatabase))
            throw new DataFolderRefusedException($"'{sourceDatabase}' does not exist: there is no store to copy.");
        if (File.Exists(targetFolder) || (Directory.Exists(targetFolder) && Directory.EnumerateFileSystemEntries(targetFolder).Any()))
            throw new DataFolderRefusedException($"'{targetFolder}' is not empty; a copy is never written over anything.");
        using var held = HoldIfFree(sourceDatabase);
        string target = Path.Combine(targetFolder, DataFolder.DatabaseName);
        string partial = target + ".partial";
        try
        {
            Directory.CreateDirectory(targetFolder);
            CopyPages(sourceDatabase, partial);
            CheckCopy(partial);
            Finish(partial, target, targetFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"'{targetFolder}' cannot be written: {e.Message} (errno {e.HResult & 0xFFFF})", e);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>A folder that nobody uses may have been left by a crash: its log is tried before SQLite takes it in.</summary>
    private static FolderLock? HoldIfFree(string sourceDatabase)
    {
        FolderLock? held;
        try
        {
            held = FolderLock.TakeToRead(Path.GetDirectoryName(Path.GetFullPath(sourceDatabase))!);
        }
        catch (DataFolderRefusedException)
        {
            // In use: its holder tried the log when it started.
            return null;
        }
        catch (StoreUnavailableException)
        {
            held = null;
        }
        try
        {
            LogGuard.Check(sourceDatabase);
            return held;
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    private static void CopyPages(string source, string partial)
    {
        using var connection = StoreConnection.OpenForCopying(source);
        try
        {
            FolderFormat.Check(connection, source, StoreSchema.FormatVersion);
            connection.Run("VACUUM INTO $0", partial);
        }
        catch (SqliteException e)
        {
            throw StoreFaults.Translate(e, partial, connection.Sqlite);
        }
    }

    private static void CheckCopy(string partial)
    {
        using var connection = StoreConnection.OpenForCopying(partial);
        using var rows = connection.Query("PRAGMA integrity_check(1)");
        string verdict = rows.Read() ? rows.GetString(0) : "no answer";
        if (verdict != "ok")
            throw new CorruptStoreException($"The copy '{partial}' is damaged: {verdict}");
    }

    private static void Finish(string partial, string target, string targetFolder)
    {
        using (var file = File.OpenHandle(partial, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(file);
        File.Move(partial, target);
        DirectorySync.Flush(targetFolder);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(targetFolder).TrimEnd(Path.DirectorySeparatorChar)) ?? "/");
    }
}
