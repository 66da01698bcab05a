using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;

namespace OrleansRec.Grains.Users;

/// <summary>
/// The feed to item shards: after a commit, what is durable goes to each item shard that it concerns, one call at a time to each. An item shard
/// takes a feed only where it continues its watermark, so losing, repeating and restarting change no count.
/// </summary>
public sealed partial class UserShardGrain
{
    private const long Unknown = -1;
    private Feed[] feeds = [];
    private long sequenceAtLastTick = Unknown;

    public Task Resume(int itemShard, long watermark, CancellationToken cancellation = default)
    {
        // A call under way brings back the new watermark by itself.
        if (!feeds[itemShard].IsRunning)
            feeds[itemShard].Watermark = watermark;
        _ = PumpQuietly(itemShard, log.DurableSequence);
        return Task.CompletedTask;
    }

    private void BeginFeed()
    {
        feeds = Array.ConvertAll(new Feed[map.ItemShards], _ => new Feed());
        this.RegisterGrainTimer(KeepUp, new() { DueTime = TimeSpan.Zero, Period = options.RetryPeriod, Interleave = true });
    }

    /// <summary>Tries again what failed or was put off.</summary>
    private Task KeepUp(CancellationToken cancellation)
    {
        PumpAll();
        SnapshotWhenDue(isIdle: state.LastSequence == sequenceAtLastTick);
        sequenceAtLastTick = state.LastSequence;
        return Task.CompletedTask;
    }

    private void PumpAll()
    {
        for (int itemShard = 0; itemShard < feeds.Length; itemShard++)
        {
            Feed feed = feeds[itemShard];
            if (!feed.IsRunning && (feed.Watermark == Unknown || state.Backlogs[itemShard].HasAfter(feed.Watermark, log.DurableSequence)))
                _ = PumpQuietly(itemShard, 0);
        }
    }

    /// <summary>The next tick of the timer tries again.</summary>
    private async Task PumpQuietly(int itemShard, long atLeast)
    {
        try
        {
            await Pump(itemShard, atLeast);
        }
        catch (SiloUnavailableException)
        {
            // A silo that stops or has gone: nothing to tell an operator.
        }
        catch (Exception reason)
        {
            LogFeedWaits(shard, itemShard, reason);
        }
    }

    /// <summary>Sends until the item shard has seen everything durable that concerns it, and its watermark is at least <paramref name="atLeast"/>.</summary>
    private async Task Pump(int itemShard, long atLeast)
    {
        Feed feed = feeds[itemShard];
        while (feed.Running is { } running)
            await running;
        if (log.Failure is not null)
            return;
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        feed.Running = finished.Task;
        try
        {
            await Send(feed, itemShard, atLeast);
        }
        catch
        {
            feed.Watermark = Unknown;
            throw;
        }
        finally
        {
            feed.Running = null;
            finished.SetResult();
        }
    }

    private async Task Send(Feed feed, int itemShard, long atLeast)
    {
        var grain = GrainFactory.GetGrain<IItemShardGrain>(ShardKeys.Of(itemShard));
        if (feed.Watermark == Unknown)
            feed.Watermark = await grain.GetWatermark(shard, CancellationToken.None);
        for (int refusals = 0; log.Failure is null;)
        {
            // What the item shard has not seen must still be here: item shards write a snapshot before a user shard does.
            if (feed.Watermark < snapshotSequence)
                throw new InvalidOperationException(
                    $"Item shard {itemShard} has seen user shard {shard} up to record {feed.Watermark}; the log begins after {snapshotSequence}.");
            long durable = log.DurableSequence;
            if (feed.Watermark >= durable || (feed.Watermark >= atLeast && !state.Backlogs[itemShard].HasAfter(feed.Watermark, durable)))
                return;
            ItemFeed next = state.Backlogs[itemShard].Next(shard, feed.Watermark, durable, options.FeedBatchMax, state.Items, state.Types);
            feed.Watermark = await grain.Observe(next, CancellationToken.None);
            if (feed.Watermark < next.ThroughSequence && ++refusals > RefusalsMax)
                throw new InvalidOperationException($"Item shard {itemShard} stays at record {feed.Watermark} of user shard {shard}.");
        }
    }

    /// <summary>An item shard refuses a feed once after a restart; more often it is itself in trouble.</summary>
    private const int RefusalsMax = 3;

    private sealed class Feed
    {
        public long Watermark = Unknown;
        public Task? Running;

        public bool IsRunning => Running is not null;
    }
}
