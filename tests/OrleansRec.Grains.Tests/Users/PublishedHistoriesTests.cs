using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Log;
using OrleansRec.Grains.Users;
using OrleansRec.Model;
using OrleansRec.Tests.Shared;

namespace OrleansRec.Grains.Tests.Users;

/// <summary>
/// Goal: a published version is confirmed exactly while the shard would answer from memory at once, and follows every change. Method: a shard's state, its log over a store in memory
/// and a fake clock, without grains.
/// </summary>
public sealed class PublishedHistoriesTests
{
    private const string Stream = "default/users/0", Ann = "ann";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly SimulatedClock _clock = new();
    private readonly MemoryLogStore _store = new();
    private readonly UserShardState _state = new(1);
    private readonly CommitQueue _log;
    private readonly PublishedHistories _histories;

    public PublishedHistoriesTests()
    {
        var proof = new OwnerProof(_store, Stream, _clock, Period, 10 * Period, Period);
        _log = new(_store, Stream, () => new byte[] { 1 }, proof);
        _log.Begin(_store.Open(Stream).Result);
        _state.Published = _histories = new(_log);
    }

    [Fact]
    public void Confirms_AfterEachChange_IsTheVersionOfTheRecordAndNoOther()
    {
        HistoryMark mark = _histories.Watch(Ann, new());
        Assert.False(mark.Confirms(0));
        for (int n = 1; n <= 3; n++)
        {
            Append($"item{n}");
            AssertConfirms(mark, n);
        }
        Assert.True(_state.Remove(Ann, 2));
        AssertConfirms(mark, 4);
        Append("item2");
        AssertConfirms(mark, 5);
    }

    [Fact]
    public void Confirms_AfterAnErasure_IsOverEvenWhereTheUserComesBack()
    {
        HistoryMark mark = _histories.Watch(Ann, new());
        Append("item1");
        _state.Erase(Ann);
        Assert.True(mark.IsOver);
        Assert.False(mark.Confirms(1));
        Append("item2");
        Assert.False(mark.Confirms(_state.Find(Ann)!.Version));
        Assert.Null(_histories.Find(Ann));
    }

    [Fact]
    public void Watch_Again_EndsTheEarlierMark()
    {
        HistoryMark earlier = _histories.Watch(Ann, new());
        Append("item1");
        HistoryMark later = _histories.Watch(Ann, new());
        Assert.True(earlier.IsOver);
        Assert.False(earlier.Confirms(1));
        _histories.Publish(_state.Find(Ann)!);
        Assert.True(later.Confirms(1));

        // The earlier one's owner ends late: it must not take the later one's place away.
        _histories.Unwatch(Ann, earlier);
        Append("item2");
        AssertConfirms(later, 2);
    }

    [Fact]
    public async Task Confirms_ProofGrowsOld_EndsAtHalfThePeriodAndComesBackWithACommit()
    {
        HistoryMark mark = _histories.Watch(Ann, new());
        Append("item1");
        _clock.Advance(Period / 2 - TimeSpan.FromMilliseconds(1));
        Assert.True(mark.Confirms(1));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(mark.Confirms(1));

        _log.Added(1);
        await _log.Durable(1);
        Assert.True(mark.Confirms(1));
    }

    [Fact]
    public async Task Confirms_LogWasTakenOver_IsNeverAgain()
    {
        HistoryMark mark = _histories.Watch(Ann, new());
        Append("item1");
        await _store.Open(Stream);
        _log.Added(1);
        await Assert.ThrowsAsync<FencedException>(() => _log.Durable(1));
        Assert.False(mark.Confirms(1));
        Assert.False(mark.IsOver);
    }

    [Fact]
    public void Close_OfAnEarlierActivation_LeavesTheLaterOne()
    {
        var local = new LocalHistories(new(1, 1));
        var later = new PublishedHistories(_log);
        local.Open(0, _histories);
        HistoryMark mark = _histories.Watch(Ann, new());
        local.Open(0, later);
        local.Close(0, _histories);
        Assert.True(mark.IsOver);
        Assert.Same(later, local.Of(0));
        local.Close(0, later);
        Assert.Null(local.Of(0));
    }

    private void Append(string itemId) => _state.Append(new(Ann, itemId, "view", 1, 1_000, null, ulong.Parse(itemId[4..], System.Globalization.CultureInfo.InvariantCulture)), out _);

    private static void AssertConfirms(HistoryMark mark, long version)
    {
        Assert.True(mark.Confirms(version));
        Assert.False(mark.Confirms(version - 1));
        Assert.False(mark.Confirms(version + 1));
    }
}
