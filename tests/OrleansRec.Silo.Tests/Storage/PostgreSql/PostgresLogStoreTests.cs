using System.Text;
using Npgsql;
using OrleansRec.Contracts;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.PostgreSql;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Storage.PostgreSql;

/// <summary>What PostgreSQL adds to the contract: lost answers are settled by opening, many streams share a commit, a held row holds up its stream alone, a crash of the server loses nothing.</summary>
public sealed class PostgresLogStoreTests
{
    private const string Stream = "default/users/3";

    [Theory]
    [InlineData(CuttingProxy.Cut.BeforeTheServer, 1)]
    [InlineData(CuttingProxy.Cut.AfterTheCommit, 2)]
    public async Task Append_WhoseAnswerIsLost_IsUnavailableAndSettledByOpening(object when, long expected)
    {
        var options = await PostgresScratch.Make();
        using var proxy = new CuttingProxy(options.ConnectionString!);
        options.ConnectionString = proxy.ConnectionString;
        using var store = PostgresStore.Open(options);
        var opening = await store.Log.Open(Stream);
        await store.Log.Append(Batch(opening.Epoch, 1, "first"));

        proxy.CutNext((CuttingProxy.Cut)when);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Log.Append(Batch(opening.Epoch, 2, "cut here")));

        Assert.Equal(1, proxy.CutCount);
        var again = await store.Log.Open(Stream);
        Assert.Equal(expected, again.LastSequence);
        Assert.Equal(expected, (await store.Log.Read(Stream, 0, int.MaxValue)).Count);
        // The retry by event id is the shard's: what is in the log already is not appended again.
        await store.Log.Append(Batch(again.Epoch, expected + 1, "next"));
    }

    [Fact]
    public async Task Append_OfManyStreams_SharesCommits()
    {
        using var store = PostgresStore.Open(await PostgresScratch.Make());
        string[] streams = [.. Enumerable.Range(0, 200).Select(n => $"default/users/{n}")];
        var openings = await Task.WhenAll(streams.Select(stream => store.Log.Open(stream)));
        long before = store.CommitCount;
        await Task.WhenAll(streams.Select((stream, n) => store.Log.Append(new(stream, openings[n].Epoch, 1, 1, new byte[100]))));
        Assert.True(store.CommitCount - before < 100, $"{store.CommitCount - before} commits for 200 batches");
    }

    [Fact]
    public async Task Append_WhileAnotherStreamsRowIsHeld_GoesOn()
    {
        var options = await PostgresScratch.Make();
        using var store = PostgresStore.Open(options);
        var (held, free) = (await store.Log.Open("default/users/1"), await store.Log.Open("default/users/2"));
        // As a machine does that dies in the middle of a transaction, until the server notices.
        await using var other = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SELECT 1 FROM rec_stream WHERE name = 'default/users/1' FOR UPDATE", other))
            await command.ExecuteScalarAsync();

        Task waiting = store.Log.Append(new("default/users/1", held.Epoch, 1, 1, new byte[10]));
        await store.Log.Append(new("default/users/2", free.Epoch, 1, 1, new byte[10])).WaitAsync(TimeSpan.FromSeconds(60));
        Task late = store.Log.Append(new("default/users/2", free.Epoch, 2, 1, new byte[10]));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => waiting);
        await transaction.RollbackAsync();
        await late;
        Assert.Equal(0, (await store.Log.Open("default/users/1")).LastSequence);
    }

    [Fact]
    public async Task Append_WhileTheServerCrashesAndComesBack_LosesNothingAcknowledged()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.Start();
        var options = new StorageOptions { Kind = StorageKind.PostgreSql, ConnectionString = await server.CreateDatabase() };
        PostgresStore.Initialise(options, _ => { });
        using var store = PostgresStore.Open(options);
        long[] acknowledged = new long[4];
        using var over = new CancellationTokenSource();
        Task[] writers = [.. Enumerable.Range(0, acknowledged.Length).Select(n => Task.Run(() => Write(n)))];
        for (int round = 0; round < 3; round++)
        {
            long[] reached = [.. acknowledged];
            await Until(() => acknowledged.Zip(reached).All(pair => pair.First >= pair.Second + 20), $"20 batches of every writer after crash {round}");
            await server.Kill();
            await server.StartAgain();
        }
        over.Cancel();
        await Task.WhenAll(writers);
        for (int n = 0; n < acknowledged.Length; n++)
        {
            long last = 0;
            while (await store.Log.Read($"default/users/{n}", last, 1 << 20) is { Count: > 0 } page)
            {
                foreach (var batch in page)
                    Assert.Equal((++last, $"{n} {last}"), (batch.FirstSequence, Encoding.UTF8.GetString(batch.Content.Span)));
            }
            Assert.True(last >= acknowledged[n], $"Writer {n} was told of {acknowledged[n]} records; {last} are there.");
        }

        async Task Write(int n)
        {
            string stream = $"default/users/{n}";
            while (!over.IsCancellationRequested)
            {
                try
                {
                    var opening = await store.Log.Open(stream);
                    Assert.True(opening.LastSequence >= acknowledged[n], $"Writer {n} was told of {acknowledged[n]} records; the log ends at {opening.LastSequence}.");
                    for (long sequence = opening.LastSequence + 1; !over.IsCancellationRequested; sequence++)
                    {
                        await store.Log.Append(new(stream, opening.Epoch, sequence, 1, Encoding.UTF8.GetBytes($"{n} {sequence}")));
                        Volatile.Write(ref acknowledged[n], sequence);
                    }
                }
                catch (StoreUnavailableException)
                {
                    // As a shard does: it opens again and looks.
                }
            }
        }
    }

    [Fact]
    public async Task Reason_WhileTheServerIsStopped_SaysSoAndEndsByItself()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.Start();
        var options = new StorageOptions { Kind = StorageKind.PostgreSql, ConnectionString = await server.CreateDatabase() };
        options.PostgreSql.ProbePeriod = TimeSpan.FromMilliseconds(100);
        PostgresStore.Initialise(options, _ => { });
        using var store = PostgresStore.Open(options);
        Assert.Null(store.Reason);
        await server.Stop();
        await Until(() => store.Reason is not null, "the probe to notice that the server is stopped");
        Assert.Contains("could not be written", store.Reason);
        await server.StartAgain();
        await Until(() => store.Reason is null, "the probe to notice that the server is back");
    }

    [Fact]
    public async Task Append_BeyondTheQueueBound_IsRefusedAndTheRestStands()
    {
        var options = await PostgresScratch.Make();
        options.QueuedWritesMax = 10;
        using var store = PostgresStore.Open(options);
        var opening = await store.Log.Open(Stream);
        Task[] writes = [.. Enumerable.Range(1, 400).Select(n => store.Log.Append(Batch(opening.Epoch, n, new string('x', 100_000))))];
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));
        int stood = writes.TakeWhile(write => write.IsCompletedSuccessfully).Count();
        Assert.True(stood >= 10, $"{stood} stood");
        var refused = writes.Skip(stood).Select(write => write.Exception!.InnerException!).ToList();
        Assert.Contains(refused, e => e is OverloadedException && e.Message.Contains("QueuedWritesMax is 10", StringComparison.Ordinal));
        Assert.All(refused, e => Assert.True(e is OverloadedException or FencedException, e.Message));
        Assert.Equal(stood, (await store.Log.Open(Stream)).LastSequence);
    }

    [Theory]
    [InlineData("UPDATE rec_batch SET content = '\\x010204'")]
    [InlineData("UPDATE rec_batch SET record_count = record_count + 1")]
    [InlineData("UPDATE rec_batch SET epoch = epoch + 1")]
    [InlineData("UPDATE rec_batch SET first_sequence = first_sequence + 1")]
    [InlineData("UPDATE rec_batch SET stream = (SELECT id FROM rec_stream WHERE name = 'default/users/4')", "default/users/4")]
    public async Task Read_OfADamagedBatch_NamesStreamAndRecord(string damage, string stream = Stream)
    {
        var options = await PostgresScratch.Make();
        using var store = PostgresStore.Open(options);
        var opening = await store.Log.Open(Stream);
        await store.Log.Open("default/users/4");
        await store.Log.Append(Batch(opening.Epoch, 1, "abc"));
        await Execute(options, damage);
        var e = await Assert.ThrowsAsync<CorruptStoreException>(() => store.Log.Read(stream, 0, 1));
        Assert.Contains($"'{stream}'", e.Message);
        Assert.Contains(PostgresVerification.Run(options).Findings, finding => finding.Record!.Contains(stream, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UPDATE rec_snapshot_chunk SET content = set_byte(content, 7, 255) WHERE index = 1")]
    [InlineData("DELETE FROM rec_snapshot_chunk WHERE index = 2")]
    [InlineData("UPDATE rec_snapshot_chunk SET index = 7 WHERE index = 2")]
    public async Task ReadSnapshot_OfADamagedOne_NamesTheStream(string damage)
    {
        var options = await PostgresScratch.Make();
        using var store = PostgresStore.Open(options);
        var opening = await store.Log.Open("default/model/1/0");
        await store.Log.WriteSnapshot("default/model/1/0", opening.Epoch, 9, new byte[3 << 20], compact: true);
        Assert.True(PostgresVerification.Run(options).IsClean);
        await Execute(options, damage);
        var e = await Assert.ThrowsAsync<CorruptStoreException>(() => store.Log.ReadSnapshot("default/model/1/0"));
        Assert.Contains("default/model/1/0", e.Message);
        Assert.False(PostgresVerification.Run(options).IsClean);
    }

    /// <summary>Deleted is gone from the tables, not only from their indexes; that the server's files may hold it for longer is said in RELIABILITY.</summary>
    [Fact]
    public async Task Purge_AfterCompactionAndDeletion_LeavesNoDeadRows()
    {
        var options = await PostgresScratch.Make();
        using var store = PostgresStore.Open(options);
        var opening = await store.Log.Open(Stream);
        for (int n = 1; n <= 20; n++)
            await store.Log.Append(Batch(opening.Epoch, n, "a mark to look for"));
        await store.Log.WriteSnapshot(Stream, opening.Epoch, 20, new byte[100], compact: true);
        await store.Log.Purge();
        Assert.Equal(0L, await Execute(options, "CREATE EXTENSION pgstattuple; SELECT sum(dead_tuple_count)::bigint FROM (SELECT (pgstattuple(t)).dead_tuple_count FROM unnest('{rec_batch,rec_snapshot_chunk}'::text[]) t) d"));
    }

    private static LogBatch Batch(long epoch, long first, string content) => new(Stream, epoch, first, 1, Encoding.UTF8.GetBytes(content));

    private static async Task<object?> Execute(StorageOptions options, string sql)
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task Until(Func<bool> isTrue, string what)
    {
        for (int attempt = 0; !isTrue(); attempt++)
        {
            Assert.True(attempt < 6_000, $"Waited 60 seconds for {what}.");
            await Task.Delay(10);
        }
    }
}
