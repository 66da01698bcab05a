using System.Globalization;

namespace OrleansRec.Silo.Storage;

/// <summary>One step of a data folder from a format to the next. A crash in the middle leaves the folder in the one or in the other.</summary>
/// <param name="from">The format that the step begins with; it ends with the next.</param>
/// <param name="change">What changes, for the operator: "keys begin with a tenant".</param>
internal abstract class FolderMigration(int from, string change)
{
    public int From { get; } = from;

    public string Change { get; } = change;

    public abstract void Run(string database, StorageOptions options);

    protected void MarkDone(StoreConnection connection) =>
        connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {From + 1}"));
}

/// <summary>A step that changes rows or tables: one transaction, which also writes the new version.</summary>
internal sealed class InPlaceMigration(int from, string change, Action<StoreConnection> apply) : FolderMigration(from, change)
{
    public override void Run(string database, StorageOptions options)
    {
        using var connection = StoreConnection.OpenForWriting(database, options.TestSynchronous);
        connection.Run("BEGIN IMMEDIATE");
        apply(connection);
        MarkDone(connection);
        connection.Run("COMMIT");
    }
}

/// <summary>A step that writes the whole file anew: beside the old one, which it then replaces by one rename.</summary>
/// <param name="from">As with every step.</param>
/// <param name="change">As with every step.</param>
/// <param name="copy">Makes the new file, named second, from the old one, whose log has been taken in.</param>
internal sealed class AsideMigration(int from, string change, Action<string, string> copy) : FolderMigration(from, change)
{
    public override void Run(string database, StorageOptions options)
    {
        string aside = FolderSwap.AsideOf(database);
        File.Delete(aside);
        FolderSwap.TakeLogIn(database, options);
        copy(database, aside);
        using (var connection = StoreConnection.OpenForWriting(aside, options.TestSynchronous))
            MarkDone(connection);
        FolderSwap.Replace(database, aside);
    }
}
