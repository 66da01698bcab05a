using Npgsql;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>
/// Lets the server clear deleted rows out of the tables of logs and snapshots, where no transaction can see them any more.
/// </summary>
/// <remarks>
/// What it cannot promise, and the operator has to: pages' unused bytes, the server's own log until it is recycled, archives of it, standbys and backups.
/// </remarks>
internal sealed class PostgresVacuum(NpgsqlDataSource source, PostgresOptions options)
{
    private readonly SharedRuns runs = new(() => Vacuum(source, options));

    public Task Run() => runs.Run();

    private static async Task Vacuum(NpgsqlDataSource source, PostgresOptions options)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
            foreach (string table in new[] { "rec_batch", "rec_snapshot_chunk" })
            {
                await using var command = new NpgsqlCommand($"VACUUM (INDEX_CLEANUP ON) {table}", connection) { CommandTimeout = PostgresConnections.Seconds(options.PurgeTimeout) };
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            }
        }
        catch (Exception e) when (PostgresFaults.IsFault(e))
        {
            throw PostgresFaults.Translate(e);
        }
    }
}
