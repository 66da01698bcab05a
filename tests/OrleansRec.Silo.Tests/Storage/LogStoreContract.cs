using OrleansRec.Contracts;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>What every <see cref="ILogStore"/> promises, tried on each through a class of its own.</summary>
public abstract class LogStoreContract
{
    private const string Stream = "users/0";

    protected abstract ILogStore Store { get; }

    /// <summary>The same store as another process has it open; the same object where only one process can.</summary>
    protected virtual ILogStore Second => Store;

    [Fact]
    public async Task Open_NewStream_StartsAtNothing()
    {
        var opening = await Store.Open(Stream);
        Assert.True(opening.Epoch >= 1);
        Assert.Equal((0, 0), (opening.LastSequence, opening.SnapshotSequence));
    }

    [Fact]
    public async Task Open_Again_RaisesTheEpoch()
    {
        var first = await Store.Open(Stream);
        await Append(first.Epoch, 1, 3);
        var second = await Store.Open(Stream);
        Assert.True(second.Epoch > first.Epoch);
        Assert.Equal(3, second.LastSequence);
    }

    [Fact]
    public async Task Append_OfAnEarlierWriter_IsFenced()
    {
        var first = await Store.Open(Stream);
        var second = await Store.Open(Stream);
        await Assert.ThrowsAsync<FencedException>(() => Append(first.Epoch, 1, 1));
        await Append(second.Epoch, 1, 1);
        Assert.Single(await Store.Read(Stream, 0, int.MaxValue));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Append_ThatDoesNotContinue_IsFenced(long firstSequence)
    {
        var opening = await Store.Open(Stream);
        await Append(opening.Epoch, 1, 1);
        await Append(opening.Epoch, 2, 2);
        await Assert.ThrowsAsync<FencedException>(() => Append(opening.Epoch, firstSequence, 1));
        await Append(opening.Epoch, 4, 1);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, LogBatch.BytesMax + 1)]
    public async Task Append_OfWhatIsNoBatch_IsTheCallersMistake(long firstSequence, int recordCount, int bytes)
    {
        LogOpening opening = await Store.Open(Stream);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.Append(new(Stream, opening.Epoch, firstSequence, recordCount, new byte[bytes])));
        Assert.Equal(0, (await Store.Open(Stream)).LastSequence);
    }

    [Fact]
    public async Task Append_WithoutOpening_IsFenced() =>
        await Assert.ThrowsAsync<FencedException>(() => Append(1, 1, 1));

    [Fact]
    public async Task Append_ManyAtOnce_KeepsTheOrderOfTheCalls()
    {
        var opening = await Store.Open(Stream);
        await Task.WhenAll(Enumerable.Range(1, 200).Select(sequence => Append(opening.Epoch, sequence, 1)));
        var batches = await Store.Read(Stream, 0, int.MaxValue);
        Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), batches.Select(batch => batch.FirstSequence));
        Assert.All(batches, batch => Assert.Equal(Content(batch.FirstSequence, 16), batch.Content.ToArray()));
    }

    [Fact]
    public async Task Read_AfterTheMiddleOfABatch_StartsWithThatBatch()
    {
        var opening = await Store.Open(Stream);
        await Append(opening.Epoch, 1, 10);
        await Append(opening.Epoch, 11, 10);
        Assert.Equal([1, 11], Firsts(await Store.Read(Stream, 9, int.MaxValue)));
        Assert.Equal([11], Firsts(await Store.Read(Stream, 10, int.MaxValue)));
        Assert.Equal([11], Firsts(await Store.Read(Stream, 19, int.MaxValue)));
        Assert.Empty(await Store.Read(Stream, 20, int.MaxValue));
    }

    [Fact]
    public async Task Read_WithFewBytes_ReturnsOneBatchAtATime()
    {
        var opening = await Store.Open(Stream);
        await Append(opening.Epoch, 1, 1);
        await Append(opening.Epoch, 2, 1);
        Assert.Equal([1], Firsts(await Store.Read(Stream, 0, 1)));
        Assert.Equal([2], Firsts(await Store.Read(Stream, 1, 1)));
    }

    [Fact]
    public async Task Read_OfAnotherStream_SeesNothing()
    {
        await Append((await Store.Open(Stream)).Epoch, 1, 1);
        await Store.Open("users/1");
        Assert.Empty(await Store.Read("users/1", 0, int.MaxValue));
        Assert.Empty(await Store.Read("users/2", 0, int.MaxValue));
    }

    [Fact]
    public async Task ReadSnapshot_WhereThereIsNone_IsNull()
    {
        Assert.Null(await Store.ReadSnapshot(Stream));
        await Store.Open(Stream);
        Assert.Null(await Store.ReadSnapshot(Stream));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    [InlineData((5 << 20) + 17)]
    public async Task WriteSnapshot_OfAnySize_ReadsBackTheSame(int length)
    {
        var opening = await Store.Open(Stream);
        await Append(opening.Epoch, 1, 5);
        var content = Content(length, length);
        await Store.WriteSnapshot(Stream, opening.Epoch, 5, content, compact: false);
        var snapshot = await Store.ReadSnapshot(Stream);
        Assert.Equal(5, snapshot!.ThroughSequence);
        Assert.True(snapshot.Content.Span.SequenceEqual(content));
        Assert.Single(await Store.Read(Stream, 0, int.MaxValue));
    }

    [Fact]
    public async Task WriteSnapshot_Compacting_DeletesWhatItCoversAndNoMore()
    {
        var opening = await Store.Open(Stream);
        await Append(opening.Epoch, 1, 2);
        await Append(opening.Epoch, 3, 2);
        await Append(opening.Epoch, 5, 2);
        await Store.WriteSnapshot(Stream, opening.Epoch, 4, Content(1, 8), compact: true);
        Assert.Equal([5], Firsts(await Store.Read(Stream, 0, int.MaxValue)));
        var again = await Store.Open(Stream);
        Assert.Equal((6, 4), (again.LastSequence, again.SnapshotSequence));
    }

    [Fact]
    public async Task WriteSnapshot_OfEverything_LeavesTheSequence()
    {
        var opening = await Store.Open(Stream);
        await Append(opening.Epoch, 1, 7);
        await Store.WriteSnapshot(Stream, opening.Epoch, 7, Content(1, 8), compact: true);
        opening = await Store.Open(Stream);
        Assert.Equal((7, 7), (opening.LastSequence, opening.SnapshotSequence));
        await Append(opening.Epoch, 8, 1);
        Assert.Equal([8], Firsts(await Store.Read(Stream, 7, int.MaxValue)));
    }

    [Fact]
    public async Task WriteSnapshot_Second_ReplacesTheFirst()
    {
        var opening = await Store.Open(Stream);
        await Store.WriteSnapshot(Stream, opening.Epoch, 1, Content(1, 3 << 20), compact: true);
        await Store.WriteSnapshot(Stream, opening.Epoch, 2, Content(2, 100), compact: true);
        var snapshot = await Store.ReadSnapshot(Stream);
        Assert.Equal(2, snapshot!.ThroughSequence);
        Assert.Equal(Content(2, 100), snapshot.Content.ToArray());
    }

    [Fact]
    public async Task WriteSnapshot_OfAnEarlierWriter_IsFencedAndLeavesTheOld()
    {
        var first = await Store.Open(Stream);
        await Store.WriteSnapshot(Stream, first.Epoch, 1, Content(1, 100), compact: true);
        await Store.Open(Stream);
        await Assert.ThrowsAsync<FencedException>(() => Store.WriteSnapshot(Stream, first.Epoch, 2, Content(2, 100), compact: true));
        Assert.Equal(1, (await Store.ReadSnapshot(Stream))!.ThroughSequence);
    }

    [Fact]
    public async Task Delete_RemovesEverythingAndKeepsOldWritersOut()
    {
        var old = await Store.Open(Stream);
        await Append(old.Epoch, 1, 1);
        await Store.WriteSnapshot(Stream, old.Epoch, 1, Content(1, 100), compact: false);
        await Store.Delete(Stream);
        Assert.Null(await Store.ReadSnapshot(Stream));
        Assert.Empty(await Store.Read(Stream, 0, int.MaxValue));
        await Assert.ThrowsAsync<FencedException>(() => Append(old.Epoch, 2, 1));
        var opening = await Store.Open(Stream);
        Assert.Equal((0, 0), (opening.LastSequence, opening.SnapshotSequence));
        Assert.True(opening.Epoch > old.Epoch);
    }

    [Fact]
    public async Task Delete_OfAnUnknownStream_DoesNothing() => await Store.Delete("users/99");

    [Fact]
    public async Task CheckOwner_OfTheLastToOpen_CompletesAndOfOthersIsFenced()
    {
        var first = await Store.Open(Stream);
        await Store.CheckOwner(Stream, first.Epoch);
        var second = await Second.Open(Stream);
        await Assert.ThrowsAsync<FencedException>(() => Store.CheckOwner(Stream, first.Epoch));
        await Second.CheckOwner(Stream, second.Epoch);
        await Store.Delete(Stream);
        await Assert.ThrowsAsync<FencedException>(() => Second.CheckOwner(Stream, second.Epoch));
    }

    /// <summary>Two processes take the stream from each other again and again, each while the other appends as fast as it can.</summary>
    [Fact]
    public async Task Append_TwoProcessesTakingOver_OnlyTheOwnerIsAcknowledgedAndNothingIsLost()
    {
        var acknowledged = new HashSet<(long Epoch, long Sequence)>();
        (Task Writing, long Epoch) before = (Task.CompletedTask, 0);
        for (int round = 0; round < 20; round++)
        {
            ILogStore store = round % 2 == 0 ? Store : Second;
            var opening = await store.Open(Stream);
            Assert.True(opening.Epoch > before.Epoch);
            // Whatever the one before still has under way is settled: done, and counted in what was opened, or refused.
            Task writing = WriteUntilFenced(store, opening, acknowledged);
            await before.Writing;
            before = (writing, opening.Epoch);
            await Eventually(() => Count(opening.Epoch) >= 3, "three batches of the owner");
        }
        var last = await Store.Open(Stream);
        await before.Writing;
        var batches = await ReadAll(Store, Stream);
        Assert.Equal(Enumerable.Range(1, batches.Count).Select(n => (long)n), batches.Select(batch => batch.FirstSequence));
        Assert.Equal(last.LastSequence, batches.Count);
        Assert.True(batches.Zip(batches.Skip(1)).All(pair => pair.First.Epoch <= pair.Second.Epoch), "A writer that was fenced off came through.");
        acknowledged.ExceptWith(batches.Select(batch => (batch.Epoch, batch.FirstSequence)));
        Assert.Empty(acknowledged);

        int Count(long epoch)
        {
            lock (acknowledged)
                return acknowledged.Count(a => a.Epoch == epoch);
        }
    }

    [Fact]
    public async Task Open_ByManyAtOnce_GivesEachAnEpochAndLeavesOneOwner()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            ILogStore store = n % 2 == 0 ? Store : Second;
            return (Store: store, (await store.Open(Stream)).Epoch);
        }));
        Assert.Equal(20, opened.Select(o => o.Epoch).Distinct().Count());
        var appends = opened.OrderBy(o => o.Epoch).Select(o => o.Store.Append(new(Stream, o.Epoch, 1, 1, Content(1, 16)))).ToList();
        foreach (var refused in appends[..^1])
            await Assert.ThrowsAsync<FencedException>(() => refused);
        await appends[^1];
    }

    [Fact]
    public async Task Append_ToManyStreamsOfTwoProcesses_KeepsEachInOrder()
    {
        string[] streams = [.. Enumerable.Range(0, 40).Select(n => $"users/{n}")];
        await Task.WhenAll(streams.Select(async (stream, n) =>
        {
            ILogStore store = n % 2 == 0 ? Store : Second;
            var opening = await store.Open(stream);
            await Task.WhenAll(Enumerable.Range(1, 25).Select(first => store.Append(new(stream, opening.Epoch, first, 1, Content(first + n, 200)))));
        }));
        for (int n = 0; n < streams.Length; n++)
        {
            var batches = await ReadAll(Second, streams[n]);
            Assert.Equal(Enumerable.Range(1, 25).Select(first => (long)first), batches.Select(batch => batch.FirstSequence));
            Assert.All(batches, batch => Assert.Equal(Content(batch.FirstSequence + n, 200), batch.Content.ToArray()));
        }
    }

    /// <summary>The writer does not know that its batch is in; it opens again, finds it, and what it sends again under the old number is refused.</summary>
    [Fact]
    public async Task Append_SentAgainAfterALostAnswer_IsInTheLogOnce()
    {
        var opening = await Store.Open(Stream);
        await Append(opening.Epoch, 1, 5);
        await Assert.ThrowsAsync<FencedException>(() => Append(opening.Epoch, 1, 5));
        var again = await Store.Open(Stream);
        Assert.Equal(5, again.LastSequence);
        await Assert.ThrowsAsync<FencedException>(() => Append(again.Epoch, 1, 5));
        Assert.Equal([1], Firsts(await Store.Read(Stream, 0, int.MaxValue)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData((5 << 20) + 3)]
    [InlineData(20 << 20)]
    public async Task Append_OfABatchOfAnySize_ReadsBackTheSame(int length)
    {
        var opening = await Store.Open(Stream);
        byte[] content = Content(length, length);
        await Store.Append(new(Stream, opening.Epoch, 1, 3, content));
        await Append(opening.Epoch, 4, 1);
        var batches = await ReadAll(Second, Stream);
        Assert.Equal((1, 3), (batches[0].FirstSequence, batches[0].RecordCount));
        Assert.True(batches[0].Content.Span.SequenceEqual(content));
        Assert.Equal([1, 4], Firsts(batches));
    }

    [Fact]
    public async Task Read_OfManyBatches_PagesThroughAll()
    {
        var opening = await Store.Open(Stream);
        const int Batches = 2_500;
        await Task.WhenAll(Enumerable.Range(0, Batches).Select(n => Append(opening.Epoch, 1 + 2 * n, 2)));
        var batches = await ReadAll(Store, Stream, bytesMax: 10_000);
        Assert.Equal(Enumerable.Range(0, Batches).Select(n => 1L + 2 * n), Firsts(batches));
    }

    [Fact]
    public async Task BeginSnapshot_GivenUp_LeavesTheOldOne()
    {
        var opening = await Store.Open(Stream);
        await Store.WriteSnapshot(Stream, opening.Epoch, 3, Content(1, 100), compact: true);
        await using (var pieces = await Store.BeginSnapshot(Stream, opening.Epoch))
            await pieces.Write(Content(2, 3 << 20));
        var snapshot = await Store.ReadSnapshot(Stream);
        Assert.Equal(3, snapshot!.ThroughSequence);
        Assert.Equal(Content(1, 100), snapshot.Content.ToArray());
    }

    [Fact]
    public async Task BeginSnapshot_InPiecesOfAnySize_ReadsBackTheSame()
    {
        var opening = await Store.Open(Stream);
        byte[] content = Content(9, (4 << 20) + 11);
        var random = new Random(1);
        await using (var pieces = await Store.BeginSnapshot(Stream, opening.Epoch))
        {
            for (int at = 0, length; at < content.Length; at += length)
                await pieces.Write(content.AsMemory(at, length = Math.Min(random.Next(1, 300_000), content.Length - at)));
            await pieces.Complete(8, compact: false);
        }
        var snapshot = await Second.ReadSnapshot(Stream);
        Assert.Equal(8, snapshot!.ThroughSequence);
        Assert.True(snapshot.Content.Span.SequenceEqual(content));
        Assert.Equal((8, 8), ((await Store.Open(Stream)).LastSequence, snapshot.ThroughSequence));
    }

    [Fact]
    public async Task BeginSnapshot_TakenOverMeanwhile_IsFencedAndLeavesTheOldOne()
    {
        var first = await Store.Open(Stream);
        await Store.WriteSnapshot(Stream, first.Epoch, 1, Content(1, 100), compact: true);
        await using (var pieces = await Store.BeginSnapshot(Stream, first.Epoch))
        {
            await pieces.Write(Content(2, 100));
            await Second.Open(Stream);
            await Assert.ThrowsAsync<FencedException>(() => pieces.Complete(2, compact: true));
        }
        Assert.Equal(Content(1, 100), (await Store.ReadSnapshot(Stream))!.Content.ToArray());
        // A store may say so at the beginning or at the end.
        await Assert.ThrowsAsync<FencedException>(async () => await (await Store.BeginSnapshot(Stream, first.Epoch)).Complete(3, compact: false));
    }

    [Fact]
    public async Task WriteSnapshot_BesideAppends_LosesNothingThatFollowsIt()
    {
        var opening = await Store.Open(Stream);
        await Task.WhenAll(Enumerable.Range(1, 50).Select(n => Append(opening.Epoch, n, 1)));
        Task snapshot = Store.WriteSnapshot(Stream, opening.Epoch, 50, Content(50, 2 << 20), compact: true);
        await Task.WhenAll(Enumerable.Range(51, 100).Select(n => Append(opening.Epoch, n, 1)));
        await snapshot;
        Assert.Equal(Enumerable.Range(51, 100).Select(n => (long)n), Firsts(await ReadAll(Second, Stream, afterSequence: 50)));
        Assert.Equal((150, 50), ((await Store.Open(Stream)).LastSequence, (await Store.ReadSnapshot(Stream))!.ThroughSequence));
    }

    [Fact]
    public async Task Purge_AfterADeletion_LeavesTheRest()
    {
        var opening = await Store.Open(Stream);
        await Append(opening.Epoch, 1, 1);
        var other = await Store.Open("users/1");
        await Store.Append(new("users/1", other.Epoch, 1, 1, Content(1, 100)));
        await Store.Delete("users/1");
        await Store.Purge();
        Assert.Empty(await Second.Read("users/1", 0, int.MaxValue));
        Assert.Equal([1], Firsts(await Second.Read(Stream, 0, int.MaxValue)));
    }

    protected static byte[] Content(long seed, int length)
    {
        var content = new byte[length];
        new Random((int)seed).NextBytes(content);
        return content;
    }

    private Task Append(long epoch, long firstSequence, int recordCount) =>
        Store.Append(new(Stream, epoch, firstSequence, recordCount, Content(firstSequence, 16)));

    private static async Task WriteUntilFenced(ILogStore store, LogOpening opening, HashSet<(long, long)> acknowledged)
    {
        for (long sequence = opening.LastSequence + 1; ; sequence++)
        {
            // A store in memory would never let go of the thread.
            await Task.Yield();
            try
            {
                await store.Append(new(Stream, opening.Epoch, sequence, 1, Content(sequence, 16)));
            }
            catch (FencedException)
            {
                return;
            }
            lock (acknowledged)
                acknowledged.Add((opening.Epoch, sequence));
        }
    }

    private static async Task<List<LogBatch>> ReadAll(ILogStore store, string stream, long afterSequence = 0, int bytesMax = 1 << 20)
    {
        var all = new List<LogBatch>();
        while (await store.Read(stream, all.Count > 0 ? all[^1].LastSequence : afterSequence, bytesMax) is { Count: > 0 } page)
            all.AddRange(page);
        return all;
    }

    private static async Task Eventually(Func<bool> isTrue, string what)
    {
        for (int attempt = 0; !isTrue(); attempt++)
        {
            Assert.True(attempt < 6_000, $"Waited 60 seconds for {what}.");
            await Task.Delay(10);
        }
    }

    private static IEnumerable<long> Firsts(IReadOnlyList<LogBatch> batches) => batches.Select(batch => batch.FirstSequence);
}
