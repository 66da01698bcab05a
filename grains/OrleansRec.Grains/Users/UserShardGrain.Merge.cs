using Microsoft.Extensions.Logging;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>
/// Merging a visitor into a user. The user's shard drives: it asks the visitor's shard for events, appends them, and names them as taken when they are durable
/// here; only then does the visitor's shard let go of them. That shard has noted durably, with its first answer, for whom they are, and drives again what has stopped.
/// </summary>
/// <remarks>
/// Every step may be made again: an event that the user has already is a duplicate by its key, and one that was taken out before is not there. So after a crash at any
/// point each event is with the visitor, with both for a moment, or with the user, and never with nobody.
/// </remarks>
public sealed partial class UserShardGrain
{
    /// <summary>Rounds of one merge: a visitor who gets events faster than they are taken does not hold it for ever.</summary>
    private const int MergeRoundsMax = 10_000;

    private readonly Dictionary<string, long> mergeTouchedAt = new(StringComparer.Ordinal);
    private Task? merging;

    public async Task<MergeAnswer> Merge(string userId, string from, CancellationToken cancellation = default)
    {
        CheckOwned(userId);
        if (from == userId)
            throw new ArgumentException("A user cannot be merged into the same user.", nameof(from));
        IUserShardGrain visitors = grains.UserShard(map.OfUser(from));
        var total = new AppendAnswer(0, 0, 0, 0);
        ulong[] taken = [];
        for (int round = 0; round < MergeRoundsMax; round++)
        {
            ReleasedEvents released = await visitors.Release(from, userId, taken, cancellation);
            if (released.Events.Length == 0)
                break;
            AppendAnswer part = await Append(Array.ConvertAll(released.Events, e => Of(userId, e)), cancellation);
            total = new(
                total.Accepted + part.Accepted, total.Duplicates + part.Duplicates + (part.Erased?.Length ?? 0), 0, 0, null, total.NotStored + part.NotStored);
            taken = Array.ConvertAll(released.Events, e => e.EventKey);
        }
        return new(total.Accepted, total.Duplicates, total.NotStored, state.Find(userId)?.Version ?? 0);
    }

    public async Task<ReleasedEvents> Release(string from, string into, ulong[] taken, CancellationToken cancellation = default)
    {
        CheckOwned(from);
        CheckPending(taken.Length + 1);
        UserRecord? record = state.Find(from);
        foreach (ulong key in taken)
            if (state.Remove(from, key))
                writer.Remove(from, key);
        HistoryEvent[] next = record is null ? [] : FirstEvents(record);
        Note(from, into, isOver: next.Length == 0);
        if (record is not null && taken.Length > 0)
            undurablePending.Add(record);
        log.Added(state.LastSequence);
        // What goes to the other shard must be there after a crash, and so must the note for whom it is.
        await log.Shown(Math.Max(state.LastSequence, record is null ? state.LastErasure : DurabilityOf(record)));
        return new(next);
    }

    private void Note(string from, string into, bool isOver)
    {
        if (isOver)
        {
            mergeTouchedAt.Remove(from);
            if (!state.Merging.ContainsKey(from))
                return;
            state.EndMerge(from);
            writer.EndMerge(from);
            return;
        }
        mergeTouchedAt[from] = time.GetTimestamp();
        if (state.Merging.GetValueOrDefault(from) == into)
            return;
        state.BeginMerge(from, into);
        writer.BeginMerge(from, into);
    }

    private HistoryEvent[] FirstEvents(UserRecord record)
    {
        var first = new List<HistoryEvent>(Math.Min(record.Count, options.MergeBatchMax));
        foreach (RecordEvent e in record)
        {
            if (first.Count == options.MergeBatchMax)
                break;
            first.Add(ToHistory(record, e));
        }
        return [.. first];
    }

    /// <summary>Merges that nobody has driven for a while are driven from here: their driver was lost, or this activation is a new one.</summary>
    private void MergeWhenDue()
    {
        if (state.Merging.Count == 0 || merging is { IsCompleted: false } || log.Failure is not null)
            return;
        KeyValuePair<string, string>[] silent = [.. state.Merging.Where(m => IsSilent(m.Key))];
        if (silent.Length > 0)
            merging = WriteQuietly(() => DriveAgain(silent));
    }

    private bool IsSilent(string from) => !mergeTouchedAt.TryGetValue(from, out long at) || time.GetElapsedTime(at) >= options.MergeSilencePeriod;

    private async Task DriveAgain(KeyValuePair<string, string>[] merges)
    {
        foreach (var (from, into) in merges)
        {
            await grains.UserShard(map.OfUser(into)).Merge(into, from, CancellationToken.None);
            LogMerged(shard);
        }
    }

    private static EventRecord Of(string userId, HistoryEvent e) =>
        new(userId, e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey, e.Text);

    [LoggerMessage(LogLevel.Information, "User shard {Shard} has finished a merge that had stopped.")]
    private partial void LogMerged(int shard);
}
