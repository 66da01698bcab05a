using Orleans;
using OrleansRec.Contracts;
using OrleansRec.Grains.Serving;

namespace OrleansRec.Grains.Items;

/// <summary>One item: its record, vectors and recent events in memory, checked with the shard at every answer, as a user's history is.</summary>
[CollectionAgeLimit(Minutes = 10), GrainType("item")]
public sealed class ItemGrain(ShardMap map, SiloCopies silo) : Grain, IItemGrain
{
    private TenantGrains grains;
    private PublishedModels models = null!;
    private ItemLoad held = new(0, false, null);

    private string ItemId { get; set; } = "";

    private IItemShardGrain Shard => grains.ItemShard(map.OfItem(ItemId));

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GrainKey key = GrainKey.Parse(this.GetPrimaryKeyString());
        (grains, ItemId) = (new(GrainFactory, key.Tenant), key.Name);
        models = silo.Of(key.Tenant).Models;
        return Task.CompletedTask;
    }

    public Task<long> Put(ItemRecord item, CancellationToken cancellation = default) =>
        item.ItemId == ItemId
            ? Shard.Put([item], cancellation)
            : throw new ArgumentException($"Item '{ItemId}' cannot put item '{item.ItemId}'.", nameof(item));

    public Task<bool> Delete(CancellationToken cancellation = default) => Shard.Delete(ItemId, cancellation);

    public async Task<ItemView?> Get(CancellationToken cancellation = default)
    {
        ItemLoad known = held, answer = await Shard.Load(ItemId, known.Stamp, cancellation);
        if (!answer.IsKnown)
            held = answer;
        if ((answer.IsKnown ? known : answer).View is not { } view)
            return null;
        PublishedModel? model = await models.Get(GrainFactory, cancellation);
        int row = model?.RowOf(ItemId) ?? -1;
        return row < 0 ? view : view with { ModelVersion = model!.Version, Vector = model.Row(row).ToArray() };
    }

    public Task<RecommendationList?> Similar(RecommendRequest request, CancellationToken cancellation = default) =>
        grains.Scoring.Similar(ItemId, request, cancellation);

    public Task<RecommendationList?> Beside(string by, RecommendRequest request, CancellationToken cancellation = default) =>
        grains.Scoring.Beside(ItemId, by, request, cancellation);
}
