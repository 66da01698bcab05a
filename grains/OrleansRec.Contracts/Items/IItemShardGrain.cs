using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Contracts;

/// <summary>One item as the shop describes it.</summary>
/// <param name="ItemId">UTF-8, 1 … 256 bytes.</param>
/// <param name="Title">Name to show, or null.</param>
/// <param name="Categories">Zero or more; each a name, or a path as <c>CategoryPath</c> has it.</param>
/// <param name="Price">In the shop's currency, ≥ 0, or null.</param>
/// <param name="Stock">Pieces, ≥ 0, or null where the shop does not say. An item with stock 0 is not recommended.</param>
/// <param name="Visible">False hides it from every list.</param>
/// <param name="Attributes">Whatever else the shop wants back, as names and values.</param>
/// <param name="Details">The rest; null for a product of which the shop says no more.</param>
[GenerateSerializer, Immutable, Alias("rec.item")]
public sealed record ItemRecord(
    string ItemId, string? Title, string[] Categories, double? Price, long? Stock, bool Visible, ItemAttribute[] Attributes,
    ItemDetails? Details = null);

/// <summary>A name and a value.</summary>
[GenerateSerializer, Immutable, Alias("rec.item-attribute")]
public readonly record struct ItemAttribute(string Name, string Value);

/// <summary>One item with what the log says of it.</summary>
/// <param name="Item">The catalogue record, or null for an item known only from events.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Users">Distinct users.</param>
/// <param name="Events">Events.</param>
/// <param name="LastTimeMs">Latest event time; 0 where there is none.</param>
/// <param name="Recent">Its latest events, newest first, at most 20.</param>
/// <param name="ModelVersion">The model of <paramref name="Vector"/>; 0 where it has no factors.</param>
/// <param name="Vector">Latent vector, shape (width); empty where there is none.</param>
[GenerateSerializer, Immutable, Alias("rec.item-view")]
public sealed record ItemView(
    string ItemId, ItemRecord? Item, long Users, long Events, long LastTimeMs, RecentEvent[] Recent, long ModelVersion, float[] Vector);

/// <summary>What a shard answers to a reader that may know the item already.</summary>
/// <param name="Stamp">Differs from every other state of the item.</param>
/// <param name="IsKnown">Nothing has changed, and <paramref name="View"/> is left out.</param>
/// <param name="View">The item; null where nothing is known of it.</param>
[GenerateSerializer, Immutable, Alias("rec.item-load")]
public sealed record ItemLoad(long Stamp, bool IsKnown, ItemView? View);

/// <summary>One of an item's latest events.</summary>
[GenerateSerializer, Immutable, Alias("rec.recent-event")]
public readonly record struct RecentEvent(string UserId, string Type, float Value, long TimeMs);

/// <summary>What the silo-wide copy of the catalogue is told of one item.</summary>
/// <param name="Item">The catalogue record without text and vectors, or null: known only from events, or deleted.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Deleted">The shop deleted it: it is in no list until it is put again.</param>
/// <param name="Users">Distinct users who like it, for popularity: those with an event that counts as popular.</param>
[GenerateSerializer, Immutable, Alias("rec.item-state")]
public sealed record ItemState(string ItemId, ItemRecord? Item, bool Deleted, long Users);

/// <summary>Changes of a shard's items since a version.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Version">Its catalogue version after these changes.</param>
/// <param name="Complete">True where <paramref name="Items"/> is everything, not only what changed.</param>
/// <param name="Items">The items, in no order.</param>
[GenerateSerializer, Immutable, Alias("rec.item-changes")]
public sealed record ItemChanges(int Shard, long Version, bool Complete, ItemState[] Items)
{
    /// <summary>Whether the shard is still being sent events that it had counted before it started: its numbers of users are too small.</summary>
    [Id(0)] public bool IsCounting { get; init; }
}

/// <summary>Events of one user shard for one item shard, with the range of the log that they come from.</summary>
/// <param name="UserShard">From which shard.</param>
/// <param name="AfterSequence">They are the records after this one …</param>
/// <param name="ThroughSequence">… up to and including this one.</param>
/// <param name="Events">In order.</param>
[GenerateSerializer, Immutable, Alias("rec.item-feed")]
public sealed record ItemFeed(int UserShard, long AfterSequence, long ThroughSequence, ItemFeedEvent[] Events);

/// <summary>One event as an item sees it.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="UserId">The user.</param>
/// <param name="Type">Event type.</param>
/// <param name="Value">Its value.</param>
/// <param name="TimeMs">When.</param>
/// <param name="UserDelta">+1 where this is the user's first event with the item, −1 where the last one went, else 0.</param>
/// <param name="EventDelta">+1 for an event, −1 for one taken back.</param>
/// <param name="LikeCorrection">Added to <paramref name="UserDelta"/> it is what the event changes in the number of users who like the item: 0 where every event likes it.</param>
[GenerateSerializer, Immutable, Alias("rec.item-feed-event")]
public readonly record struct ItemFeedEvent(
    string ItemId, string UserId, string Type, float Value, long TimeMs, sbyte UserDelta, sbyte EventDelta, sbyte LikeCorrection = 0);

/// <summary>Catalogue, counters and published factors of one range of item buckets. Key: the shard's index, see <see cref="GrainKey"/>.</summary>
[Alias("rec.item-shard")]
public interface IItemShardGrain : IGrainWithStringKey
{
    /// <summary>Adds or replaces items; durable, and known to the lists of every silo, when it returns the shard's new catalogue version.</summary>
    /// <remarks>Known to every silo that the shard can reach: it waits until what other silos were told before is older than they serve lists from, at most Serving:StalenessPeriod.</remarks>
    [AlwaysInterleave, Alias("put")]
    Task<long> Put([Immutable] ItemRecord[] items, CancellationToken cancellation = default);

    /// <summary>Deletes an item; false where neither catalogue nor log knows it.</summary>
    [AlwaysInterleave, Alias("delete")]
    Task<bool> Delete(string itemId, CancellationToken cancellation = default);

    /// <summary>One item, or null where neither catalogue nor log knows it, or the shop has deleted it.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<ItemView?> Get(string itemId, CancellationToken cancellation = default);

    /// <summary>One item, where it has changed since a reader learned of it.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="knownStamp">What the reader's last answer was stamped with; 0 for none.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    [AlwaysInterleave, Alias("load")]
    Task<ItemLoad> Load(string itemId, long knownStamp, CancellationToken cancellation = default);

    /// <summary>Items in the order of (hash, id) after <paramref name="afterItemId"/>, deleted ones left out.</summary>
    [AlwaysInterleave, Alias("list")]
    Task<ItemView[]> List(string? afterItemId, int count, CancellationToken cancellation = default);

    /// <summary>What changed after <paramref name="knownVersion"/> (0: everything).</summary>
    [AlwaysInterleave, Alias("changes")]
    Task<ItemChanges> GetChanges(long knownVersion, CancellationToken cancellation = default);

    /// <summary>Takes events from a user shard; those at or below its watermark are known already and change nothing. Returns the watermark after it.</summary>
    [AlwaysInterleave, Alias("observe")]
    Task<long> Observe(ItemFeed feed, CancellationToken cancellation = default);

    /// <summary>Up to which record of a user shard this shard has seen events.</summary>
    [AlwaysInterleave, Alias("watermark")]
    Task<long> GetWatermark(int userShard, CancellationToken cancellation = default);

    /// <summary>A chunk of the published factors, see <see cref="FactorChunk"/>.</summary>
    /// <exception cref="VersionGoneException">That version is not held.</exception>
    [AlwaysInterleave, Alias("published")]
    Task<FactorChunk> GetPublished(long modelVersion, int firstRow, CancellationToken cancellation = default);

    /// <summary>The shard's counts.</summary>
    [AlwaysInterleave, Alias("status")]
    Task<ItemShardStatus> GetStatus(CancellationToken cancellation = default);

    /// <summary>Writes a snapshot of catalogue, counters and watermarks; answers the watermark of each user shard that is durable by it, shape (P).</summary>
    [AlwaysInterleave, Alias("snapshot")]
    Task<long[]> Snapshot(CancellationToken cancellation = default);
}

/// <summary>What an item shard holds, and which silo it is on (empty where there is one).</summary>
[GenerateSerializer, Immutable, Alias("rec.item-shard-status")]
public sealed record ItemShardStatus(int Shard, long Items, long CatalogueItems, long CatalogueVersion, long[] Watermarks, string Silo = "");
