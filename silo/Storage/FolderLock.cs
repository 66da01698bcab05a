using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Holds a data folder for one process. The system lets go of the lock when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = "orleansrec.lock";

    private readonly FileStream held;
    private readonly string? holderPath;

    private FolderLock(FileStream held, string? holderPath)
    {
        this.held = held;
        this.holderPath = holderPath;
    }

    /// <exception cref="DataFolderRefusedException">Another process holds the folder.</exception>
    /// <exception cref="StoreUnavailableException">The folder cannot be written.</exception>
    public static FolderLock Take(string folder) => Take(folder, HolderFile.PathIn(folder));

    /// <summary>Keeps others out while the folder is read as it was left, the note of its last holder included.</summary>
    public static FolderLock? TakeToRead(string folder)
    {
        string path = Path.Combine(folder, LockName);
        // A backup has no lock file, and is not given one.
        if (!File.Exists(path))
            return null;
        return Take(folder, null);
    }

    private static FolderLock Take(string folder, string? holderPath)
    {
        FileStream? held = null;
        try
        {
            held = new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // The locked file cannot be read by others on every system, so the holder's name stands beside it.
            if (holderPath is not null)
                HolderFile.Write(holderPath);
            return new(held, holderPath);
        }
        catch (UnauthorizedAccessException e)
        {
            held?.Dispose();
            throw new StoreUnavailableException($"The data folder '{folder}' cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            held?.Dispose();
            throw IsHeld(e) ? new DataFolderRefusedException(Message(folder))
                : new StoreUnavailableException($"The data folder '{folder}' cannot be written: {e.Message} (errno {e.HResult & 0xFFFF})", e);
        }
    }

    public void Dispose()
    {
        if (holderPath is not null)
            File.Delete(holderPath);
        held.Dispose();
    }

    /// <summary>EWOULDBLOCK on Linux (11) and macOS (35), a sharing violation on Windows (32).</summary>
    private static bool IsHeld(IOException e) => (e.HResult & 0xFFFF) is 11 or 32 or 35;

    private static string Message(string folder)
    {
        string holder = HolderFile.Read(folder) is { } process ? $"process {process}" : "another process";
        return $"The data folder '{folder}' is in use by {holder}. Stop it, or name another folder.";
    }
}
