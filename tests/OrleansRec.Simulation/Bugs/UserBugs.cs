using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Simulation;

/// <summary>Changes what snapshots of user shards say of users besides events.</summary>
internal sealed class ForgettingSettings(ILogStore inner, Func<LoggedSettings, LoggedSettings> forget) : StoreAround(inner)
{
    public override Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default) =>
        Inner.WriteSnapshot(stream, epoch, throughSequence, IsUsers(stream) ? Snapshots.Change(content, Forget) : content, compact, cancellation);

    private void Forget(UserShardContent shard)
    {
        foreach (var (userId, record) in shard.Users.ToArray())
        {
            if (record.Settings is not { } settings)
                continue;
            // One below, because the change counts it up again.
            var other = new UserRecord(record.Version - record.Count - 1, userId);
            foreach (var e in record)
                other.Append(e);
            other.Configure(forget(settings));
            shard.Users[userId] = other;
        }
    }
}

/// <summary>Writes the end of a merge where its beginning should be: in memory it is noted, in the log it is not.</summary>
internal sealed class NotingNoMerges(ILogStore inner) : StoreAround(inner)
{
    public override Task Append(LogBatch batch, CancellationToken cancellation = default) =>
        Inner.Append(IsUsers(batch.Stream) ? batch with { Content = Without(batch.Content) } : batch, cancellation);

    public override Task WriteSnapshot(
        string stream, long epoch, long throughSequence, ReadOnlyMemory<byte> content, bool compact, CancellationToken cancellation = default) =>
        Inner.WriteSnapshot(stream, epoch, throughSequence, IsUsers(stream) ? Snapshots.Change(content, static shard => shard.Merging.Clear()) : content, compact, cancellation);

    private static ReadOnlyMemory<byte> Without(ReadOnlyMemory<byte> content)
    {
        var writer = new UserLogWriter();
        var reader = new UserLogReader(content.Span);
        while (reader.TryRead(out var record))
            Write(writer, record);
        return writer.Seal();
    }

    private static void Write(UserLogWriter writer, UserLogRecord record)
    {
        var userId = record.Event.UserId;
        switch (record.Operation)
        {
            case UserLogOperation.Append:
                writer.Append(record.Event);
                break;
            case UserLogOperation.Remove:
                writer.Remove(userId, record.Event.EventKey);
                break;
            case UserLogOperation.Erase:
                writer.Erase(userId);
                break;
            case UserLogOperation.Configure:
                writer.Configure(userId, record.Settings!);
                break;
            default:
                writer.EndMerge(userId);
                break;
        }
    }
}
