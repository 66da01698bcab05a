using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Puts a copy of a backup in the place of a data folder: written beside it and swapped by two renames, with the old folder kept.</summary>
/// <remarks>A crash between the renames leaves no folder under the name, and both whole beside it: FOLDER.restoring and FOLDER.replaced-N.</remarks>
internal static class FolderReplacement
{
    /// <summary>Replaced folders that are kept beside each other before one has to be cleared away by hand.</summary>
    private const int KeptMax = 100;

    /// <summary>Returns where the old folder is now.</summary>
    /// <exception cref="DataFolderRefusedException">The folder is in use, or is none.</exception>
    public static string Run(string backup, string folder)
    {
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (!File.Exists(Path.Combine(target, DataFolder.DatabaseName)))
            throw new DataFolderRefusedException($"'{folder}' is no data folder: leave --replace out to make one.");
        string aside = target + ".restoring", kept = Enumerable.Range(1, KeptMax).Select(n => $"{target}.replaced-{n}").FirstOrDefault(path => !Path.Exists(path))
            ?? throw new DataFolderRefusedException($"{KeptMax} replaced folders stand beside '{folder}': delete some.");
        using (FolderLock.Take(target))
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
            FolderCopy.Copy(Path.Combine(backup, DataFolder.DatabaseName), aside);
        }
        try
        {
            Directory.Move(target, kept);
            Directory.Move(aside, target);
            DirectorySync.Flush(Path.GetDirectoryName(target)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"'{folder}' cannot be replaced by '{aside}': {e.Message} (errno {e.HResult & 0xFFFF})", e);
        }
        return kept;
    }
}
