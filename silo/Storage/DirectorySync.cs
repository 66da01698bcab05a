using System.Runtime.InteropServices;

namespace OrleansRec.Silo.Storage;

/// <summary>Makes the names in a directory durable: on POSIX systems syncing a file does not promise that its name survives a power cut.</summary>
internal static class DirectorySync
{
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(directory, 0);
        if (descriptor < 0)
            throw new IOException($"'{directory}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        int result = FSync(descriptor);
        string why = Marshal.GetLastPInvokeErrorMessage();
        _ = Close(descriptor);
        if (result != 0)
            throw new IOException($"'{directory}' cannot be synced: {why}");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FSync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
