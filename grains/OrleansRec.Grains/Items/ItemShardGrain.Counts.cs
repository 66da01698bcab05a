using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;

namespace OrleansRec.Grains.Items;

/// <summary>Whether the counters are whole. They are durable by snapshots, and what came after the last one is sent again: until it is, items are less popular here than they are, or not known.</summary>
public sealed partial class ItemShardGrain
{
    private static readonly TimeSpan CountsCheckPeriod = TimeSpan.FromMilliseconds(50);

    private bool isCounting = true;

    /// <summary>Asks each user shard whether it has sent everything that it held when it was asked first. One that cannot be reached is asked again after the retry period.</summary>
    private void WatchCounts()
    {
        var goals = new Dictionary<int, long>();
        var waiting = new Queue<int>(Enumerable.Range(0, map.UserShards));
        IGrainTimer? timer = null;
        timer = this.RegisterGrainTimer(Ask, new() { DueTime = CountsCheckPeriod, Period = Timeout.InfiniteTimeSpan, Interleave = true });

        async Task Ask(CancellationToken cancellation)
        {
            bool isReached = true;
            for (int left = waiting.Count; left > 0 && isReached; left--)
            {
                int userShard = waiting.Dequeue();
                FeedProgress? progress = await ProgressOf(userShard, cancellation);
                isReached = progress is not null;
                if (progress is not { } p || p.SentThrough < (goals.TryGetValue(userShard, out long goal) ? goal : goals[userShard] = p.Durable))
                    waiting.Enqueue(userShard);
            }
            // The activation has ended meanwhile, and its timer with it.
            if (cancellation.IsCancellationRequested)
                return;
            if (waiting.Count > 0)
            {
                timer!.Change(isReached ? CountsCheckPeriod : options.RetryPeriod, Timeout.InfiniteTimeSpan);
                return;
            }
            timer!.Dispose();
            isCounting = false;
            Catalogue.Counted(this, shard);
        }
    }

    private async Task<FeedProgress?> ProgressOf(int userShard, CancellationToken cancellation)
    {
        if (!unasked.TryBegin())
            return null;
        try
        {
            return await grains.UserShard(userShard).GetFeedProgress(shard, cancellation);
        }
        catch (Exception)
        {
            // A silo that stops or has gone, a shard that cannot open its log, or an older product's: lists go on from what is counted, and the call to it tells an operator.
            return null;
        }
        finally
        {
            unasked.End();
        }
    }
}
