using System.Globalization;
using Npgsql;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>Connections to the database, as this product needs them, whatever else the connection string says.</summary>
internal static class PostgresConnections
{
    /// <summary>How long a statement waits for a row that another transaction holds, before it is rolled back and tried again.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    private const int StatementsPreparedMax = 40;

    public static NpgsqlDataSource Build(StorageOptions options)
    {
        NpgsqlDataSourceBuilder builder;
        try
        {
            builder = new(options.ConnectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Its text may hold a password: it is not repeated.
            throw new StoreRefusedException($"{StorageOptions.Section}:{nameof(StorageOptions.ConnectionString)} cannot be read: {e.Message}");
        }
        var settings = builder.ConnectionStringBuilder;
        settings.ApplicationName ??= "orleansrec";
        settings.Timeout = (int)Math.Ceiling(options.PostgreSql.ConnectTimeout.TotalSeconds);
        settings.CommandTimeout = Seconds(options.PostgreSql.ReadTimeout);
        settings.MaxPoolSize = options.PostgreSql.ConnectionsMax;
        settings.MaxAutoPrepare = StatementsPreparedMax;
        settings.AutoPrepareMinUsages = 2;
        settings.Enlist = false;
        // Nothing is left in a session but what is set here once.
        settings.NoResetOnClose = true;
        builder.UsePhysicalConnectionInitializer(Prepare, connection =>
        {
            Prepare(connection);
            return Task.CompletedTask;
        });
        return builder.Build();
    }

    public static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    /// <summary>
    /// A machine that dies in the middle of a transaction keeps its rows locked until the server notices: by these settings within half a minute, where the
    /// server's default is hours.
    /// </summary>
    private static void Prepare(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture,
            $"""
            SET lock_timeout = {LockTimeout.TotalMilliseconds:0}; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 4; SET tcp_keepalives_count = 4;
            SET default_transaction_isolation = 'read committed'
            """), connection);
        command.ExecuteNonQuery();
    }
}
