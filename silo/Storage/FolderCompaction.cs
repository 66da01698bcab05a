using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Writes a store's file anew beside the old one, without free pages, and puts it in its place by one rename.</summary>
internal static class FolderCompaction
{
    /// <exception cref="DataFolderRefusedException">The folder is in use.</exception>
    public static void Run(string folder)
    {
        string database = Path.Combine(folder, DataFolder.DatabaseName), aside = FolderSwap.AsideOf(database);
        using var held = FolderLock.Take(Path.GetFullPath(folder));
        try
        {
            FolderSwap.DropUnfinished(database);
            FolderSwap.TakeLogIn(database, new());
            using (var connection = StoreConnection.OpenForCopying(database))
                connection.Run("VACUUM INTO $0", aside);
            FolderSwap.Replace(database, aside);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            throw StoreFaults.Translate(e, database, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"'{folder}' cannot be compacted: {e.Message} (errno {e.HResult & 0xFFFF})", e);
        }
    }
}
