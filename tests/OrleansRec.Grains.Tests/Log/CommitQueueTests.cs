using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Log;

namespace OrleansRec.Grains.Tests.Log;

/// <summary>Goal: whatever fails on the way of a batch, its shard and those who wait are told, and nothing waits for ever. Method: a queue over a store in memory whose parts fail at will.</summary>
public sealed class CommitQueueTests
{
    private const string Stream = "users/0";

    private readonly MemoryLogStore store = new();
    private readonly List<Exception> failures = [];

    /// <summary>The exception was lost with a task that nobody awaits, and the shard waited for a commit that nobody made.</summary>
    [Fact]
    public async Task Added_TheBatchCannotBeSealed_GivesUpAndTellsWhy()
    {
        CommitQueue queue = await Begin(() => throw new IOException("sealing"), _ => { });
        queue.Added(1);
        await AssertGivenUp(queue, "sealing", durable: 0);
    }

    /// <summary>As above, with a batch that is durable: who waits cannot be told so any more, and asks again.</summary>
    [Fact]
    public async Task Added_TheShardFailsOnACommit_GivesUpAndTellsWhy()
    {
        CommitQueue queue = await Begin(() => new byte[] { 1 }, _ => throw new IOException("feeding"));
        queue.Added(1);
        await AssertGivenUp(queue, "feeding", durable: 1);
    }

    [Fact]
    public async Task Added_AllIsWell_CommitsWhatCameMeanwhileToo()
    {
        int bytes = 0;
        CommitQueue queue = await Begin(() => new byte[] { 1, 2 }, committed => bytes += committed);
        queue.Added(1);
        queue.Added(3);
        await Task.WhenAll(queue.Durable(1), queue.Durable(3));
        Assert.Empty(failures);
        Assert.Equal(3, queue.DurableSequence);
        Assert.Equal(bytes, (await store.Read(Stream, 0, 1000)).Sum(b => b.Content.Length));
    }

    private async Task<CommitQueue> Begin(Func<ReadOnlyMemory<byte>> takeBatch, Action<int> committed)
    {
        var queue = new CommitQueue(store, Stream, takeBatch) { Committed = committed, Failed = failures.Add };
        queue.Begin(await store.Open(Stream));
        return queue;
    }

    private async Task AssertGivenUp(CommitQueue queue, string reason, long durable)
    {
        // The batch that failed, and all that come after it.
        foreach (long sequence in new long[] { 1, 2 })
            Assert.Equal(reason, (await Assert.ThrowsAsync<IOException>(() => queue.Durable(sequence).WaitAsync(TimeSpan.FromSeconds(30)))).Message);
        queue.Added(2);
        Assert.Equal(reason, Assert.Single(failures).Message);
        Assert.Equal(reason, queue.Failure?.Message);
        Assert.Equal(durable, (await store.Read(Stream, 0, 1000)).Sum(b => b.RecordCount));
    }
}
