using Orleans;

namespace OrleansRec.Grains.Serving;

/// <summary>Popularity while the counters of item shards are not whole: right after a folder is opened, or after a silo was lost.</summary>
public sealed partial class CatalogueCopy
{
    private static readonly TimeSpan CountsPollPeriod = TimeSpan.FromMilliseconds(20);

    private long countsAwaitedAt;

    /// <summary>Whether the counters of every shard are whole.</summary>
    public bool IsCounted => Array.TrueForAll(shards, s => s.IsKnown && !s.IsCounting);

    /// <summary>A shard on this silo has counted everything.</summary>
    public void Counted(object owner, int shardIndex)
    {
        if (shards[shardIndex].Owner == owner)
            shards[shardIndex].IsCounting = false;
    }

    /// <summary>
    /// As <see cref="Refresh"/>, for a list that goes by popularity. Where counters are not whole the version's own counts stand in for them; where there is no version, the list waits for the counters, at most
    /// <see cref="Hosting.ServingOptions.CountsWaitMax"/> after the first list that did, and then goes by what is counted.
    /// </summary>
    public async ValueTask RefreshCounts(IGrainFactory grains, PublishedModel? model, CancellationToken cancellation = default)
    {
        await Refresh(grains, cancellation);
        if (IsCounted || model?.Companion is not null)
            return;
        Interlocked.CompareExchange(ref countsAwaitedAt, time.GetTimestamp(), 0);
        while (!IsCounted && time.GetElapsedTime(Volatile.Read(ref countsAwaitedAt)) < options.CountsWaitMax)
        {
            await Task.Delay(CountsPollPeriod, time, cancellation);
            await Refresh(grains, cancellation);
        }
    }

    /// <summary>The version's counts, where they stand in for counters that are not whole; else null.</summary>
    private CountFloor? FloorOf(PublishedModel? model) => IsCounted ? null : model?.Companion is { } companion ? new(model, companion.Likers) : null;

    /// <summary>How many users liked each item when the version was trained: less than now, and more than a counter that is not whole yet.</summary>
    private sealed class CountFloor(PublishedModel model, int[] likers)
    {
        public PublishedModel Model => model;

        public long UsersOf(string itemId) => model.RowOf(itemId) is >= 0 and int row ? likers[row] : 0;
    }
}
