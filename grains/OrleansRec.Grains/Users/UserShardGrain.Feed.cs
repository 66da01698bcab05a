using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;

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
    private IGrainTimer feedTimer = null!, keepUpTimer = null!;
    private bool isKeepUpSoon;
    private bool isFeedDue;
    private long fedAt;
    private long askedAt;

    public Task Resume(int itemShard, long watermark, CancellationToken cancellation = default)
    {
        if (watermark < KeptAfter(itemShard))
            throw WatermarkLostException.Of(itemShard, watermark, shard, KeptAfter(itemShard));
        // A call under way may be answered by the activation before this one, which had seen more.
        if (feeds[itemShard].IsRunning)
            feeds[itemShard].MustAsk = true;
        else
            feeds[itemShard].Watermark = watermark;
        Pump(itemShard);
        return Task.CompletedTask;
    }

    public Task<FeedProgress> GetFeedProgress(int itemShard, CancellationToken cancellation = default)
    {
        Feed feed = feeds[itemShard];
        long durable = log.DurableSequence, seen = feed.MustAsk ? Unknown : feed.Watermark;
        return Task.FromResult<FeedProgress>(new(seen == Unknown || state.Backlogs[itemShard].HasAfter(seen, durable) ? seen : durable, durable));
    }

    /// <summary>Changes up to here are kept no more: the item shard has said that it holds them durably.</summary>
    private long KeptAfter(int itemShard) => Math.Max(snapshotSequence, state.Backlogs[itemShard].TrimmedThrough);

    private void BeginFeed()
    {
        askedAt = time.GetTimestamp();
        feeds = new Feed[map.ItemShards];
        for (int itemShard = 0; itemShard < feeds.Length; itemShard++)
            feeds[itemShard] = new(grains.ItemShard(itemShard));
        feedTimer = this.RegisterGrainTimer(FeedNow, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        isKeepUpSoon = true;
        keepUpTimer = this.RegisterGrainTimer(KeepUp, new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true });
    }

    /// <summary>Something was committed, put off or failed: <see cref="KeepUp"/> looks at it after a retry period.</summary>
    private void KeepUpSoon()
    {
        if (isKeepUpSoon)
            return;
        isKeepUpSoon = true;
        keepUpTimer.Change(options.RetryPeriod, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tries again what failed or was put off. A shard to which nothing happens runs it only when the next question, erasure or retention is due.</summary>
    private Task KeepUp(CancellationToken cancellation)
    {
        bool isIdle = state.LastSequence == sequenceAtLastTick;
        sequenceAtLastTick = state.LastSequence;
        isKeepUpSoon = !isIdle;
        AskWhenDue();
        PumpAll();
        RetainWhenDue();
        MergeWhenDue();
        SnapshotWhenDue(isIdle);
        keepUpTimer.Change(isKeepUpSoon ? options.RetryPeriod : UntilNextDuty(), Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    /// <summary>How long an idle shard has nothing to do; not less than the pause between two attempts.</summary>
    private TimeSpan UntilNextDuty()
    {
        TimeSpan next = options.FeedCheckPeriod - time.GetElapsedTime(askedAt);
        if (erasedAt is { } erased)
            next = Min(next, options.ErasurePeriod - time.GetElapsedTime(erased));
        if (state.Merging.Count > 0)
            next = Min(next, options.MergeSilencePeriod);
        if (!Retention.KeepsAll || state.OwnRetentions > 0)
            next = Min(next, retainedAt is { } retained ? options.RetentionPeriod - time.GetElapsedTime(retained) : TimeSpan.Zero);
        return next < options.RetryPeriod ? options.RetryPeriod : next;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>At once where the last feed is long ago, so that a quiet shop counts at once; else together with what comes meanwhile.</summary>
    private void FeedSoon()
    {
        if (isFeedDue)
            return;
        TimeSpan since = time.GetElapsedTime(fedAt);
        if (since >= options.FeedPeriod)
        {
            FeedNow();
            return;
        }
        isFeedDue = true;
        feedTimer.Change(options.FeedPeriod - since, Timeout.InfiniteTimeSpan);
    }

    private Task FeedNow(CancellationToken cancellation = default)
    {
        isFeedDue = false;
        fedAt = time.GetTimestamp();
        PumpAll();
        return Task.CompletedTask;
    }

    /// <summary>
    /// While a directory is split, an activation that has seen everything may answer for one that has not. The next feed would tell; where none comes,
    /// this does.
    /// </summary>
    private void AskWhenDue()
    {
        if (time.GetElapsedTime(askedAt) < options.FeedCheckPeriod)
            return;
        askedAt = time.GetTimestamp();
        foreach (Feed feed in feeds)
            feed.MustAsk = true;
    }

    private void PumpAll()
    {
        for (int itemShard = 0; itemShard < feeds.Length; itemShard++)
        {
            Feed feed = feeds[itemShard];
            // An item shard that was not heard of yet holds what is kept no more. Where nothing came after that, it need not be asked, nor woken.
            long seen = feed.Watermark == Unknown ? KeptAfter(itemShard) : feed.Watermark;
            if (feed.MustAsk || state.Backlogs[itemShard].HasAfter(seen, log.DurableSequence))
                Pump(itemShard);
        }
    }

    /// <summary>Completes when an item shard has seen everything up to a durable record. While appends go on a pump may never end, so this waits for its steps.</summary>
    private async Task SendThrough(int itemShard, long through)
    {
        Feed feed = feeds[itemShard];
        feed.Goal = Math.Max(feed.Goal, through);
        while (feed.Watermark < through)
        {
            if (log.Failure is { } failure)
                throw failure;
            Task step = feed.NextStep;
            Pump(itemShard, isAwaited: true);
            await step;
        }
    }

    /// <summary>Sends what an item shard has not seen, unless that is under way.</summary>
    /// <param name="itemShard">The item shard.</param>
    /// <param name="isAwaited">Whether something waits for it; what nothing waits for is not begun while the silo stops.</param>
    private void Pump(int itemShard, bool isAwaited = false)
    {
        if (feeds[itemShard].IsRunning || log.Failure is not null)
            return;
        if (isAwaited)
            unasked.BeginPart();
        else if (!unasked.TryBegin())
            return;
        _ = PumpQuietly(feeds[itemShard], itemShard);
    }

    /// <summary>The next tick of the timer tries again what failed.</summary>
    private async Task PumpQuietly(Feed feed, int itemShard)
    {
        feed.IsRunning = true;
        Exception? failure = null;
        try
        {
            await Send(feed, itemShard);
        }
        catch (Exception reason)
        {
            failure = reason;
            feed.Watermark = Unknown;
            KeepUpSoon();
            // Item shards that are gone, as all are when the process ends, are no news: the timer finds them where they are next.
            if (!SiloLoss.Explains(reason))
                LogFeedWaits(shard, itemShard, reason);
        }
        feed.IsRunning = false;
        feed.Step(failure);
        unasked.End();
        // Asked for after the last look of this run.
        if (feed.MustAsk)
            KeepUpSoon();
        // What was committed while it ran.
        if (failure is null && log.Failure is null && state.Backlogs[itemShard].HasAfter(feed.Watermark, log.DurableSequence))
            FeedSoon();
    }

    private async Task Send(Feed feed, int itemShard)
    {
        IItemShardGrain grain = feed.Target;
        feed.MustAsk |= feed.Watermark == Unknown;
        long target = log.DurableSequence;
        for (int refusals = 0; log.Failure is null;)
        {
            if (feed.MustAsk)
            {
                feed.MustAsk = false;
                feed.Watermark = await grain.GetWatermark(shard, CancellationToken.None);
            }
            // What the item shard has not seen must still be here: item shards write a snapshot before a user shard does.
            if (feed.Watermark < KeptAfter(itemShard))
                throw WatermarkLostException.Of(itemShard, feed.Watermark, shard, KeptAfter(itemShard));
            long durable = log.DurableSequence;
            if (feed.Watermark >= durable
                || (feed.Watermark >= feed.Goal && (feed.Watermark >= target || !state.Backlogs[itemShard].HasAfter(feed.Watermark, durable))))
                return;
            ItemFeed next = state.Backlogs[itemShard].Next(shard, feed.Watermark, durable, options.FeedBatchMax, state.Texts);
            feed.Watermark = await grain.Observe(next, CancellationToken.None);
            feed.Step(null);
            refusals = feed.Watermark < next.ThroughSequence ? refusals + 1 : 0;
            if (refusals > RefusalsMax)
                throw new InvalidOperationException($"Item shard {itemShard} stays at record {feed.Watermark} of user shard {shard}.");
        }
    }

    /// <summary>An item shard refuses a feed once after a restart; more often it is itself in trouble.</summary>
    private const int RefusalsMax = 3;

    /// <param name="target">Made once: the runtime finds the type of a reference's interface by reflection.</param>
    private sealed class Feed(IItemShardGrain target)
    {
        public IItemShardGrain Target => target;

        private TaskCompletionSource? step;

        public long Watermark = Unknown;

        /// <summary>The item shard is told of records up to here even where none concerns it.</summary>
        public long Goal;

        public bool IsRunning;

        /// <summary>What the item shard has seen must be asked for, whatever was heard last.</summary>
        public bool MustAsk;

        /// <summary>Completes at the next answer of the item shard, or fails with the pump.</summary>
        public Task NextStep => (step ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Step(Exception? failure)
        {
            TaskCompletionSource? waited = step;
            step = null;
            if (failure is null)
                waited?.SetResult();
            else
                waited?.SetException(failure);
        }
    }
}
