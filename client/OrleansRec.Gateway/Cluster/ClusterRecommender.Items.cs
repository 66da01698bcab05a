using OrleansRec.Api;
using OrleansRec.Contracts;

namespace OrleansRec.Gateway;

public sealed partial class ClusterRecommender
{
    /// <inheritdoc/>
    public Task<ItemsAnswer> PutItemAsync(string itemId, ItemInput item, CancellationToken cancellation = default)
    {
        if (item.ItemId is { } inBody && inBody != itemId)
            throw ListRules.Broken("itemId", inBody, "must be absent or the id in the path");
        return PutItemsAsync([item with { ItemId = itemId }], cancellation);
    }

    /// <inheritdoc/>
    public async Task<ItemsAnswer> PutItemsAsync(IReadOnlyList<ItemInput> items, CancellationToken cancellation = default)
    {
        ListRules.CheckCount("items", items.Count, _options.EntriesMax);
        (ItemRecord[] records, RejectedEntry[] rejected) = ItemIntake.Check(items, await VectorLengths(items, cancellation).ConfigureAwait(false));
        if (records.Length == 0)
            return new(0, rejected, 0);
        await Admit(_usage.Admit(records, cancellation)).ConfigureAwait(false);
        (int Shard, ItemRecord[] Items)[] groups =
            [.. records.GroupBy(r => shards.OfItem(r.ItemId)).Select(g => (g.Key, g.ToArray()))];
        if (records.Length == 1)
            await Ask(() => Item(records[0].ItemId).Put(records[0], cancellation), cancellation).ConfigureAwait(false);
        else
            await AskEach(groups, (g, stop) => ItemShard(g.Shard).Put(g.Items, stop), cancellation).ConfigureAwait(false);
        // The version of a list is the sum over the shards, so that of the answer is too: a list of this version or a later one knows the items.
        ItemShardStatus[] all = await AskEach(Indices(shards.ItemShards), (s, stop) => ItemShard(s).GetStatus(stop), cancellation).ConfigureAwait(false);
        return new(records.Length, rejected, all.Sum(s => s.CatalogueVersion));
    }

    /// <summary>The length of each name of vectors, after those in the call have taken theirs. Asks nobody where the call has no vector, or every name is known here.</summary>
    private async ValueTask<IReadOnlyDictionary<string, int>> VectorLengths(IReadOnlyList<ItemInput> items, CancellationToken cancellation)
    {
        Dictionary<string, int> given = ItemIntake.VectorsOf(items);
        if (!given.Keys.All(_vectorLengths.ContainsKey))
        {
            VectorLength[] asked = [.. given.Select(v => new VectorLength(v.Key, v.Value))];
            ShopRules rules = await Ask(() => _grains.ShopRules.FixVectors(asked, cancellation), cancellation).ConfigureAwait(false);
            // A name never changes its length, so what is known here stays true.
            _vectorLengths = rules.Vectors.ToDictionary(v => v.Name, v => v.Length);
        }
        return _vectorLengths;
    }

    /// <inheritdoc/>
    public async Task<ItemInfo?> GetItemAsync(string itemId, CancellationToken cancellation = default)
    {
        ListRules.CheckId("itemId", itemId);
        return (await Ask(() => Item(itemId).Get(cancellation), cancellation).ConfigureAwait(false))?.ToApi();
    }

    /// <inheritdoc/>
    public async Task<ItemPage> ListItemsAsync(string? cursor = null, int count = Paging.CountDefault, CancellationToken cancellation = default)
    {
        (ItemView[] items, string? next) = await PageCursor.Read(
            cursor, count, shards.ItemShards, shards.OfItem, i => i.ItemId,
            (shard, after, most) => Ask(() => ItemShard(shard).List(after, most, cancellation), cancellation)).ConfigureAwait(false);
        return new([.. items.Select(i => i.ToApi())], next);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteItemAsync(string itemId, CancellationToken cancellation = default)
    {
        ListRules.CheckId("itemId", itemId);
        return Ask(() => Item(itemId).Delete(cancellation), cancellation, _ => true);
    }

    /// <inheritdoc/>
    public async Task<RecommendationAnswer?> SimilarAsync(string itemId, ListOptions? options = null, CancellationToken cancellation = default)
    {
        ListRules.CheckId("itemId", itemId);
        RecommendRequest request = ListRules.ToRequest(options ?? new(), _options.ListedIdsMax);
        return (await Ask(() => Item(itemId).Similar(request, cancellation), cancellation).ConfigureAwait(false))?.ToApi();
    }

    /// <inheritdoc/>
    public Task<RecommendationAnswer?> SimilarByAsync(string itemId, string by, ListOptions? options = null, CancellationToken cancellation = default) =>
        SimilarBy.All.Contains(by) ? Beside(itemId, by, options, cancellation) : throw ListRules.Broken("by", by, $"must be one of {string.Join(", ", SimilarBy.All)}");

    /// <inheritdoc/>
    public Task<RecommendationAnswer?> BoughtTogetherAsync(string itemId, ListOptions? options = null, CancellationToken cancellation = default) =>
        Beside(itemId, ItemLink.Together, options, cancellation);

    /// <inheritdoc/>
    public async Task<RecommendationAnswer> TrendingAsync(ListOptions? options = null, CancellationToken cancellation = default)
    {
        RecommendRequest request = ListRules.ToRequest(options ?? new(), _options.ListedIdsMax);
        return (await Ask(() => _grains.Scoring.Trending(request, cancellation), cancellation).ConfigureAwait(false)).ToApi();
    }

    private async Task<RecommendationAnswer?> Beside(string itemId, string by, ListOptions? options, CancellationToken cancellation)
    {
        ListRules.CheckId("itemId", itemId);
        RecommendRequest request = ListRules.ToRequest(options ?? new(), _options.ListedIdsMax);
        return (await Ask(() => Item(itemId).Beside(by, request, cancellation), cancellation).ConfigureAwait(false))?.ToApi();
    }
}
