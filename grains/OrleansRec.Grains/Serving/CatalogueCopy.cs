using Microsoft.Extensions.Options;
using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Grains.Hosting;
using OrleansRec.Model;

namespace OrleansRec.Grains.Serving;

/// <summary>
/// The silo's copy of what lists need of every item. Item shards on this silo write into it before they answer; those elsewhere are polled.
/// A reader sees one state of the catalogue and its version: reads and writes exclude each other, and every section is short. One per silo and tenant.
/// </summary>
public sealed partial class CatalogueCopy(TenantId tenant, ShardMap map, TimeProvider time, IOptions<ServingOptions> options) : IDisposable
{
    private readonly ServingOptions options = options.Value;
    private readonly ReaderWriterLockSlim gate = new();
    private readonly Dictionary<string, CatalogueItem> items = new(StringComparer.Ordinal);
    private readonly List<CatalogueItem> all = [];
    private readonly CategoryTable categories = new(), words = new();
    private readonly ShardCopy[] shards = Array.ConvertAll(new ShardCopy[map.ItemShards], _ => new ShardCopy());
    private AlignedItems[] aligned = [];
    private readonly SortedSet<(long AtMs, string ItemId)> windows = new(Comparer<(long AtMs, string ItemId)>.Create(static (a, b) =>
        a.AtMs != b.AtMs ? a.AtMs.CompareTo(b.AtMs) : string.CompareOrdinal(a.ItemId, b.ItemId)));
    private long version, edition, nextWindowMs = long.MaxValue;
    private volatile int localShards;
    private Task? refreshing;
    private long readAt;

    /// <summary>When a list last read it: a timestamp.</summary>
    public long ReadAt => Volatile.Read(ref readAt);

    /// <summary>The sum of the shards' versions.</summary>
    public long Version => Volatile.Read(ref version);

    /// <summary>Grows when a window opens or closes, which changes lists but no shard's version.</summary>
    public long Edition => Volatile.Read(ref edition);

    /// <summary>Completes when every shard is known and none of another silo is older than the staleness period.</summary>
    public ValueTask Refresh(IGrainFactory grains, CancellationToken cancellation = default)
    {
        if (TryRead())
            return default;
        lock (shards)
        {
            if (refreshing is null or { IsCompleted: true })
                refreshing = RefreshStale(grains);
            return new(refreshing.WaitAsync(cancellation));
        }
    }

    /// <summary>Whether it is as <see cref="Refresh"/> leaves it. Makes no call; counts as a read by a list.</summary>
    public bool TryRead()
    {
        Volatile.Write(ref readAt, time.GetTimestamp());
        // Where no item has a window ahead, which is the rule, no clock is read.
        if (Volatile.Read(ref nextWindowMs) != long.MaxValue)
            PassWindows();
        return localShards == shards.Length || Array.TrueForAll(shards, IsFresh);
    }

    /// <summary>Sets the bits of a model's rows that may not appear under a filter; answers the catalogue version that this is true of.</summary>
    public long Exclude(PublishedModel model, ItemFilter? filter, Span<ulong> excluded)
    {
        if (Find(model) is null)
            Align(model, null);
        gate.EnterReadLock();
        try
        {
            AlignedItems items = Find(model) ?? new(model, Find);
            items.Exclude(filter is null ? null : new FilterTest(filter, categories), excluded);
            return version;
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>The most popular items that may appear, by distinct users, then by id; and the catalogue version that this is true of.</summary>
    /// <param name="filter">Which may appear.</param>
    /// <param name="excluded">Which may not.</param>
    /// <param name="candidates">The only ones that may, or null.</param>
    /// <param name="k">How many at most.</param>
    /// <param name="model">Whose counts stand in for counters that are not whole.</param>
    public (long CatalogueVersion, CatalogueRank[] Items) Popular(
        ItemFilter? filter, IReadOnlySet<string> excluded, IReadOnlySet<string>? candidates, int k, PublishedModel? model = null)
    {
        gate.EnterReadLock();
        try
        {
            CountFloor? floor = FloorOf(model);
            FilterTest? test = filter is null ? null : new FilterTest(filter, categories);
            var best = new PriorityQueue<CatalogueRank, CatalogueRank>(k + 1, CatalogueRank.WorstFirst);
            foreach (CatalogueItem item in all)
                Offer(item);
            if (floor is not null)
                foreach (string id in floor.Model.Ids)
                    if (Find(id) is null)
                        Offer(new(id));
            var ranked = new CatalogueRank[best.Count];
            for (int i = ranked.Length - 1; i >= 0; i--)
                ranked[i] = best.Dequeue();
            return (version, ranked);

            void Offer(CatalogueItem item)
            {
                var rank = new CatalogueRank(item.ItemId, floor is null ? item.Users : Math.Max(item.Users, floor.UsersOf(item.ItemId)));
                if (item.IsHidden
                    || (best.Count == k && CatalogueRank.WorstFirst.Compare(rank, best.Peek()) <= 0)
                    || (test is { } t && !t.Passes(item.Price, item.Stock, item.Categories))
                    || excluded.Contains(item.ItemId)
                    || candidates?.Contains(item.ItemId) == false)
                    return;
                best.Enqueue(rank, rank);
                if (best.Count > k)
                    best.Dequeue();
            }
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>Makes ready for scans under a model; of the other alignments only that of <paramref name="keep"/> stays.</summary>
    public void Align(PublishedModel model, PublishedModel? keep)
    {
        gate.EnterWriteLock();
        try
        {
            keep ??= aligned.Length > 0 ? aligned[0].Model : null;
            aligned = [new(model, Find), .. aligned.Where(a => a.Model != model && a.Model == keep)];
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    /// <summary>A shard was activated on this silo: from now on its <paramref name="owner"/> writes what changes.</summary>
    public void Attach(object owner, ItemChanges state)
    {
        gate.EnterWriteLock();
        try
        {
            ShardCopy shard = shards[state.Shard];
            if (shard.Owner is null)
                localShards++;
            shard.Owner = owner;
            Take(shard, state, time.GetTimestamp());
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    /// <summary>The shard has left this silo, or was replaced.</summary>
    public void Detach(object owner, int shardIndex)
    {
        gate.EnterWriteLock();
        try
        {
            ShardCopy shard = shards[shardIndex];
            if (shard.Owner != owner)
                return;
            shard.Owner = null;
            localShards--;
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    /// <summary>Changes of a shard on this silo; those of an activation that was replaced are too late.</summary>
    public void Write(object owner, ItemChanges changes)
    {
        gate.EnterWriteLock();
        try
        {
            if (shards[changes.Shard].Owner == owner)
                Take(shards[changes.Shard], changes, time.GetTimestamp());
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    /// <summary>Counts of a shard on this silo.</summary>
    public void Count(object owner, int shardIndex, IReadOnlyCollection<(string ItemId, long Users)> counts)
    {
        gate.EnterWriteLock();
        try
        {
            if (shards[shardIndex].Owner != owner)
                return;
            foreach ((string itemId, long users) in counts)
                ItemOf(itemId).Users = users;
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    public void Dispose() => gate.Dispose();

    private AlignedItems? Find(PublishedModel model)
    {
        foreach (AlignedItems items in Volatile.Read(ref aligned))
            if (items.Model == model)
                return items;
        return null;
    }

    private CatalogueItem? Find(string itemId) => items.GetValueOrDefault(itemId);

    private CatalogueItem ItemOf(string itemId)
    {
        if (!items.TryGetValue(itemId, out CatalogueItem? item))
        {
            items.Add(itemId, item = new(itemId));
            all.Add(item);
            NoteForBlock(item);
        }
        return item;
    }

    private void Take(ShardCopy shard, ItemChanges changes, long askedAt)
    {
        long nowMs = NowMs;
        foreach (ItemState state in changes.Items)
        {
            CatalogueItem item = ItemOf(state.ItemId);
            item.Users = state.Users;
            if (item.NextChangeMs != long.MaxValue)
                windows.Remove((item.NextChangeMs, item.ItemId));
            item.Take(state.Item, state.Deleted, categories, nowMs);
            Wait(item);
            foreach (AlignedItems rows in aligned)
                rows.Set(item);
            NoteForBlock(item);
        }
        version += changes.Version - shard.Version;
        shard.Version = changes.Version;
        (shard.IsKnown, shard.IsCounting) = (true, changes.IsCounting);
        shard.CheckedAt = askedAt;
        if (changes.Complete)
            shard.CompleteAt = shard.CheckedAt;
    }

    private bool IsFresh(ShardCopy shard) =>
        shard.Owner is not null || (shard.IsKnown && time.GetElapsedTime(shard.CheckedAt) < options.StalenessPeriod);

    private async Task RefreshStale(IGrainFactory grains)
    {
        var stale = new List<Task>();
        for (int shard = 0; shard < shards.Length; shard++)
            if (!IsFresh(shards[shard]))
                stale.Add(RefreshShard(grains, shard));
        await Task.WhenAll(stale);
    }

    private async Task RefreshShard(IGrainFactory grains, int index)
    {
        ShardCopy shard = shards[index];
        // What is told is known to be true when it was asked for, and no later: the shard counts on that.
        long askedAt = time.GetTimestamp();
        bool countsAreOld = !shard.IsKnown || time.GetElapsedTime(shard.CompleteAt) >= (shard.IsCounting ? CountsAgeMaxWhileCounting : options.PopularityPeriod);
        ItemChanges changes;
        try
        {
            Task<ItemChanges> asked = new TenantGrains(grains, tenant).ItemShard(index).GetChanges(countsAreOld ? 0 : shard.Version, CancellationToken.None);
            changes = await (shard.IsKnown ? asked.WaitAsync(options.RefreshTimeout, time) : asked);
        }
        catch (Exception) when (shard.IsKnown)
        {
            // Its silo is lost, or it is busy. Lists go on from what is known; the shard is asked again after the staleness period.
            shard.CheckedAt = time.GetTimestamp();
            return;
        }
        gate.EnterWriteLock();
        try
        {
            // The call may have activated the shard here, and it has written since.
            if (shard.Owner is null && (changes.Version >= shard.Version || changes.Complete))
                Take(shard, changes, askedAt);
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }

    /// <summary>How old the counts of a shard on another silo may be while it is still counting.</summary>
    private static readonly TimeSpan CountsAgeMaxWhileCounting = TimeSpan.FromSeconds(1);

    private sealed class ShardCopy
    {
        public volatile bool IsCounting;
        public object? Owner;
        public long Version;
        public long CheckedAt;
        public long CompleteAt;
        public bool IsKnown;
    }
}
