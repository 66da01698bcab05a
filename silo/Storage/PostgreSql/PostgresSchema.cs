using System.Globalization;
using Npgsql;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>Makes the tables of a store in an empty database, brings an older one to this format, refuses a newer one, and keeps the number of shards.</summary>
/// <remarks>What is done is done in one transaction under one lock: an initialisation that is cut off has done nothing, and two at once are two in turn.</remarks>
internal static class PostgresSchema
{
    /// <summary>What this product writes.</summary>
    public const long FormatVersion = 1;

    /// <summary>The number of the lock that initialisations take in turn; any number that nobody else in the database uses.</summary>
    private const long TurnLock = 0x4F526563;

    /// <summary>Makes or migrates the store; doing it again changes nothing.</summary>
    /// <param name="options">Where, and P and Q of a new store.</param>
    /// <param name="tell">Told of each thing that was done or found.</param>
    /// <exception cref="StoreRefusedException">Newer, made for other shards, or the database holds somebody else's tables of the same names.</exception>
    public static ShardMap Initialise(StorageOptions options, Action<string> tell)
    {
        try
        {
            using var source = PostgresConnections.Build(options);
            using var connection = source.OpenConnection();
            using var transaction = connection.BeginTransaction();
            // Others may be making the same tables: their turn is waited for as long as a statement may last.
            Run(connection, "SET LOCAL lock_timeout = 0");
            Run(connection, "SELECT pg_advisory_xact_lock($1)", TurnLock);
            var made = Prepare(connection, options, tell);
            transaction.Commit();
            return made;
        }
        catch (NpgsqlException e)
        {
            throw PostgresFaults.Translate(e);
        }
    }

    /// <summary>P and Q of a store that this product can use.</summary>
    /// <exception cref="StoreRefusedException">It is not initialised, of another format, or made for other shards.</exception>
    public static ShardMap Check(NpgsqlConnection connection, StorageOptions options)
    {
        if (FormatOf(connection) is not { } format)
            throw new StoreRefusedException($"The database '{connection.Database}' holds no OrleansRec store. Run first: ./rec storage init");
        RefuseNewer(connection, format);
        if (format < FormatVersion)
            throw new StoreRefusedException($"The store in '{connection.Database}' has format {format}, this product's is {FormatVersion}. Stop all silos and run: ./rec storage init");
        var made = ReadShards(connection);
        RefuseOther(options, made);
        return made;
    }

    private static ShardMap Prepare(NpgsqlConnection connection, StorageOptions options, Action<string> tell)
    {
        long? format = FormatOf(connection);
        if (format is null)
            RefuseStrangers(connection);
        else
            RefuseNewer(connection, format.Value);
        Run(connection, Resource("store.sql"));
        Run(connection, Resource("orleans.sql"));
        if (format is not null)
        {
            var found = ReadShards(connection);
            RefuseOther(options, found);
            tell($"the store in '{connection.Database}' has format {format}, with {found.UserShards} user shards and {found.ItemShards} item shards; nothing to do");
            return found;
        }
        var shards = new ShardMap(options.UserShards ?? FolderFormat.DefaultShards.UserShards, options.ItemShards ?? FolderFormat.DefaultShards.ItemShards);
        foreach ((string key, long value) in new[] { ("format", FormatVersion), ("user_shards", shards.UserShards), ("item_shards", shards.ItemShards) })
            Run(connection, "INSERT INTO rec_store(key, value) VALUES($1, $2)", key, value);
        tell($"made the tables of logs and snapshots in '{connection.Database}', format {FormatVersion}, for {shards.UserShards} user shards and {shards.ItemShards} item shards");
        tell("made the tables and statements of Orleans' membership and grain storage");
        return shards;
    }

    private static long? FormatOf(NpgsqlConnection connection) =>
        Number(connection, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('rec_store')") == 0 ? null
            : Number(connection, "SELECT value FROM rec_store WHERE key = 'format'");

    private static ShardMap ReadShards(NpgsqlConnection connection) => new(
        (int)Number(connection, "SELECT value FROM rec_store WHERE key = 'user_shards'")!.Value,
        (int)Number(connection, "SELECT value FROM rec_store WHERE key = 'item_shards'")!.Value);

    private static void RefuseNewer(NpgsqlConnection connection, long format)
    {
        if (format > FormatVersion)
            throw new StoreRefusedException(
                $"The store in '{connection.Database}' has format {format}, written by a newer OrleansRec; this one reads up to format {FormatVersion}. Use the newer product.");
    }

    /// <summary>Orleans' own scripts make tables of the same names in another shape; two products on one of them would break each other.</summary>
    private static void RefuseStrangers(NpgsqlConnection connection)
    {
        if (Number(connection, "SELECT count(*) FROM pg_class WHERE oid = to_regclass('orleansquery') OR oid = to_regclass('orleansstorage')") > 0)
            throw new StoreRefusedException(
                $"The database '{connection.Database}' already has tables of Orleans that another product made. Give OrleansRec a database, or a schema (Search Path in the connection string), of its own.");
    }

    private static void RefuseOther(StorageOptions options, ShardMap made)
    {
        if ((options.UserShards ?? made.UserShards) != made.UserShards || (options.ItemShards ?? made.ItemShards) != made.ItemShards)
            throw new StoreRefusedException(
                $"The store was made with {made.UserShards} user shards and {made.ItemShards} item shards, which is fixed for its life; "
                + $"asked for {options.UserShards ?? made.UserShards} and {options.ItemShards ?? made.ItemShards}. Leave the setting out, or use a new database.");
    }

    private static long? Number(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar() is { } value and not DBNull ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : null;
    }

    private static void Run(NpgsqlConnection connection, string sql, params object[] values)
    {
        using var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
            command.Parameters.Add(new() { Value = value });
        command.ExecuteNonQuery();
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream($"OrleansRec.Silo.Storage.PostgreSql.Sql.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
