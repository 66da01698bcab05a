using OrleansRec.Model;
using OrleansRec.Model.Companions;
using OrleansRec.Model.Content;

namespace OrleansRec.Grains.Serving;

/// <summary>An item that the shop has put and a version does not know.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Factors">What its content says its factors are, shape (width).</param>
/// <param name="Price">NaN where the shop does not say.</param>
/// <param name="Stock">Below 0 where the shop does not say.</param>
/// <param name="Categories">Numbers of its categories.</param>
public sealed record NewItem(string ItemId, float[] Factors, double Price, long Stock, int[] Categories);

/// <summary>The new items that may appear, as they are under one state of the catalogue.</summary>
/// <param name="CatalogueVersion">That state.</param>
/// <param name="Edition">See <see cref="CatalogueCopy.Edition"/>.</param>
/// <param name="Items">The items.</param>
public sealed record NewItemBlock(long CatalogueVersion, long Edition, NewItem[] Items)
{
    public static readonly NewItemBlock None = new(-1, -1, []);
}

/// <summary>Factors for items that a version does not know, by ridge regression from their content: so an item that is put now is in lists now. One for each version on a silo.</summary>
/// <remarks>
/// An item is looked at again only when the shop has put it again. At most <see cref="CountMax"/> items, the first by hash: a shop with more items that were never seen trains again. An item whose content shares no
/// token with a trained one has no factors, and waits for its first events and the next training.
/// </remarks>
public sealed class NewItems(CatalogueCopy catalogue)
{
    /// <summary>Items at most: their scores are computed for every list.</summary>
    public const int CountMax = 20_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Stamp, float[]? Factors)> known = new(StringComparer.Ordinal);
    private volatile NewItemBlock block = NewItemBlock.None;

    /// <summary>The new items as the catalogue is now.</summary>
    /// <param name="model">The version.</param>
    /// <param name="companion">Its companion, which has a ridge map.</param>
    public NewItemBlock Now(PublishedModel model, ModelCompanion companion)
    {
        NewItemBlock now = block;
        if (now.CatalogueVersion == catalogue.Version && now.Edition == catalogue.Edition)
            return now;
        lock (gate)
            return block = Read(model, companion);
    }

    private NewItemBlock Read(PublishedModel model, ModelCompanion companion)
    {
        (long version, long edition, (CatalogueItem Item, long Stamp, ItemFeatures? Features)[] beside) = catalogue.Beside(model, CountMax, (id, stamp) => known.TryGetValue(id, out var held) && held.Stamp == stamp);
        var items = new List<NewItem>(beside.Length);
        foreach ((CatalogueItem item, long stamp, ItemFeatures? features) in beside)
        {
            if (features is not null)
                known[item.ItemId] = (stamp, FactorsOf(model, companion, features));
            if (known[item.ItemId].Factors is { } factors && !item.IsHidden)
                items.Add(new(item.ItemId, factors, item.Price, item.Stock, item.Categories));
        }
        if (known.Count > 2 * CountMax)
            known.Clear();
        return new(version, edition, [.. items]);
    }

    private static float[]? FactorsOf(PublishedModel model, ModelCompanion companion, ItemFeatures features)
    {
        var factors = new float[model.Width];
        companion.Ridge!.Predict(companion.Terms.VectorOf(features), factors);
        return Array.Exists(factors, f => f != 0) ? factors : null;
    }
}
