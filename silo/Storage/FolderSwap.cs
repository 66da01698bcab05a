using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.Pages;

namespace OrleansRec.Silo.Storage;

/// <summary>Replaces a store's file by one written beside it, so that a crash leaves the whole old one or the whole new one.</summary>
internal static class FolderSwap
{
    public static string AsideOf(string database) => database + ".aside";

    /// <summary>Clears away what a crash before a swap left.</summary>
    public static void DropUnfinished(string database)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm", "-journal", CommitWitness.Suffix])
            File.Delete(AsideOf(database) + suffix);
    }

    /// <summary>Moves everything from the write-ahead log into the file: a log that stayed behind would be read as the new file's.</summary>
    public static void TakeLogIn(string database, StorageOptions options)
    {
        using (var connection = StoreConnection.OpenForWriting(database, options.TestSynchronous))
        {
            using var answer = connection.Query("PRAGMA wal_checkpoint(TRUNCATE)");
            if (!answer.Read() || answer.GetInt64(0) != 0)
                throw new StoreUnavailableException($"The log of '{database}' cannot be taken in: something reads it.");
        }
        if (File.Exists(database + "-wal") && new FileInfo(database + "-wal").Length > 0)
            throw new StoreUnavailableException($"The log of '{database}' is still there after it was taken in.");
    }

    /// <summary>Syncs the new file, renames it over the old one, and syncs the name.</summary>
    public static void Replace(string database, string aside)
    {
        using (var file = File.OpenHandle(aside, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(file);
        // It knows the old file's last commit, which is in there, and would miss it in the new one.
        File.Delete(CommitWitness.PathOf(database + CommitWitness.LogSuffix));
        File.Delete(CommitWitness.PathOf(aside + CommitWitness.LogSuffix));
        File.Move(aside, database, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(Path.GetFullPath(database))!);
    }
}
