using System.Buffers;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;

namespace OrleansRec.Grains.Items;

/// <summary>Snapshots, which make counters and watermarks durable, and the call to user shards that makes them send what came after the last one.</summary>
public sealed partial class ItemShardGrain
{
    private long snapshotSequence;
    private Task<long[]>? snapshotting, snapshotNext;

    /// <summary>Callers that come while one is written share the next one.</summary>
    public Task<long[]> Snapshot(CancellationToken cancellation = default)
    {
        if (snapshotting is null or { IsCompleted: true } && snapshotNext is null)
            return snapshotting = WriteSnapshot();
        return snapshotNext ??= WriteSnapshotAfter(snapshotting!);
    }

    private async Task<long[]> WriteSnapshotAfter(Task<long[]> earlier)
    {
        try
        {
            await earlier;
        }
        catch (Exception) when (log.Failure is null)
        {
            // Whoever asked for it was told; this one writes more than it would have.
        }
        snapshotting = snapshotNext;
        snapshotNext = null;
        return await WriteSnapshot();
    }

    private async Task<long[]> WriteSnapshot()
    {
        long through = state.LastSequence;
        long[] watermarks = [.. state.Watermarks];
        var content = new ArrayBufferWriter<byte>(64 << 10);
        state.Write(content);
        await log.Durable(through);
        await store.WriteSnapshot(LogStreams.Items(grains.Tenant, shard), log.Epoch, through, content.WrittenMemory, compact: true);
        snapshotSequence = through;
        return watermarks;
    }

    private void SnapshotWhenDue()
    {
        if (log.DurableSequence - snapshotSequence >= options.SnapshotRecords && snapshotting is null or { IsCompleted: true })
            _ = SnapshotQuietly();
    }

    /// <summary>The next commit tries again.</summary>
    private async Task SnapshotQuietly()
    {
        try
        {
            await Snapshot();
        }
        catch (Exception reason)
        {
            LogSnapshotWaits(shard, reason);
        }
    }

    /// <summary>Not awaited by the activation: user shards call back.</summary>
    private void CallUserShards()
    {
        var waiting = new Queue<int>(Enumerable.Range(0, map.UserShards));
        IGrainTimer? timer = null;
        timer = this.RegisterGrainTimer(CallNext, new() { DueTime = TimeSpan.Zero, Period = options.RetryPeriod, Interleave = true });

        async Task CallNext(CancellationToken cancellation)
        {
            while (waiting.TryPeek(out int userShard))
            {
                if (!unasked.TryBegin())
                    return;
                try
                {
                    await grains.UserShard(userShard).Resume(shard, state.Watermarks[userShard], cancellation);
                }
                catch (WatermarkLostException reason)
                {
                    OnFailed(reason);
                    return;
                }
                catch (Exception reason) when (SiloLoss.Explains(reason) || cancellation.IsCancellationRequested)
                {
                    return; // A silo that stops or has gone: nothing to tell an operator.
                }
                catch (Exception reason)
                {
                    LogCallWaits(shard, userShard, reason);
                    return;
                }
                finally
                {
                    unasked.End();
                }
                waiting.Dequeue();
            }
            timer!.Dispose();
        }
    }

    [LoggerMessage(LogLevel.Error, "Item shard {Shard} gives up this activation: its memory is ahead of the log.")]
    private partial void LogGivesUp(int shard, Exception reason);

    [LoggerMessage(LogLevel.Warning, "Item shard {Shard} will write its snapshot later.")]
    private partial void LogSnapshotWaits(int shard, Exception reason);

    [LoggerMessage(LogLevel.Warning, "Item shard {Shard} will call user shard {UserShard} again.")]
    private partial void LogCallWaits(int shard, int userShard, Exception reason);
}
