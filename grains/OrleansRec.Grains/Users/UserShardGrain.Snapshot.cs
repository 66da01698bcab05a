using System.Buffers;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansRec.Contracts;

namespace OrleansRec.Grains.Users;

/// <summary>
/// Snapshots. The state as it was in one turn is encoded piece by piece in many, each of which holds appends up for less than a millisecond; a
/// record that is about to change is encoded before.
/// </summary>
/// <remarks>
/// Order matters: item shards are sent everything up to the snapshot and write snapshots of their own before the log is let go. So whatever
/// an item shard may ask for after a crash comes after the last snapshot, and replay has it.
/// </remarks>
public sealed partial class UserShardGrain
{
    private const int SnapshotPieceBytes = 64 << 10;
    private long snapshotSequence, snapshotBytes, bytesSinceSnapshot;
    private long? erasedAt;

    // Up to which record batches may hold something of an erased user; 0 where no snapshot since the erasure has ended inside of a batch.
    private long erasureReach;
    private Task? snapshotting, settling;

    public async Task Snapshot(CancellationToken cancellation = default)
    {
        // One under way may have begun before the caller's last event.
        if (snapshotting is { IsCompleted: false } earlier)
            await earlier.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        await (snapshotting is { IsCompleted: false } ? snapshotting : snapshotting = WriteSnapshot());
    }

    private void SnapshotWhenDue(bool isIdle = false)
    {
        if (snapshotting is { IsCompleted: false } || log.Failure is not null)
            return;
        long records = log.DurableSequence - snapshotSequence;
        bool isDue = records >= Math.Max(options.SnapshotRecords, state.EventCount / 3)
            || (records > 0 && bytesSinceSnapshot >= Math.Max(options.SnapshotBytes, snapshotBytes))
            || (isIdle && records >= options.IdleSnapshotRecords)
            || (erasedAt is { } at && time.GetElapsedTime(at) >= options.ErasurePeriod);
        if (isDue)
            snapshotting = WriteQuietly(WriteSnapshot);
        else if (settling is null or { IsCompleted: true } && state.BacklogCount > options.FeedChangesMax / 2)
            settling = WriteQuietly(() => Settle(log.DurableSequence));
    }

    /// <summary>The next commit or tick of the timer tries again.</summary>
    private async Task WriteQuietly(Func<Task> write)
    {
        if (!unasked.TryBegin())
            return;
        try
        {
            await write();
        }
        catch (Exception reason)
        {
            // As with the feed: silos that are gone, or go as this one stops, are no news.
            if (reason is not SiloUnavailableException)
                LogSnapshotWaits(shard, reason);
        }
        finally
        {
            unasked.End();
            // Another may be due already.
            KeepUpSoon();
        }
    }

    private async Task WriteSnapshot()
    {
        // A snapshot of an older product may show what this one would not write.
        if (state.LastSequence == snapshotSequence && !state.HadUnkeyedTombstones)
        {
            await Purge(snapshotSequence, snapshotSequence);
            return;
        }
        state.ForgetErasedEventsBefore((time.GetUtcNow() - options.ErasedRetryPeriod).ToUnixTimeMilliseconds());
        await using ISnapshotWriter written = await store.BeginSnapshot(LogStreams.Users(grains.Tenant, shard), log.Epoch);
        // From here to the first piece nothing is awaited: state, sequence and bytes are those of one moment.
        long through = state.LastSequence, bytes = bytesSinceSnapshot, length = 0;
        var encoded = state.BeginSnapshot();
        try
        {
            var piece = new ArrayBufferWriter<byte>(2 * SnapshotPieceBytes);
            for (bool isLast = false; !isLast; length += piece.WrittenCount)
            {
                piece.ResetWrittenCount();
                isLast = encoded.WriteSome(piece, SnapshotPieceBytes);
                await written.Write(piece.WrittenMemory);
            }
        }
        finally
        {
            state.EndSnapshot();
        }
        await log.Durable(through);
        long reach = log.DurableSequence;
        await Settle(through);
        await written.Complete(through, compact: true);
        state.HadUnkeyedTombstones = false;
        snapshotSequence = through;
        snapshotBytes = length;
        bytesSinceSnapshot -= bytes;
        await Purge(through, reach);
    }

    /// <summary>After a snapshot: has the store write over what it deleted, where that was something of an erased user.</summary>
    /// <param name="through">The record up to which the snapshot reaches; another user may have been erased since it was begun.</param>
    /// <param name="reach">The last record that was durable then: a batch that goes on after the snapshot stays whole until the next one.</param>
    private async Task Purge(long through, long reach)
    {
        if (erasedAt is null || state.LastErasure > through)
            return;
        if (erasureReach == 0)
            erasureReach = reach;
        if (erasureReach > through)
        {
            erasedAt = time.GetTimestamp();
            return;
        }
        await store.Purge();
        erasureReach = 0;
        // Another user may have been erased while the store was at it.
        if (state.LastErasure <= through)
            erasedAt = null;
    }

    /// <summary>Brings every item shard's durable watermark to a record, and lets go of what they need no more.</summary>
    private async Task Settle(long through)
    {
        for (int itemShard = 0; itemShard < feeds.Length; itemShard++)
            await SendThrough(itemShard, through);
        for (int itemShard = 0; itemShard < feeds.Length; itemShard++)
        {
            long[] watermarks = await grains.ItemShard(itemShard).Snapshot();
            if (watermarks[shard] < through)
            {
                // It was restarted since it was last told: the feed must ask where it stands before it goes on.
                feeds[itemShard].Watermark = Unknown;
                throw new InvalidOperationException(
                    $"Item shard {itemShard} holds user shard {shard} durably up to record {watermarks[shard]}; {through} is needed.");
            }
            state.Backlogs[itemShard].Trim(watermarks[shard]);
        }
    }

    [LoggerMessage(LogLevel.Error, "User shard {Shard} gives up this activation: its memory is ahead of the log.")]
    private partial void LogGivesUp(int shard, Exception reason);

    [LoggerMessage(LogLevel.Warning, "User shard {Shard} will try item shard {ItemShard} again.")]
    private partial void LogFeedWaits(int shard, int itemShard, Exception reason);

    [LoggerMessage(LogLevel.Warning, "User shard {Shard} will try its snapshot again.")]
    private partial void LogSnapshotWaits(int shard, Exception reason);
}
