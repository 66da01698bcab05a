using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage.Pages;

namespace OrleansRec.Silo.Storage;

/// <summary>What SQLite reports, said in the store's terms: unavailable (with path and errno) or corrupt.</summary>
internal static class StoreFaults
{
    private const int InOrOut = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int NoSpaceErrno = 28;

    public static Exception Translate(SqliteException e, string path, SqliteConnection? connection)
    {
        // VACUUM passes on the first half of the code only, so the page is asked for by what this thread met last.
        if (e.SqliteErrorCode == InOrOut && PageFaults.Take() is { IsMended: false } fault)
            return new CorruptStoreException($"{fault}. Run ./rec verify to see what it holds, and restore a backup (./rec restore).");
        if (e.SqliteErrorCode is Corrupt or NotADatabase)
            return new CorruptStoreException($"'{path}' is damaged: {e.Message}");
        return new StoreUnavailableException($"'{path}' is unavailable: {e.Message} ({Cause(e, path, connection)}, SQLite code {e.SqliteExtendedErrorCode})", e);
    }

    private static string Cause(SqliteException e, string path, SqliteConnection? connection)
    {
        // SQLite clears the error number when it turns "no space left" into SQLITE_FULL.
        if (e.SqliteErrorCode == Full)
            return Named(NoSpaceErrno);
        int errno = connection?.Handle is { IsInvalid: false, IsClosed: false } handle ? SystemErrno(handle.DangerousGetHandle()) : 0;
        if (errno == 0 && e.SqliteErrorCode == CannotOpen)
            return WhyNotOpened(path);
        return errno == 0 ? "no error number" : Named(errno);
    }

    /// <summary>A connection that could not be opened no longer tells why, so the file is opened once more to hear it from the system.</summary>
    private static string WhyNotOpened(string path)
    {
        try
        {
            using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return "no error number";
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            int errno = (refused.InnerException ?? refused).HResult & 0xFFFF;
            return $"errno {errno}: {refused.Message}";
        }
    }

    private static string Named(int errno) => $"errno {errno}: {Marshal.GetPInvokeErrorMessage(errno)}";

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_system_errno", CallingConvention = CallingConvention.Cdecl)]
    private static extern int SystemErrno(nint connection);
}
