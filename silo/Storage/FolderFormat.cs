using System.Globalization;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Makes the tables of a new folder, migrates an older one, refuses a newer one, and keeps the number of shards.</summary>
internal static class FolderFormat
{
    /// <summary>P and Q of a new folder where nobody asks: enough for a cluster of a dozen machines, few enough for a laptop.</summary>
    public static readonly ShardMap DefaultShards = new(16, 16);

    /// <summary>Makes or migrates the file to the format of these steps and returns the shards it was made with.</summary>
    /// <param name="database">The store's file, which nobody else has open.</param>
    /// <param name="options">Shards of a new folder.</param>
    /// <param name="steps">Step i begins with format i + 1.</param>
    /// <param name="migrated">Told of each step that was done.</param>
    /// <exception cref="DataFolderRefusedException">Newer, another product's, or made for other shards.</exception>
    public static ShardMap Prepare(string database, StorageOptions options, IReadOnlyList<FolderMigration> steps, Action<FolderMigration>? migrated = null)
    {
        FolderSwap.DropUnfinished(database);
        for (long format = FormatOf(database, options, steps); format < FolderMigrations.NewestFormat(steps); format++)
        {
            var step = steps[(int)format - 1];
            step.Run(database, options);
            migrated?.Invoke(step);
        }
        using var connection = StoreConnection.OpenForWriting(database, options.TestSynchronous);
        connection.Run("BEGIN IMMEDIATE");
        // What a crash in the middle of a snapshot left.
        connection.Run("DELETE FROM snapshot_chunk WHERE id >> 20 NOT IN (SELECT snapshot FROM stream WHERE snapshot IS NOT NULL)");
        connection.Run("COMMIT");
        return ReadShards(connection);
    }

    /// <summary>The format of the file, which is made in the newest where it is not there.</summary>
    private static long FormatOf(string database, StorageOptions options, IReadOnlyList<FolderMigration> steps)
    {
        int newest = FolderMigrations.NewestFormat(steps);
        using var connection = StoreConnection.OpenForWriting(database, options.TestSynchronous);
        connection.Run("BEGIN IMMEDIATE");
        long format = Check(connection, database, newest);
        if (format == 0)
            Create(connection, options, newest);
        // Before a step that cannot be taken back.
        RefuseOther(options, ReadShards(connection));
        connection.Run("COMMIT");
        return format == 0 ? newest : format;
    }

    /// <summary>The format version of a store, 0 where it is new.</summary>
    public static long Check(StoreConnection connection, string path, int formatVersion)
    {
        long version = connection.Number("PRAGMA user_version")!.Value;
        long tables = connection.Number("SELECT count(*) FROM sqlite_schema")!.Value;
        if (tables > 0 && connection.Number("PRAGMA application_id") != StoreSchema.ApplicationId)
            throw new DataFolderRefusedException($"'{path}' is a database of another product.");
        if (version > formatVersion)
            throw new DataFolderRefusedException(
                $"'{path}' has format {version}, written by a newer OrleansRec; this one reads up to format {formatVersion}. Use the newer product, or restore a backup made by this one.");
        return version;
    }

    private static void Create(StoreConnection connection, StorageOptions options, int format)
    {
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {format}"));
        connection.Run(StoreSchema.Tables);
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {StoreSchema.ApplicationId}"));
        connection.Run("INSERT INTO folder(key, value) VALUES('user_shards', $0)", (long)(options.UserShards ?? DefaultShards.UserShards));
        connection.Run("INSERT INTO folder(key, value) VALUES('item_shards', $0)", (long)(options.ItemShards ?? DefaultShards.ItemShards));
    }

    private static ShardMap ReadShards(StoreConnection connection) => new(
        (int)connection.Number("SELECT value FROM folder WHERE key = 'user_shards'")!.Value,
        (int)connection.Number("SELECT value FROM folder WHERE key = 'item_shards'")!.Value);

    private static void RefuseOther(StorageOptions options, ShardMap made)
    {
        if ((options.UserShards ?? made.UserShards) == made.UserShards && (options.ItemShards ?? made.ItemShards) == made.ItemShards)
            return;
        throw new DataFolderRefusedException(
            $"The data folder '{options.Folder}' was made with {made.UserShards} user shards and {made.ItemShards} item shards, which is fixed for its life; "
            + $"asked for {options.UserShards ?? made.UserShards} and {options.ItemShards ?? made.ItemShards}. Leave the setting out, or import into a new folder.");
    }
}
