using Orleans;
using Orleans.Concurrency;

namespace OrleansRec.Contracts;

/// <summary>The view of one item; reads and writes through its shard, so that a bestseller's events do not queue here. Key: the item id.</summary>
[Alias("rec.item-grain")]
public interface IItemGrain : IGrainWithStringKey
{
    /// <summary>Adds or replaces the item's catalogue record.</summary>
    [Alias("put")]
    Task<long> Put(ItemRecord item, CancellationToken cancellation = default);

    /// <summary>Deletes the item.</summary>
    [Alias("delete")]
    Task<bool> Delete(CancellationToken cancellation = default);

    /// <summary>The item, or null where nothing is known of it.</summary>
    [AlwaysInterleave, Alias("get")]
    Task<ItemView?> Get(CancellationToken cancellation = default);

    /// <summary>Items near it by factors, or by content where it has none; null where nothing is known of it.</summary>
    [AlwaysInterleave, Alias("similar")]
    Task<RecommendationList?> Similar(RecommendRequest request, CancellationToken cancellation = default);

    /// <summary>Items that it leads to in a given way, see <see cref="ItemLink"/>; null where nothing is known of it in that way.</summary>
    [AlwaysInterleave, Alias("beside")]
    Task<RecommendationList?> Beside(string by, RecommendRequest request, CancellationToken cancellation = default);
}
