using Microsoft.Extensions.Logging;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>Takes out what is too old or too much, as if it had been taken back: through the log, so that counters, versions and later starts follow.</summary>
public sealed partial class UserShardGrain
{
    /// <summary>Users looked at in one turn, so that appends and reads are held up for about a millisecond at most.</summary>
    private const int RetentionUsersPerTurn = 1024;

    private Task? retaining;
    private long? retainedAt;

    private RetentionRule Retention => new(options.EventAgeMax, options.EventsPerUserMax);

    private void RetainWhenDue()
    {
        RetentionRule rule = Retention;
        if ((rule.KeepsAll && state.OwnRetentions == 0) || retaining is { IsCompleted: false } || log.Failure is not null
            || (retainedAt is { } at && time.GetElapsedTime(at) < options.RetentionPeriod))
            return;
        retaining = WriteQuietly(() => Retain(rule));
    }

    private async Task Retain(RetentionRule rule)
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        UserRow[] users = [.. state.Sorted()];
        int waiting = 0, taken = 0;
        for (int user = 0; user < users.Length && log.Failure is null; user++)
        {
            if (user % RetentionUsersPerTurn == RetentionUsersPerTurn - 1)
                await Task.Yield();
            var (key, record) = users[user];
            // Meanwhile the user may have been erased.
            if (state.Find(key.Id) != record)
                continue;
            if (rule.KeepsAll && record.Settings?.EventAgeMax is null)
                continue;
            foreach (RecordEvent e in rule.WithAgeMax(record.Settings?.EventAgeMax).Expired(record, nowMs))
            {
                if (waiting == options.RetentionBatchMax)
                {
                    await log.Durable(state.LastSequence);
                    waiting = 0;
                }
                CheckPending(1);
                ulong eventKey = state.Texts.KeyOf(key.Id, e);
                if (!state.Remove(key.Id, eventKey))
                    continue;
                writer.Remove(key.Id, eventKey);
                undurablePending.Add(record);
                log.Added(state.LastSequence);
                (waiting, taken) = (waiting + 1, taken + 1);
            }
        }
        await log.Durable(state.LastSequence);
        retainedAt = time.GetTimestamp();
        if (taken > 0)
            LogRetained(shard, taken);
    }

    [LoggerMessage(LogLevel.Information, "User shard {Shard} has taken out {Events} events that were too old or too many.")]
    private partial void LogRetained(int shard, int events);
}
