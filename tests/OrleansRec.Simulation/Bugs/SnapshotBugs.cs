using System.Buffers;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>Leaves the keys of events out of snapshots, so that after a restart an event that is sent again is not known.</summary>
internal sealed class ForgettingKeys(ILogStore inner) : StoreAround(inner)
{
    public override Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default) =>
        Inner.WriteSnapshot(stream, epoch, throughSequence, IsUsers(stream) ? Snapshots.Change(content, Forget) : content, compact, cancellation);

    private static void Forget(UserShardContent shard)
    {
        foreach (var (userId, record) in shard.Users.ToArray())
        {
            var without = new UserRecord(record.Version - record.Count, userId);
            foreach (var e in record)
                without.Append(e with { Key = IdHash.Mix(e.Key) });
            shard.Users[userId] = without;
        }
    }
}

/// <summary>Carries users over from the snapshot before, also those who have been erased since.</summary>
internal sealed class CarryingErasedOver(ILogStore inner) : StoreAround(inner)
{
    public override async Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default)
    {
        if (IsUsers(stream) && await Inner.ReadSnapshot(stream, cancellation) is { } before)
            content = Snapshots.Change(content, shard => Carry(UserShardSnapshot.Read(before.Content.Span), shard));
        await Inner.WriteSnapshot(stream, epoch, throughSequence, content, compact, cancellation);
    }

    private static void Carry(UserShardContent before, UserShardContent shard)
    {
        foreach (var (userId, record) in before.Users)
            if (record.Count > 0)
                shard.Users.TryAdd(userId, record);
    }
}

/// <summary>Says that counters and watermarks are durable, and writes them a little later.</summary>
internal sealed class WritingCountersLater(ILogStore inner, TimeProvider clock) : StoreAround(inner)
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(2);

    public override Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default)
    {
        if (!IsItems(stream))
            return Inner.WriteSnapshot(stream, epoch, throughSequence, content, compact, cancellation);
        _ = Write();
        return Task.CompletedTask;

        async Task Write()
        {
            try
            {
                await Task.Delay(Later, clock, cancellation);
                await Inner.WriteSnapshot(stream, epoch, throughSequence, content, compact, cancellation);
            }
            catch (Exception e) when (e is StoreUnavailableException or FencedException)
            {
                // Nobody is told: that is the bug.
            }
        }
    }
}

/// <summary>Reads a snapshot, changes it and writes it.</summary>
internal static class Snapshots
{
    public static ReadOnlyMemory<byte> Change(ReadOnlyMemory<byte> content, Action<UserShardContent> change)
    {
        var shard = UserShardSnapshot.Read(content.Span);
        change(shard);
        var changed = new ArrayBufferWriter<byte>();
        UserShardSnapshot.Write(shard, changed);
        return changed.WrittenMemory;
    }
}
