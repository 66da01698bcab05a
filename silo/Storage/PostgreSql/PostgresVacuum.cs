using Npgsql;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>
/// Lets the server clear deleted rows out of the tables of logs and snapshots, where no transaction can see them any more. Those who ask while one is running
/// share the next one, which begins after they asked.
/// </summary>
/// <remarks>
/// What it cannot promise, and the operator has to: pages' unused bytes, the server's own log until it is recycled, archives of it, standbys and backups.
/// </remarks>
internal sealed class PostgresVacuum(NpgsqlDataSource source, PostgresOptions options)
{
    private readonly object gate = new();
    private Task running = Task.CompletedTask;
    private Task? next;

    public Task Run()
    {
        lock (gate)
            return next ??= After(running);
    }

    private async Task After(Task earlier)
    {
        await earlier.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        Task mine;
        lock (gate)
        {
            next = null;
            running = mine = Vacuum();
        }
        await mine.ConfigureAwait(false);
    }

    private async Task Vacuum()
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
