using Npgsql;
using NpgsqlTypes;
using OrleansRec.Contracts;

namespace OrleansRec.Silo.Storage.PostgreSql;

/// <summary>A write of one stream: its statements, exactly one of which answers with rows. Whether it may is decided by the database, in the transaction.</summary>
internal abstract class PostgresWrite(string stream, int bytes) : QueuedWrite(bytes)
{
    public string Stream => stream;

    /// <summary>Whether the database let it be done; said anew by each attempt.</summary>
    public bool IsRefused { get; protected set; }

    public abstract void AddTo(NpgsqlBatchCommandCollection statements);

    /// <summary>Reads the answer. What it says holds once the transaction is committed.</summary>
    public virtual void Read(NpgsqlDataReader answer) => IsRefused = !answer.Read();

    /// <summary>Why it was refused, by where the stream stands now.</summary>
    public void Refuse(StreamStand? stand) => Refusal = Why(stand);

    protected virtual FencedException Why(StreamStand? stand) => stand is null
        ? new($"Stream '{stream}' is not open for writing.")
        : new($"Stream '{stream}' was taken over; it is at epoch {stand.Epoch}.");

    protected static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object> values)
    {
        var statement = new NpgsqlBatchCommand(sql);
        foreach (object value in values)
        {
            statement.Parameters.Add(value switch
            {
                long number => new NpgsqlParameter<long> { TypedValue = number },
                int number => new NpgsqlParameter<int> { TypedValue = number },
                string text => new NpgsqlParameter<string> { TypedValue = text },
                ReadOnlyMemory<byte> content => new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = content, NpgsqlDbType = NpgsqlDbType.Bytea },
                _ => throw new ArgumentException(value.GetType().Name, nameof(values)),
            });
        }
        return statement;
    }
}

/// <summary>Where a stream stands, for a message.</summary>
internal sealed record StreamStand(long Epoch, long LastSequence);

/// <summary>
/// Takes a stream over: a new epoch, which fences every earlier writer. It waits for a transaction of theirs that is under way, so that what it reads of the
/// last record is settled: that transaction is done, or never will be.
/// </summary>
internal sealed class StreamTakeover(string stream) : PostgresWrite(stream, 0)
{
    public LogOpening Result { get; private set; }

    // The next epoch is drawn while the row is held, so that the order of epochs is that of the take-overs.
    public override void AddTo(NpgsqlBatchCommandCollection statements) => statements.Add(Statement(
        """
        INSERT INTO rec_stream(name, epoch) VALUES($1, nextval('rec_epoch')) ON CONFLICT (name) DO UPDATE SET epoch = nextval('rec_epoch')
        RETURNING epoch, last_sequence, snapshot_sequence
        """,
        Stream));

    public override void Read(NpgsqlDataReader answer)
    {
        base.Read(answer);
        if (!IsRefused)
            Result = new(answer.GetInt64(0), answer.GetInt64(1), answer.GetInt64(2));
    }
}

/// <summary>Appends one batch, if its writer still owns the stream and it continues it.</summary>
internal sealed class PostgresAppend(LogBatch batch) : PostgresWrite(batch.Stream, batch.Content.Length)
{
    public override void AddTo(NpgsqlBatchCommandCollection statements) => statements.Add(Statement(
        """
        WITH owner AS (
            UPDATE rec_stream SET last_sequence = $3 + $4 - 1 WHERE name = $1 AND epoch = $2 AND last_sequence = $3 - 1 RETURNING id)
        INSERT INTO rec_batch(stream, first_sequence, record_count, epoch, checksum, content) SELECT id, $3, $4, $2, $5, $6 FROM owner RETURNING 1
        """,
        Stream, batch.Epoch, batch.FirstSequence, batch.RecordCount,
        BlobChecksum.Of(StreamChecksum.Id(Stream, batch.FirstSequence), batch.RecordCount, batch.Epoch, batch.Content.Span), batch.Content));

    protected override FencedException Why(StreamStand? stand) => stand is null || stand.Epoch != batch.Epoch
        ? Fence.Refusal(Stream, batch.Epoch, stand is null ? null : new() { Epoch = stand.Epoch })!
        : new($"A batch of '{Stream}' begins at record {batch.FirstSequence}; the stream goes on at {stand.LastSequence + 1}.");
}

/// <summary>Puts a written snapshot in place of the one before, with the batches that it covers where asked.</summary>
internal sealed class PostgresSnapshotSwap(string stream, long epoch, long throughSequence, long snapshot, long bytes, bool compact) : PostgresWrite(stream, 0)
{
    private const string IfSwapped = "stream = (SELECT id FROM rec_stream WHERE name = $1 AND epoch = $2 AND snapshot = $3)";

    public override void AddTo(NpgsqlBatchCommandCollection statements)
    {
        statements.Add(Statement(
            """
            UPDATE rec_stream SET snapshot = $3, snapshot_sequence = $4, snapshot_bytes = $5, last_sequence = greatest(last_sequence, $4)
            WHERE name = $1 AND epoch = $2 RETURNING 1
            """,
            Stream, epoch, snapshot, throughSequence, bytes));
        // Those of writers that never came to their swap go with them.
        statements.Add(Statement($"DELETE FROM rec_snapshot_chunk WHERE {IfSwapped} AND snapshot <> $3", Stream, epoch, snapshot));
        // A batch that reaches past the snapshot stays whole.
        if (compact)
            statements.Add(Statement($"DELETE FROM rec_batch WHERE {IfSwapped} AND first_sequence + record_count - 1 <= $4", Stream, epoch, snapshot, throughSequence));
    }

    protected override FencedException Why(StreamStand? stand) =>
        Fence.Refusal(Stream, epoch, stand is null ? null : new() { Epoch = stand.Epoch }) ?? base.Why(stand);
}

/// <summary>Deletes a stream with its batches and its snapshot.</summary>
internal sealed class PostgresDeletion(string stream) : PostgresWrite(stream, 0)
{
    private const string Of = "stream = (SELECT id FROM rec_stream WHERE name = $1)";

    public override void AddTo(NpgsqlBatchCommandCollection statements)
    {
        // First the row, so that no append of another silo comes between: each statement sees what was committed before it began.
        statements.Add(Statement("SELECT 1 FROM rec_stream WHERE name = $1 FOR UPDATE", Stream));
        statements.Add(Statement($"DELETE FROM rec_batch WHERE {Of}", Stream));
        statements.Add(Statement($"DELETE FROM rec_snapshot_chunk WHERE {Of}", Stream));
        statements.Add(Statement("DELETE FROM rec_stream WHERE name = $1", Stream));
    }

    /// <summary>That there is no such stream is as well.</summary>
    public override void Read(NpgsqlDataReader answer) => answer.Read();
}

/// <summary>What stands for a stream in the checksums of its batches and chunks, so that one that was moved to another stream is noticed.</summary>
internal static class StreamChecksum
{
    public static long Id(string stream, long number) =>
        unchecked((long)Model.IdHash.Mix(Model.IdHash.Of(System.Text.Encoding.UTF8.GetBytes(stream)) ^ (ulong)number));

}
