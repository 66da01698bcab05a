namespace OrleansRec.Silo.Storage;

/// <summary>The formats of a data folder and the steps between them: the one place where the number goes up.</summary>
/// <remarks>
/// A new format is one more step at the end, and one more packed folder of the format before it in tests/OrleansRec.Silo.Tests/Golden, which the
/// suite then opens. What is inside batches and snapshots has format bytes of its own (model/Log), which readers tell apart; a step is
/// needed where keys, tables or the file itself change, or where an older product would misread what this one writes.
/// <code>
/// format  what it brought
/// 1       batches, snapshots and grain state in one SQLite file
/// 2       names of streams and grains begin with a tenant
/// 3       a checksum at the end of every page
/// </code>
/// </remarks>
internal static class FolderMigrations
{
    /// <summary>Step i begins with format i + 1.</summary>
    public static readonly IReadOnlyList<FolderMigration> Steps =
    [
        new InPlaceMigration(1, "names begin with a tenant", TenantNames.Add),
        new AsideMigration(2, "every page gets a checksum", PagesGetChecksums),
    ];

    /// <summary>From this format on a store's pages bear checksums.</summary>
    public const int FirstSealedFormat = 3;

    /// <summary>What a product with these steps writes.</summary>
    public static int NewestFormat(IReadOnlyList<FolderMigration> steps) => steps.Count + 1;

    private static void PagesGetChecksums(string database, string aside)
    {
        using var connection = StoreConnection.OpenForCopying(database);
        connection.Run("VACUUM INTO $0", aside);
    }
}
