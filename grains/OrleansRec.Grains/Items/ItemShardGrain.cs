using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Grains.Log;
using OrleansRec.Grains.Serving;
using OrleansRec.Model;

namespace OrleansRec.Grains.Items;

/// <summary>
/// Catalogue, counters and published factors of one range of item buckets. Catalogue changes go through the log as a user shard's events do;
/// counters are durable by snapshots, and user shards keep what comes after those.
/// </summary>
[KeepAlive, GrainType("item-shard")]
public sealed partial class ItemShardGrain(
    ILogStore store, ShardMap map, SiloCopies silo, TimeProvider time, IOptions<ItemShardOptions> options, IOptions<ServingOptions> serving, UnaskedCalls unasked,
    IServiceProvider services, ILogger<ItemShardGrain> logger)
    : Grain, IItemShardGrain
{
    /// <summary>Items in one page of a listing.</summary>
    public const int ListCountMax = 10_000;

    private const int ReplayBytes = 16 << 20;

    // An activation that changes an item a million times a second lives 12 days before its stamps meet the next epoch's.
    private const int ChangeBits = 40;
    private readonly ItemShardOptions options = options.Value;
    private readonly ItemLogWriter writer = new();
    private readonly Queue<(long Sequence, ItemEntry Item, ItemRecord? Listed)> unpublished = new();
    private readonly Queue<(long Sequence, ItemEntry Item)> changes = new();
    private ItemShardState state = null!;
    private CommitQueue log = null!;
    private IGrainTimer ownerTimer = null!;
    private CatalogueReaders readers = null!;
    private long changesAfter;
    private TenantGrains grains;
    private TenantCopies copies = null!;
    private int shard;

    private CatalogueCopy Catalogue => copies.Catalogue;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await FirstTurn.End();
        GrainKey key = GrainKey.Parse(this.GetPrimaryKeyString());
        (grains, shard) = (new(GrainFactory, key.Tenant), key.ShardIndex);
        copies = silo.Of(key.Tenant);
        string stream = LogStreams.Items(key.Tenant, shard);
        var proof = new OwnerProof(store, stream, time, options.FenceCheckPeriod, options.UncheckedPeriodMax, options.RetryPeriod);
        LogOpening opening = await store.Open(stream, cancellationToken);
        try
        {
            await Replay(stream, cancellationToken);
        }
        catch (Exception e) when (UnreadableLog.Of(stream, e) is { } unreadable)
        {
            throw unreadable;
        }
        if (state.LastSequence != opening.LastSequence)
            throw new InvalidOperationException($"Stream {stream} ends at record {opening.LastSequence}; replay reached {state.LastSequence}.");
        changesAfter = state.LastSequence;
        log = new(store, stream, () => writer.Seal(), proof) { Committed = OnCommitted, Failed = OnFailed };
        log.Begin(opening);
        readers = new(time, serving.Value.StalenessPeriod);
        if (opening.Epoch > 1 && !IsAlone())
            readers.AssumeTold(options.FenceCheckPeriod);
        Catalogue.Attach(this, Everything());
        CallUserShards();
        WatchCounts();
        ownerTimer = this.RegisterGrainTimer(
            CheckOwner, new() { DueTime = SharedBeat.Until(time, options.FenceCheckPeriod), Period = Timeout.InfiniteTimeSpan, Interleave = true });
    }

    /// <summary>Lists on this silo read the catalogue without a call: while they do, the activation asks by itself whether it is still the one.</summary>
    private async Task CheckOwner(CancellationToken cancellation)
    {
        ownerTimer.Change(SharedBeat.Until(time, options.FenceCheckPeriod), Timeout.InfiniteTimeSpan);
        if (log.Failure is not null || time.GetElapsedTime(Catalogue.ReadAt) > 2 * options.FenceCheckPeriod)
            return;
        try
        {
            await log.Shown(0);
        }
        catch (Exception reason) when (reason is FencedException or StoreUnavailableException or OverloadedException)
        {
            // Fenced off, it has given up by now; a store that does not answer is asked again.
        }
    }

    private async Task Replay(string stream, CancellationToken cancellationToken)
    {
        LogSnapshot? snapshot = await store.ReadSnapshot(stream, cancellationToken);
        state = snapshot is null ? new(map.UserShards) : ItemShardState.Read(snapshot.Content.Span, map.UserShards);
        snapshotSequence = state.LastSequence;
        while (await store.Read(stream, state.LastSequence, ReplayBytes, cancellationToken) is { Count: > 0 } batches)
            foreach (LogBatch batch in batches)
                state.Replay(batch);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Catalogue.Detach(this, shard);
        // After a failed commit there is nothing left to wait for.
        if (log is null || log.Failure is not null)
            return;
        try
        {
            await log.Durable(log.LastSequence).WaitAsync(cancellationToken);
        }
        finally
        {
            log.Stop(new StoreUnavailableException($"Item shard {shard} was deactivated: {reason.Description}"));
        }
    }

    public async Task<long> Put(ItemRecord[] items, CancellationToken cancellation = default)
    {
        CheckPending(items.Length);
        foreach (ItemRecord item in items)
            CheckOwned(item.ItemId);
        foreach (ItemRecord item in items)
        {
            writer.Put(ItemEntry.ToLogged(item));
            Changed(state.Put(item));
        }
        log.Added(state.LastSequence);
        long version = state.LastSequence;
        await KnownEverywhere(log.Durable(version), cancellation);
        return version;
    }

    public async Task<bool> Delete(string itemId, CancellationToken cancellation = default)
    {
        CheckPending(1);
        CheckOwned(itemId);
        ItemEntry? item = state.Find(itemId);
        bool isFound = item is { IsKnown: true };
        if (isFound)
        {
            writer.Delete(itemId);
            Changed(state.Delete(itemId));
            log.Added(state.LastSequence);
        }
        await KnownEverywhere(log.Shown(item?.LastSequence ?? 0), cancellation);
        return isFound;
    }

    public async Task<ItemView?> Get(string itemId, CancellationToken cancellation = default)
    {
        CheckOwned(itemId);
        ItemEntry? item = state.Find(itemId);
        ItemView? view = item is { IsKnown: true } ? item.ToView() : null;
        await log.Shown(item?.LastSequence ?? 0);
        return view;
    }

    public async Task<ItemLoad> Load(string itemId, long knownStamp, CancellationToken cancellation = default)
    {
        CheckOwned(itemId);
        ItemEntry? item = state.Find(itemId);
        // Stamps of two activations differ, because their epochs do; an item that nobody has put or seen has none.
        long stamp = item is null ? 0 : (log.Epoch << ChangeBits) + item.Change + 1;
        bool isKnown = stamp != 0 && stamp == knownStamp;
        ItemView? view = !isKnown && item is { IsKnown: true } ? item.ToView() : null;
        await log.Shown(item?.LastSequence ?? 0);
        return new(stamp, isKnown, view);
    }

    public async Task<ItemView[]> List(string? afterItemId, int count, CancellationToken cancellation = default)
    {
        if (count is < 1 or > ListCountMax)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A page holds 1 to {ListCountMax} items.");
        IReadOnlyList<ItemEntry> items = state.Sorted();
        var page = new List<ItemView>(Math.Min(count, items.Count));
        for (int i = afterItemId is null ? 0 : FirstAfter(items, RowKey.Of(afterItemId)); i < items.Count && page.Count < count; i++)
            if (items[i].IsKnown)
                page.Add(items[i].ToView());
        await log.Shown(state.LastSequence);
        return [.. page];
    }

    public async Task<ItemChanges> GetChanges(long knownVersion, CancellationToken cancellation = default)
    {
        // A reader that knows more than there is knew a log that was replaced.
        readers.Told();
        bool isEnough = knownVersion > 0 && knownVersion >= changesAfter && knownVersion <= state.LastSequence;
        ItemChanges answer = isEnough
            ? new(shard, state.LastSequence, false,
                [.. changes.Where(c => c.Sequence > knownVersion).Select(c => c.Item).Distinct().Select(i => i.ToState())]) { IsCounting = isCounting }
            : Everything();
        await log.Shown(answer.Version);
        return answer;
    }

    public Task<long> Observe(ItemFeed feed, CancellationToken cancellation = default)
    {
        if (log.Failure is { } failure)
            throw failure;
        var counted = new HashSet<ItemEntry>();
        state.Observe(feed, counted);
        if (counted.Count > 0)
            Catalogue.Count(this, shard, [.. counted.Select(i => (i.Key.Id, i.Likes))]);
        return Task.FromResult(state.Watermarks[feed.UserShard]);
    }

    public Task<long> GetWatermark(int userShard, CancellationToken cancellation = default) => Task.FromResult(state.Watermarks[userShard]);

    public Task<ItemShardStatus> GetStatus(CancellationToken cancellation = default)
    {
        IReadOnlyList<ItemEntry> items = state.Sorted();
        return Task.FromResult(new ItemShardStatus(
            shard, items.Count(i => i.IsKnown), items.Count(i => i.Record is not null), log.DurableSequence, [.. state.Watermarks],
            RuntimeIdentity));
    }

    private ItemChanges Everything() => new(shard, state.LastSequence, true, [.. state.Sorted().Select(i => i.ToState())]) { IsCounting = isCounting };

    /// <summary>Waits for the log, and then for the other silos: what they were told before the change was made must not be served any more.</summary>
    private async Task KnownEverywhere(Task durable, CancellationToken cancellation)
    {
        long toldAt = readers.ToldUntil;
        await durable;
        TimeSpan rest = readers.Until(toldAt);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, time, cancellation);
    }

    /// <summary>Whether this silo is the only one that is known to live. An engine that does not say may have others.</summary>
    private bool IsAlone() => services.GetService(typeof(ISiloStatusOracle)) is ISiloStatusOracle silos && silos.GetApproximateSiloStatuses(onlyActive: true).Count <= 1;

    private void Changed(ItemEntry item)
    {
        unpublished.Enqueue((state.LastSequence, item, item.Listed));
        changes.Enqueue((state.LastSequence, item));
        while (changes.Count > options.ChangesMax)
            changesAfter = changes.Dequeue().Sequence;
    }

    /// <summary>Lists on this silo know a change before its caller does, and never one that is not durable.</summary>
    private void OnCommitted(int bytes)
    {
        var states = new List<ItemState>();
        while (unpublished.TryPeek(out var next) && next.Sequence <= log.DurableSequence)
        {
            unpublished.Dequeue();
            states.Add(new(next.Item.Key.Id, next.Listed, next.Listed is null, next.Item.Likes));
        }
        Catalogue.Write(this, new(shard, log.DurableSequence, false, [.. states]) { IsCounting = isCounting });
        SnapshotWhenDue();
    }

    private void OnFailed(Exception reason)
    {
        LogGivesUp(shard, reason);
        Catalogue.Detach(this, shard);
        DeactivateOnIdle();
    }

    private void CheckPending(int records)
    {
        if (log.Failure is { } failure)
            throw failure;
        if (log.PendingRecords + records > Math.Max(options.PendingItemsMax, records))
            throw new OverloadedException($"Item shard {shard} has {log.PendingRecords} changes waiting for the disk; ItemShard:PendingItemsMax is {options.PendingItemsMax}.");
    }

    private void CheckOwned(string itemId)
    {
        int owner = map.OfItem(itemId);
        if (owner != shard)
            throw new ArgumentException($"Item '{itemId}' belongs to item shard {owner}; this is {shard}.");
    }

    private static int FirstAfter(IReadOnlyList<ItemEntry> items, RowKey key)
    {
        int low = 0, high = items.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (items[middle].Key.CompareTo(key) <= 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
