using Npgsql;
using OrleansRec.Contracts;
using OrleansRec.Gateway;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>A PostgreSQL database as one silo has it open: logs and snapshots, the shard map, and whether it can be written to.</summary>
public sealed class PostgresStore : IReadinessProbe, IDisposable
{
    private readonly StorageOptions options;
    private readonly PostgresReads reads;
    private int isDisposed;

    private PostgresStore(NpgsqlDataSource source, StorageOptions options, ShardMap shards, IReadOnlyList<string> notes)
    {
        (Source, this.options, Shards, Notes) = (source, options, shards, notes);
        Writer = new(source, options);
        reads = new(source, options);
        Log = new PostgresLogStore(Writer, reads, new(source, options.PostgreSql));
    }

    /// <summary>P and Q, as the store was made with.</summary>
    public ShardMap Shards { get; }

    /// <summary>Logs and snapshots.</summary>
    public ILogStore Log { get; }

    /// <summary>What the operator should know of the server's settings; empty where all is well.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Commits since it was opened.</summary>
    public long CommitCount => Writer.CommitCount;

    /// <inheritdoc/>
    public string? Reason => Writer.LastFault is { } fault ? $"The log could not be written: {fault.Reason.Message}"
        : Writer.WaitingCount is var waiting && waiting < options.QueuedWritesMax ? null
        : $"{waiting} writes wait for the store; {StorageOptions.Section}:{nameof(StorageOptions.QueuedWritesMax)} is {options.QueuedWritesMax}.";

    internal NpgsqlDataSource Source { get; }

    internal PostgresWriter Writer { get; }

    /// <summary>Makes the tables; doing it again changes nothing. Tells what it did.</summary>
    /// <exception cref="StoreRefusedException">The database holds a newer store, one for other shards, or somebody else's tables.</exception>
    public static void Initialise(StorageOptions options, Action<string> tell) => PostgresSchema.Initialise(options, tell);

    /// <summary>Opens an initialised store.</summary>
    /// <exception cref="StoreRefusedException">It is not initialised, of another format, or made for other shards.</exception>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    public static PostgresStore Open(StorageOptions options)
    {
        var source = PostgresConnections.Build(options);
        try
        {
            using var connection = source.OpenConnection();
            return new(source, options, PostgresSchema.Check(connection, options), NotesOf(connection));
        }
        catch (Exception e)
        {
            source.Dispose();
            if (PostgresFaults.IsFault(e))
                throw PostgresFaults.Translate(e);
            throw;
        }
    }

    /// <summary>Commits what waits and closes the connections.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 1)
            return;
        Writer.Dispose();
        reads.Dispose();
        Source.Dispose();
    }

    private static List<string> NotesOf(NpgsqlConnection connection)
    {
        var notes = new List<string>();
        foreach (string setting in new[] { "fsync", "synchronous_commit", "full_page_writes" })
        {
            using var command = new NpgsqlCommand($"SELECT current_setting('{setting}')", connection);
            if (command.ExecuteScalar() is "off")
                notes.Add($"{setting} is off at the database: what is acknowledged can be lost when its machine stops");
        }
        return notes;
    }
}
