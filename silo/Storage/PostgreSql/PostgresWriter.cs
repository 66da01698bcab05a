using System.Diagnostics;
using Npgsql;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>
/// Commits the logs of this silo: a group goes as one pipelined batch, which the server runs as one transaction in one round trip.
/// <see cref="CommitThread{TWrite}.LastFault"/> is what the last commit or probe ended with; null where it was well.
/// </summary>
/// <remarks>
/// What surely was not done is tried again for <see cref="PostgresOptions.RetryPeriodMax"/>. Of a commit whose answer was lost nothing is known: its
/// callers are told that the store is unavailable, and the next take-over of each stream settles what came of it.
/// </remarks>
internal sealed class PostgresWriter : CommitThread<PostgresWrite>
{
    private static readonly TimeSpan retryPauseMax = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource source;
    private readonly PostgresOptions options;
    private readonly ManualResetEventSlim closing = new();
    private NpgsqlConnection? connection;

    public PostgresWriter(NpgsqlDataSource source, StorageOptions options) : base(options)
    {
        this.source = source;
        this.options = options.PostgreSql;
        Start();
    }

    protected override TimeSpan IdlePeriod => options.ProbePeriod;

    /// <summary>What waits is still committed, without trying again.</summary>
    public override void Dispose()
    {
        closing.Set();
        base.Dispose();
        closing.Dispose();
    }

    protected override void Close() => connection?.Dispose();

    protected override void Commit(List<PostgresWrite> group)
    {
        // Two silos that change the rows of several streams change them in one order, so that neither waits for the other.
        var ordered = group.OrderBy(write => write.Stream, StringComparer.Ordinal).ToList();
        long begun = Stopwatch.GetTimestamp();
        Exception? fault = TryCommit(ordered);
        if (fault is PostgresException && PostgresFaults.IsLocked(fault) && ordered[0].Stream != ordered[^1].Stream)
        {
            // One stream's row is held by somebody: the others need not wait for that one.
            StoreMetrics.Committed(group.Count, Stopwatch.GetElapsedTime(begun), failed: true);
            foreach (var alone in ordered.GroupBy(write => write.Stream))
                Finish([.. alone], TryCommit([.. alone]));
            return;
        }
        StoreMetrics.Committed(group.Count, Stopwatch.GetElapsedTime(begun), fault is not null);
        Finish(ordered, fault);
    }

    private void Finish(List<PostgresWrite> group, Exception? fault)
    {
        var reason = fault is null ? null : PostgresFaults.IsFault(fault) ? PostgresFaults.Translate(fault) : fault;
        Note(reason);
        if (reason is null)
            ExplainRefusals(group);
        Tell(group, reason);
    }

    /// <summary>The fault that is left when trying again is over; null where the group is committed.</summary>
    private Exception? TryCommit(List<PostgresWrite> group)
    {
        long begun = Stopwatch.GetTimestamp();
        for (TimeSpan pause = options.RetryPeriod; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, retryPauseMax.Ticks)))
        {
            bool isSent = false;
            try
            {
                connection ??= source.OpenConnection();
                isSent = true;
                Execute(connection, group);
                CountCommit();
                return null;
            }
            catch (Exception e)
            {
                bool isUndone = !isSent || PostgresFaults.IsRolledBack(e);
                if (!PostgresFaults.IsRolledBack(e))
                    Abandon();
                bool mayBeLocked = PostgresFaults.IsLocked(e) && group[0].Stream != group[^1].Stream;
                if (!isUndone || mayBeLocked || !PostgresFaults.IsTransient(e) || Stopwatch.GetElapsedTime(begun) + pause > options.RetryPeriodMax || closing.Wait(pause))
                    return e;
            }
        }
    }

    private void Execute(NpgsqlConnection open, List<PostgresWrite> group)
    {
        using var batch = new NpgsqlBatch(open) { Timeout = PostgresConnections.Seconds(options.CommitTimeout) };
        foreach (var write in group)
            write.AddTo(batch.BatchCommands);
        using var answers = batch.ExecuteReader();
        for (int i = 0; i < group.Count; i++)
        {
            if (i > 0 && !answers.NextResult())
                throw new InvalidOperationException("The database gave fewer answers than there were writes.");
            group[i].Read(answers);
        }
        // The transaction ends with the last answer; a failure of its commit is thrown here.
        while (answers.NextResult())
        {
        }
    }

    private void ExplainRefusals(List<PostgresWrite> group)
    {
        var refused = group.Where(write => write.IsRefused).ToList();
        if (refused.Count == 0)
            return;
        var stands = new Dictionary<string, StreamStand>(StringComparer.Ordinal);
        try
        {
            using var command = new NpgsqlCommand("SELECT name, epoch, last_sequence FROM rec_stream WHERE name = ANY($1)", connection)
            {
                Parameters = { new() { Value = refused.Select(write => write.Stream).Distinct().ToArray() } },
            };
            using var rows = command.ExecuteReader();
            while (rows.Read())
                stands[rows.GetString(0)] = new(rows.GetInt64(1), rows.GetInt64(2));
        }
        catch (Exception e) when (PostgresFaults.IsFault(e))
        {
            // That they are fenced off is sure; by whom, nobody can be asked.
            Abandon();
        }
        foreach (var write in refused)
            write.Refuse(stands.GetValueOrDefault(write.Stream));
    }

    /// <summary>Asks whether the server takes writes, so that an idle silo knows.</summary>
    protected override void Idle()
    {
        try
        {
            connection ??= source.OpenConnection();
            using var command = new NpgsqlCommand("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean", connection)
            {
                CommandTimeout = PostgresConnections.Seconds(options.ConnectTimeout),
            };
            Note(command.ExecuteScalar() is true ? new StoreUnavailableException("The database takes no writes: it is a standby, or read-only.") : null);
        }
        catch (Exception e) when (PostgresFaults.IsFault(e))
        {
            Abandon();
            Note(PostgresFaults.Translate(e));
        }
    }

    private void Abandon()
    {
        var failed = connection;
        connection = null;
        try
        {
            failed?.Dispose();
        }
        catch (Exception e) when (PostgresFaults.IsFault(e))
        {
            // It is gone either way; the fault that led here is what the callers are told.
        }
    }
}
