using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Log;
using OrleansRec.Grains.Serving;
using OrleansRec.Grains.Shop;
using OrleansRec.Model;

namespace OrleansRec.Grains.Users;

/// <summary>
/// Orders the events of one range of user buckets. A call changes the state in memory before its first await, joins the pending batch and
/// answers when that is durable, so calls interleave freely. When a commit fails, memory is ahead of the log: the activation gives up and
/// the next one replays. So does one that finds that another owns its log, which it asks before it answers a read (see <see cref="OwnerProof"/>).
/// </summary>
[KeepAlive, GrainType("user-shard")]
public sealed partial class UserShardGrain(
    ILogStore store, ShardMap map, SiloCopies silo, TimeProvider time, IOptions<UserShardOptions> options, IRandomSource random, IComputePool pool, UnaskedCalls unasked,
    ILogger<UserShardGrain> logger)
    : Grain, IUserShardGrain
{
    /// <summary>Users in one page of a listing.</summary>
    public const int ListCountMax = 10_000;

    private const int ReplayBytes = 16 << 20;
    private readonly UserShardOptions options = options.Value;
    private readonly UserLogWriter writer = new();
    private UserShardState state = null!;
    private TenantEventTypes types = null!;
    private CommitQueue log = null!;
    private PublishedHistories? published;
    private TenantGrains grains;
    private int shard;

    // Whose records are ahead of the log: of the batch under way, and of the one that collects.
    private HashSet<UserRecord> undurable = [], undurablePending = [];
    private long undurableThrough;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await FirstTurn.End();
        GrainKey key = GrainKey.Parse(this.GetPrimaryKeyString());
        (grains, shard) = (new(GrainFactory, key.Tenant), key.ShardIndex);
        types = silo.Of(key.Tenant).EventTypes;
        string stream = LogStreams.Users(key.Tenant, shard);
        var proof = new OwnerProof(store, stream, time, options.FenceCheckPeriod, options.UncheckedPeriodMax, options.RetryPeriod);
        LogOpening opening = await store.Open(stream, cancellationToken);
        try
        {
            await Replay(stream, cancellationToken);
            // What an event adds to popularity hangs on its type: where some are the tenant's own, the log is read again with them known.
            if (state.HasTypesBeside(types.Current))
            {
                await types.Read(GrainFactory);
                bytesSinceSnapshot = 0;
                await Replay(stream, cancellationToken);
            }
        }
        catch (Exception e) when (UnreadableLog.Of(stream, e) is { } unreadable)
        {
            throw unreadable;
        }
        if (state.LastSequence != opening.LastSequence)
            throw new InvalidOperationException($"Stream {stream} ends at record {opening.LastSequence}; replay reached {state.LastSequence}.");
        log = new(store, stream, TakeBatch, proof) { Committed = OnCommitted, Failed = OnFailed };
        log.Begin(opening);
        state.Published = published = new(log);
        silo.Of(key.Tenant).Histories.Open(shard, published);
        erasedAt = state.LastErasure > 0 || state.HadUnkeyedTombstones ? time.GetTimestamp() : null;
        BeginFeed();
    }

    private async Task Replay(string stream, CancellationToken cancellationToken)
    {
        LogSnapshot? snapshot = await store.ReadSnapshot(stream, cancellationToken);
        state = snapshot is null
            ? new(map.ItemShards, NewErasureKey, () => types.Current)
            : UserShardState.Read(snapshot.Content.Span, map.ItemShards, NewErasureKey, () => types.Current);
        (snapshotSequence, snapshotBytes) = (state.LastSequence, snapshot?.Content.Length ?? 0);
        while (await store.Read(stream, state.LastSequence, ReplayBytes, cancellationToken) is { Count: > 0 } batches)
        {
            foreach (LogBatch batch in batches)
            {
                state.Replay(batch, time.GetUtcNow().ToUnixTimeMilliseconds());
                bytesSinceSnapshot += batch.Content.Length;
            }
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        StopPublishing();
        // After a failed commit there is nothing left to wait for.
        if (log is null || log.Failure is not null)
            return;
        try
        {
            await log.Durable(log.LastSequence).WaitAsync(cancellationToken);
        }
        finally
        {
            log.Stop(new StoreUnavailableException($"User shard {shard} was deactivated: {reason.Description}"));
        }
    }

    public async Task<AppendAnswer> Append(EventRecord[] events, CancellationToken cancellation = default)
    {
        Admit(events);
        if (HasNewType(events))
            await types.Read(GrainFactory);
        int accepted = 0, pairs = 0, notStored = 0;
        long rely = 0, version = 0;
        List<ulong>? erased = null;
        foreach (EventRecord e in events)
        {
            var logged = new LoggedEvent(e.UserId, e.ItemId, e.Type, e.Value, e.TimeMs, e.SessionId, e.EventKey, e.Text);
            AppendOutcome outcome = state.Append(logged, out UserRecord? record);
            if (outcome == AppendOutcome.Duplicate)
            {
                rely = Math.Max(rely, DurabilityOf(record!));
            }
            else if (outcome == AppendOutcome.NotStored)
            {
                notStored++;
                rely = Math.Max(rely, DurabilityOf(record!));
            }
            else if (outcome == AppendOutcome.Erased)
            {
                (erased ??= []).Add(e.EventKey);
                rely = Math.Max(rely, state.LastErasure);
            }
            else
            {
                accepted++;
                pairs += outcome == AppendOutcome.AcceptedPair ? 1 : 0;
                writer.Append(logged);
                undurablePending.Add(record!);
                rely = state.LastSequence;
            }
            version = record?.Version ?? 0;
        }
        log.Added(state.LastSequence);
        await log.Shown(rely);
        return new(accepted, events.Length - accepted - notStored - (erased?.Count ?? 0), pairs, version, erased?.ToArray(), notStored);
    }

    private bool HasNewType(EventRecord[] events)
    {
        EventTypeRules known = types.Current;
        string? last = null;
        foreach (ref readonly EventRecord e in events.AsSpan())
            if (!ReferenceEquals(e.Type, last) && !known.TryGet(last = e.Type, out _))
                return true;
        return false;
    }

    public async Task<UserHistory?> Load(string userId, long knownVersion, CancellationToken cancellation = default)
    {
        CheckOwned(userId);
        UserRecord? record = state.Find(userId);
        // The history as it is now; what others append while this waits is not in it, so it is durable when it is returned.
        UserHistory? history = (record?.Version ?? 0) == knownVersion ? null : HistoryOf(userId, record);
        if (record is not null)
            published?.Publish(record);
        await log.Shown(record is null ? state.LastErasure : DurabilityOf(record));
        return history;
    }

    public async Task<RemoveAnswer> Remove(string userId, ulong eventKey, CancellationToken cancellation = default)
    {
        CheckOwned(userId);
        CheckPending(1);
        UserRecord? record = state.Find(userId);
        bool isFound = state.Remove(userId, eventKey);
        if (isFound)
        {
            writer.Remove(userId, eventKey);
            undurablePending.Add(record!);
        }
        var answer = new RemoveAnswer(isFound, record?.Version ?? 0);
        log.Added(state.LastSequence);
        await log.Shown(isFound ? state.LastSequence : record is null ? state.LastErasure : DurabilityOf(record));
        return answer;
    }

    public async Task<EraseAnswer> Erase(string userId, CancellationToken cancellation = default)
    {
        CheckOwned(userId);
        CheckPending(1);
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        int events = state.Erase(userId, nowMs);
        ErasureReceipt? receipt = null;
        if (events >= 0)
        {
            writer.Erase(userId);
            erasedAt ??= time.GetTimestamp();
            var (user, code) = state.Receipt(userId, nowMs, events);
            receipt = new(code, user.ToString("x32"), nowMs, events, nowMs + (long)options.ErasurePeriod.TotalMilliseconds);
        }
        log.Added(state.LastSequence);
        await log.Shown(state.LastErasure);
        return new(events >= 0, Math.Max(events, 0), receipt);
    }

    public async Task<UserSummary[]> List(string? afterUserId, int count, CancellationToken cancellation = default)
    {
        if (count is < 1 or > ListCountMax)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A page holds 1 to {ListCountMax} users.");
        IReadOnlyList<UserRow> rows = state.Sorted();
        var page = new List<UserSummary>(Math.Min(count, rows.Count));
        for (int row = afterUserId is null ? 0 : FirstAfter(rows, RowKey.Of(afterUserId)); row < rows.Count && page.Count < count; row++)
            if (rows[row].Record.Count > 0)
                page.Add(Summarise(rows[row]));
        await log.Shown(state.LastSequence);
        return [.. page];
    }

    public Task<UserShardStatus> GetStatus(CancellationToken cancellation = default) =>
        Task.FromResult(new UserShardStatus(
            shard, state.UserCount, state.EventCount, state.PairCount, log.DurableSequence, snapshotSequence, log.PendingRecords, RuntimeIdentity));

    private byte[] NewErasureKey()
    {
        byte[] key = new byte[ErasedUsers.KeyBytes];
        for (int at = 0; at < key.Length; at += sizeof(ulong))
            BitConverter.TryWriteBytes(key.AsSpan(at), random.Next());
        return key;
    }

    private ReadOnlyMemory<byte> TakeBatch()
    {
        (undurable, undurablePending) = (undurablePending, undurable);
        undurablePending.Clear();
        undurableThrough = state.LastSequence;
        return writer.Seal();
    }

    private void OnCommitted(int bytes)
    {
        undurable.Clear();
        bytesSinceSnapshot += bytes;
        FeedSoon();
        SnapshotWhenDue();
        KeepUpSoon();
    }

    private void OnFailed(Exception reason)
    {
        LogGivesUp(shard, reason);
        StopPublishing();
        DeactivateOnIdle();
    }

    private void StopPublishing()
    {
        if (published is not null)
            silo.Of(grains.Tenant).Histories.Close(shard, published);
    }

    /// <summary>The record of the log that must be durable before a user's record may be shown.</summary>
    private long DurabilityOf(UserRecord record) =>
        undurablePending.Contains(record) ? state.LastSequence : undurable.Contains(record) ? undurableThrough : 0;

    private void Admit(EventRecord[] events)
    {
        if (events.Length > options.AppendEventsMax)
            throw new ArgumentException($"An append holds at most {options.AppendEventsMax} events (UserShard:AppendEventsMax); got {events.Length}.", nameof(events));
        CheckPending(events.Length);
        string? checkedId = null;
        foreach (EventRecord e in events)
        {
            if (!ReferenceEquals(e.UserId, checkedId))
                CheckOwned(checkedId = e.UserId);
        }
    }

    private void CheckPending(int records)
    {
        if (log.Failure is { } failure)
            throw failure;
        if (log.PendingRecords + records > Math.Max(options.PendingEventsMax, records))
            throw new OverloadedException($"User shard {shard} has {log.PendingRecords} events waiting for the disk; UserShard:PendingEventsMax is {options.PendingEventsMax}.");
        if (state.BacklogCount + records > Math.Max(options.FeedChangesMax, records))
            throw new OverloadedException($"User shard {shard} keeps {state.BacklogCount} changes for item shards; UserShard:FeedChangesMax is {options.FeedChangesMax}.");
    }

    private void CheckOwned(string userId)
    {
        int owner = map.OfUser(userId);
        if (owner != shard)
            throw new ArgumentException($"The user belongs to user shard {owner}; this is {shard}.");
    }

    private UserHistory HistoryOf(string userId, UserRecord? record)
    {
        if (record is null)
            return new(userId, 0, []);
        var events = new HistoryEvent[record.Count];
        int i = 0;
        foreach (RecordEvent e in record)
            events[i++] = ToHistory(record, e);
        return new(userId, record.Version, events, FromLogged(record.Settings));
    }

    private HistoryEvent ToHistory(UserRecord record, in RecordEvent e) => new(
        state.Texts.Items[e.Item], state.Texts.Types[e.Type], e.Value, e.TimeMs, e.Session < 0 ? null : state.Texts.Sessions[e.Session],
        state.Texts.KeyOf(record.UserId, e), record.TextOf(e.Sequence));

    private UserSummary Summarise(UserRow row)
    {
        long last = long.MinValue;
        foreach (RecordEvent e in row.Record)
            last = Math.Max(last, e.TimeMs);
        return new(row.Key.Id, row.Record.Version, row.Record.Count, state.CountItems(row.Record), last);
    }

    private static int FirstAfter(IReadOnlyList<UserRow> rows, RowKey key)
    {
        int low = 0, high = rows.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (rows[middle].Key.CompareTo(key) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
