using System.Globalization;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage;

/// <summary>Holds a data folder for one process. The system lets go of the lock when the process ends, however it ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = "orleansrec.lock";
    private const string HolderName = "orleansrec.pid";

    private readonly FileStream held;
    private readonly string holderPath;

    private FolderLock(FileStream held, string holderPath)
    {
        this.held = held;
        this.holderPath = holderPath;
    }

    /// <exception cref="DataFolderRefusedException">Another process holds the folder.</exception>
    /// <exception cref="StoreUnavailableException">The folder cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        string holderPath = Path.Combine(folder, HolderName);
        FileStream? held = null;
        try
        {
            held = new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // The locked file cannot be read by others on every system, so the holder's name stands beside it.
            File.WriteAllText(holderPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
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
            throw IsHeld(e) ? new DataFolderRefusedException(Message(folder, holderPath))
                : new StoreUnavailableException($"The data folder '{folder}' cannot be written: {e.Message} (errno {e.HResult & 0xFFFF})", e);
        }
    }

    public void Dispose()
    {
        File.Delete(holderPath);
        held.Dispose();
    }

    /// <summary>EWOULDBLOCK on Linux (11) and macOS (35), a sharing violation on Windows (32).</summary>
    private static bool IsHeld(IOException e) => (e.HResult & 0xFFFF) is 11 or 32 or 35;

    private static string Message(string folder, string holderPath)
    {
        string holder = File.Exists(holderPath) ? $"process {File.ReadAllText(holderPath)}" : "another process";
        return $"The data folder '{folder}' is in use by {holder}. Stop it, or name another folder.";
    }
}
