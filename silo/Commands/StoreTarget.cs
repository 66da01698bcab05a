using OrleansRec.Silo.Hosting;
using OrleansRec.Silo.Import;
using OrleansRec.Silo.Storage;

namespace OrleansRec.Silo.Commands;

/// <summary>Which store a command without --server means: the folder that it names, or the configured database.</summary>
internal static class StoreTarget
{
    /// <summary>The data folder, or null where <c>Storage:Kind</c> is another one.</summary>
    /// <exception cref="BadInputException">A folder is named for a database, or none for a folder.</exception>
    public static string? Folder(string? data)
    {
        bool isFolder = Kind() == StorageKind.Folder;
        if (isFolder && data is null)
            throw new BadInputException("data", "", $"must name a data folder where {StorageOptions.Section}:{nameof(StorageOptions.Kind)} is {StorageKind.Folder}");
        if (!isFolder && data is not null)
            throw new BadInputException("data", data, $"must be left out where {StorageOptions.Section}:{nameof(StorageOptions.Kind)} is {Kind()}: everything is in the database");
        return data;
    }

    /// <summary>For commands that work on data folders only.</summary>
    /// <param name="data">The folder that was named.</param>
    /// <param name="instead">How it is done with a database.</param>
    /// <exception cref="BadInputException">None was named.</exception>
    public static string RequireFolder(string? data, string instead) => data ?? Folder(null)
        ?? throw new BadInputException("data", "", $"must name a data folder; {StorageOptions.Section}:{nameof(StorageOptions.Kind)} is {Kind()}, where {instead}");

    /// <summary>The settings of the configured database.</summary>
    /// <exception cref="BadInputException">The store is a folder.</exception>
    public static StorageOptions Database(Action<StorageOptions> configure)
    {
        if (Kind() == StorageKind.Folder)
            throw new BadInputException("Storage:Kind", $"{Kind()}", $"must be {StorageKind.PostgreSql}, with Storage:ConnectionString (Storage__Kind and Storage__ConnectionString in the environment); a data folder is made by the first command that uses it");
        return Composition.Configuration().ReadStorage(configure);
    }

    private static StorageKind Kind()
    {
        string? kind = Composition.Configuration()[$"{StorageOptions.Section}:{nameof(StorageOptions.Kind)}"];
        return kind is null ? StorageKind.Folder
            : Enum.TryParse(kind, ignoreCase: true, out StorageKind known) && Enum.IsDefined(known) ? known
            : throw new BadInputException("Storage:Kind", kind, $"must be one of {string.Join(", ", Enum.GetNames<StorageKind>())}");
    }
}
