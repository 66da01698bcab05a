using Microsoft.Data.Sqlite;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Grains.Hosting;
using OrleansRec.Silo.Storage;
using OrleansRec.Silo.Storage.Pages;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>The contract, tried on SQLite.</summary>
public sealed class SqliteLogStoreContract : LogStoreContract, IDisposable
{
    private readonly ScratchFolder scratch = new();
    private readonly DataFolder folder;

    public SqliteLogStoreContract() => folder = DataFolder.Open(scratch.Options());

    protected override ILogStore Store => folder.Log;

    public void Dispose()
    {
        folder.Dispose();
        scratch.Dispose();
    }
}

/// <summary>The contract, tried on the store that the simulator and the grain tests use.</summary>
public sealed class MemoryLogStoreContract : LogStoreContract
{
    protected override ILogStore Store { get; } = new MemoryLogStore();
}

/// <summary>What SQLite adds to the contract: it outlives the process, notices damage, shares commits, and heals after a full disk.</summary>
public sealed class SqliteLogStoreTests : IDisposable
{
    private const string Stream = "users/3";

    private static readonly TimeSpan holdMax = TimeSpan.FromMinutes(1), snapshotMax = TimeSpan.FromMinutes(2);

    private readonly ScratchFolder scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Open_AfterARestart_ContinuesTheStreamAtAHigherEpoch()
    {
        long epoch;
        using (var folder = DataFolder.Open(scratch.Options()))
        {
            epoch = (await folder.Log.Open(Stream)).Epoch;
            await folder.Log.Append(new(Stream, epoch, 1, 4, new byte[] { 1, 2, 3 }));
        }
        using var again = DataFolder.Open(scratch.Options());
        await Assert.ThrowsAsync<FencedException>(() => again.Log.Append(new(Stream, epoch - 1, 5, 1, default)));
        var opening = await again.Log.Open(Stream);
        Assert.True(opening.Epoch > epoch);
        Assert.Equal(4, opening.LastSequence);
        Assert.Equal([1, 2, 3], (await again.Log.Read(Stream, 0, 1))[0].Content.ToArray());
    }

    [Fact]
    public async Task Append_TwoWritersRacing_OnlyTheLastToOpenGetsThrough()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var old = await folder.Log.Open(Stream);
        var racing = Enumerable.Range(1, 50).Select(n => folder.Log.Append(new(Stream, old.Epoch, n, 1, new byte[] { 1 }))).ToList();
        var taken = await folder.Log.Open(Stream);
        var late = folder.Log.Append(new(Stream, old.Epoch, taken.LastSequence + 1, 1, new byte[] { 1 }));
        await folder.Log.Append(new(Stream, taken.Epoch, taken.LastSequence + 1, 1, new byte[] { 2 }));
        await Assert.ThrowsAsync<FencedException>(() => late);
        await Task.WhenAll(racing);
        Assert.Equal(50, taken.LastSequence);
        Assert.Equal(2, (await folder.Log.Read(Stream, 50, 1))[0].Content.Span[0]);
    }

    [Theory]
    [InlineData("UPDATE batch SET content = CAST(x'010204' AS BLOB)")]
    [InlineData("UPDATE batch SET record_count = record_count + 1")]
    [InlineData("UPDATE batch SET epoch = epoch + 1")]
    [InlineData("UPDATE batch SET id = id + 1")]
    public async Task Read_OfADamagedBatch_NamesStreamAndRecord(string damage)
    {
        using (var folder = DataFolder.Open(scratch.Options()))
        {
            var opening = await folder.Log.Open(Stream);
            await folder.Log.Append(new(Stream, opening.Epoch, 1, 4, new byte[] { 1, 2, 3 }));
        }
        Execute(damage);
        using var again = DataFolder.Open(scratch.Options());
        var e = await Assert.ThrowsAsync<CorruptStoreException>(() => again.Log.Read(Stream, 0, 1));
        Assert.Contains($"'{Stream}'", e.Message);
        Assert.Matches("record [12] ", e.Message);
    }

    [Theory]
    [InlineData(new[] { 100 }, true)]
    [InlineData(new[] { 100, 101 }, false)]
    [InlineData(new[] { 4095 }, true)]
    public async Task ReadSnapshot_WithFlippedBits_IsMendedOrNamesStreamAndPage(int[] bytes, bool isMended)
    {
        var content = new byte[3 << 20];
        new Random(5).NextBytes(content);
        using (var folder = DataFolder.Open(scratch.Options()))
        {
            var opening = await folder.Log.Open(Stream);
            await folder.Log.WriteSnapshot(Stream, opening.Epoch, 9, content, compact: true);
        }
        FlipBitsInside(scratch.Options().Folder, bytes);
        using var again = DataFolder.Open(scratch.Options());
        if (isMended)
        {
            Assert.True((await again.Log.ReadSnapshot(Stream))!.Content.Span.SequenceEqual(content));
            return;
        }
        var e = await Assert.ThrowsAsync<CorruptStoreException>(() => again.Log.ReadSnapshot(Stream));
        Assert.Contains($"'{Stream}'", e.Message);
        Assert.Matches("page [0-9]+ of '.*' does not match its checksum", e.Message);
    }

    [Fact]
    public async Task ReadSnapshot_WithAChunkMissing_NamesTheStream()
    {
        using (var folder = DataFolder.Open(scratch.Options()))
        {
            var opening = await folder.Log.Open(Stream);
            await folder.Log.WriteSnapshot(Stream, opening.Epoch, 9, new byte[3 << 20], compact: true);
        }
        Execute("DELETE FROM snapshot_chunk WHERE id = (SELECT max(id) FROM snapshot_chunk)");
        using var again = DataFolder.Open(scratch.Options());
        await Assert.ThrowsAsync<CorruptStoreException>(() => again.Log.ReadSnapshot(Stream));
    }

    [Fact]
    public async Task Open_AfterACrashBetweenChunks_LeavesTheOldSnapshotAndClearsTheChunks()
    {
        using (var folder = DataFolder.Open(scratch.Options()))
        {
            var opening = await folder.Log.Open(Stream);
            await folder.Log.WriteSnapshot(Stream, opening.Epoch, 5, new byte[] { 7 }, compact: true);
            // What a process that dies inside WriteSnapshot leaves: chunks, and no swap.
            var start = new SnapshotStart(Stream, opening.Epoch);
            await folder.Writer.Write(start);
            await folder.Writer.Write(new SnapshotChunk(start.Snapshot, 0, new byte[1000]));
        }
        Assert.Equal(2L, Execute("SELECT count(*) FROM snapshot_chunk"));
        using var again = DataFolder.Open(scratch.Options());
        var snapshot = await again.Log.ReadSnapshot(Stream);
        Assert.Equal(5, snapshot!.ThroughSequence);
        Assert.Equal([7], snapshot.Content.ToArray());
        Assert.Equal(1L, await again.Readers.Read(connection => connection.Number("SELECT count(*) FROM snapshot_chunk"), default));
    }

    [Fact]
    public async Task Append_ManyStreamsAtOnce_ShareCommits()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var openings = await Task.WhenAll(Enumerable.Range(0, 100).Select(shard => folder.Log.Open(LogStreams.Users(TenantId.Default, shard))));
        long before = folder.CommitCount;
        Task[] writes;
        using (Hold(folder))
            writes = [.. openings.Select((opening, shard) => folder.Log.Append(new(LogStreams.Users(TenantId.Default, shard), opening.Epoch, 1, 1, new byte[10])))];
        await Task.WhenAll(writes);
        // One commit held the writer; all hundred went into the next.
        Assert.Equal(before + 2, folder.CommitCount);
    }

    [Fact]
    public async Task Append_BeyondTheQueueBound_IsRefusedAndTheRestStands()
    {
        var options = scratch.Options();
        options.QueuedWritesMax = 10;
        using var folder = DataFolder.Open(options);
        var opening = await folder.Log.Open(Stream);
        Task[] writes;
        using (Hold(folder))
        {
            writes = [.. Enumerable.Range(1, 11).Select(n => folder.Log.Append(new(Stream, opening.Epoch, n, 1, new byte[10])))];
            var e = await Assert.ThrowsAsync<OverloadedException>(() => writes[10]);
            Assert.Contains("QueuedWritesMax is 10", e.Message);
        }
        await Task.WhenAll(writes[..10]);
        Assert.Equal(10, (await folder.Log.Open(Stream)).LastSequence);
    }

    [Fact]
    public async Task Append_BeyondTheByteBound_IsRefused()
    {
        var options = scratch.Options();
        options.QueuedBytesMax = 100;
        using var folder = DataFolder.Open(options);
        var opening = await folder.Log.Open(Stream);
        Task[] writes;
        using (Hold(folder))
        {
            writes = [.. Enumerable.Range(1, 2).Select(n => folder.Log.Append(new(Stream, opening.Epoch, n, 1, new byte[60])))];
            var e = await Assert.ThrowsAsync<OverloadedException>(() => writes[1]);
            Assert.Contains("QueuedBytesMax is 100", e.Message);
        }
        await writes[0];
    }

    [Fact]
    public async Task WriteSnapshot_WhileEventsArrive_LetsThemIntoEveryCommit()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var snapshots = await folder.Log.Open("model/1/0");
        var events = await folder.Log.Open(Stream);
        Task snapshot = folder.Log.WriteSnapshot("model/1/0", snapshots.Epoch, 1, new byte[20 << 20], compact: true).Within(snapshotMax, "the snapshot beside which events arrive");
        long appended = 0;
        while (!snapshot.IsCompleted)
            await folder.Log.Append(new(Stream, events.Epoch, ++appended, 1, new byte[10]));
        await snapshot;
        Assert.True(appended > 1, "No event was committed while the snapshot was written.");
    }

    [Fact]
    public async Task Append_WhenTheFileMayNotGrow_IsUnavailableThenRecovers()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var opening = await folder.Log.Open(Stream);
        await folder.Log.Append(new(Stream, opening.Epoch, 1, 1, new byte[10]));
        // SQLite reports a file at its page limit by the same code as a full disk. The limit is the connection's, and a fault replaces the connection.
        await folder.Writer.Write(new OnTheWriter(session => session.Connection.Number("PRAGMA max_page_count = 1")));
        var e = await Assert.ThrowsAsync<StoreUnavailableException>(() => folder.Log.Append(new(Stream, opening.Epoch, 2, 1, new byte[1 << 20])));
        Assert.Contains(folder.DatabasePath, e.Message);
        Assert.Contains("errno 28", e.Message);
        await folder.Log.Append(new(Stream, opening.Epoch, 2, 1, new byte[1 << 20]));
        Assert.Equal(2, (await folder.Log.Open(Stream)).LastSequence);
    }

    /// <summary>Keeps the writer thread inside a commit until disposed.</summary>
    private static IDisposable Hold(DataFolder folder)
    {
        var entered = new ManualResetEventSlim();
        var released = new ManualResetEventSlim();
        _ = folder.Writer.Write(new OnTheWriter(_ =>
        {
            entered.Set();
            if (!released.Wait(holdMax))
                throw new TimeoutException($"The writer thread was held for {holdMax.TotalSeconds} seconds.");
        }));
        Assert.True(entered.Wait(holdMax), $"The writer thread took no write in {holdMax.TotalSeconds} seconds.");
        return new Release(released);
    }

    /// <summary>
    /// A failed commit forgot the ids given to snapshots without a chunk in the file yet: the next snapshot took one of them, and two writers shared, dropped
    /// and swapped in each other's chunks.
    /// </summary>
    [Fact]
    public async Task SnapshotStart_AfterAFailedCommit_NeverRepeatsAnId()
    {
        using var folder = DataFolder.Open(scratch.Options());
        var opening = await folder.Log.Open(Stream);
        var first = new SnapshotStart(Stream, opening.Epoch);
        await folder.Writer.Write(first);
        await Assert.ThrowsAsync<IOException>(() => folder.Writer.Write(new OnTheWriter(_ => throw new IOException("planted"))));
        var second = new SnapshotStart(Stream, opening.Epoch);
        await folder.Writer.Write(second);
        Assert.True(second.Snapshot > first.Snapshot, $"{first.Snapshot}, then {second.Snapshot}");
    }

    private object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(scratch.Options().Folder, DataFolder.DatabaseName)};Pooling=False;Vfs={GuardedVfs.Name}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>The middle of a file that holds little else than a blob of 3 MB lies in the blob.</summary>
    private static void FlipBitsInside(string folder, int[] bytesOfAPage)
    {
        using var file = File.Open(Path.Combine(folder, DataFolder.DatabaseName), FileMode.Open);
        foreach (int offset in bytesOfAPage)
        {
            file.Position = (file.Length / 2 / 4096 * 4096) + offset;
            int value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 4));
        }
    }

    private sealed class OnTheWriter(Action<WriteSession> action) : StoreWrite(0)
    {
        protected override Exception? TryApply(WriteSession session)
        {
            action(session);
            return null;
        }
    }

    private sealed class Release(ManualResetEventSlim released) : IDisposable
    {
        public void Dispose() => released.Set();
    }
}
