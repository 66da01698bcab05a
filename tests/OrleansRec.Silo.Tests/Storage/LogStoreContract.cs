using OrleansRec.Contracts;

namespace OrleansRec.Silo.Tests.Storage;

/// <summary>What every <see cref="ILogStore"/> promises, tried on each through a class of its own.</summary>
public abstract class LogStoreContract
{
    private const string Stream = "users/0";

    protected abstract ILogStore Store { get; }

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

    protected static byte[] Content(long seed, int length)
    {
        var content = new byte[length];
        new Random((int)seed).NextBytes(content);
        return content;
    }

    private Task Append(long epoch, long firstSequence, int recordCount) =>
        Store.Append(new(Stream, epoch, firstSequence, recordCount, Content(firstSequence, 16)));

    private static IEnumerable<long> Firsts(IReadOnlyList<LogBatch> batches) => batches.Select(batch => batch.FirstSequence);
}
