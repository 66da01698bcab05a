using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>What PostgreSQL and the way to it report, said in the store's terms.</summary>
internal static class PostgresFaults
{
    private const string DataCorrupted = "XX001", IndexCorrupted = "XX002", ReadOnlyTransaction = "25006";

    /// <summary>Whether the fault is one of the database or of the way to it.</summary>
    public static bool IsFault(Exception e) => e is NpgsqlException or DbException or SocketException or IOException or TimeoutException;

    /// <summary>
    /// The server said that it rolled the transaction back. After everything else (a lost connection, a timeout, a server that shuts down) it may have
    /// been committed all the same.
    /// </summary>
    public static bool IsRolledBack(Exception e) => e is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>A row is held by another transaction for longer than <see cref="PostgresConnections.LockTimeout"/>.</summary>
    public static bool IsLocked(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>May go away by itself: a fail-over, a restart, a deadlock, too many connections. A standby becomes writable when it is promoted.</summary>
    public static bool IsTransient(Exception e) =>
        e is SocketException or IOException or TimeoutException or NpgsqlException { IsTransient: true } or PostgresException { SqlState: ReadOnlyTransaction };

    public static Exception Translate(Exception e) => e is PostgresException { SqlState: DataCorrupted or IndexCorrupted } damage
        ? new CorruptStoreException($"The database is damaged: {damage.MessageText}")
        : new StoreUnavailableException($"The database is unavailable: {Cause(e)}", e is PostgresException ? null : Inner(e));

    private static string Cause(Exception e) => e is PostgresException refused
        ? $"{refused.MessageText} (SQLSTATE {refused.SqlState})"
        : e.InnerException is { } inner ? $"{e.Message} ({inner.Message})" : e.Message;

    /// <summary>Crosses silos, which know the types of the framework but not Npgsql's.</summary>
    private static Exception? Inner(Exception e) => e.GetBaseException() is SocketException or IOException or TimeoutException ? e.GetBaseException() : null;
}
