using System.Globalization;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.Pages;

namespace OrleansRec.Silo.Storage.Verification;

/// <summary>Reads a data folder end to end: first its bytes, by the checksums of pages, frames and witness; then its rows, by what they mean.</summary>
/// <remarks>
/// Every byte of the folder is under a checksum, but for these, which hold nothing: free pages; pages of which the log has a newer
/// version; the log after its last commit; the shared-memory index (-shm), which each start makes anew; an empty lock file.
/// </remarks>
public static class FolderVerification
{
    /// <summary>Reads a folder. Writes nothing unless told to repair.</summary>
    /// <param name="folder">A data folder or a backup.</param>
    /// <param name="repair">Turn single bits back on the disk; only where no server has the folder.</param>
    /// <exception cref="DataFolderRefusedException">There is no store, or it is to be repaired while it is in use.</exception>
    public static FolderReport Run(string folder, bool repair = false)
    {
        string database = Path.Combine(folder, DataFolder.DatabaseName);
        if (!Directory.Exists(folder))
            throw new DataFolderRefusedException($"'{folder}' does not exist.");
        var report = new FolderReport();
        using var held = TryHold(folder, report);
        if (report.IsInUse && repair)
            throw new DataFolderRefusedException($"The data folder '{folder}' is in use: stop the server before it is repaired.");
        if (!report.IsInUse)
        {
            var bytes = new StoreBytes(database, report);
            bytes.Check();
            HolderFile.Check(folder, report);
            if (repair)
                bytes.Repair();
            if (bytes.IsUnreadable)
                return report;
        }
        RowVerification.Check(database, report);
        return report;
    }

    /// <summary>Null where a server has it, or where it cannot be written: then nobody else writes it either.</summary>
    private static FolderLock? TryHold(string folder, FolderReport report)
    {
        try
        {
            return FolderLock.TakeToRead(folder);
        }
        catch (DataFolderRefusedException)
        {
            report.IsInUse = true;
        }
        catch (StoreUnavailableException)
        {
        }
        return null;
    }

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
