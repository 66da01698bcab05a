using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Content;
using OrleansRec.Model.Items;

namespace OrleansRec.Grains.Serving;

/// <summary>What content models read of items.</summary>
public sealed partial class CatalogueCopy
{
    /// <summary>What the shop says of items; null of one that it has not put. Text and vectors are not on silos, so they are not read.</summary>
    public ItemFeatures?[] Features(string[] itemIds)
    {
        gate.EnterReadLock();
        try
        {
            return Array.ConvertAll(itemIds, id => Find(id) is { IsInCatalogue: true } item ? FeaturesOf(item) : null);
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>The items of the catalogue that a version does not know, the first by hash, and the state of the catalogue that this is true of.</summary>
    /// <param name="model">The version.</param>
    /// <param name="countMax">Items at most.</param>
    /// <param name="isKnown">Whether the caller has read an item since the shop last put it; then it is not described again.</param>
    public (long Version, long Edition, (CatalogueItem Item, long Stamp, ItemFeatures? Features)[] Items) Beside(PublishedModel model, int countMax, Func<string, long, bool> isKnown)
    {
        gate.EnterReadLock();
        try
        {
            var beside = all.Where(i => i.IsInCatalogue && model.RowOf(i.ItemId) < 0).ToList();
            if (beside.Count > countMax)
                beside = [.. beside.OrderBy(i => RowKey.Of(i.ItemId)).Take(countMax)];
            return (version, edition, [.. beside.Select(i => (i, i.Stamp, isKnown(i.ItemId, i.Stamp) ? null : FeaturesOf(i)))]);
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <summary>A filter as a test of items.</summary>
    public FilterTest TestOf(ItemFilter filter)
    {
        gate.EnterReadLock();
        try
        {
            return new(filter, categories);
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    private static ItemFeatures FeaturesOf(CatalogueItem item) => new()
    {
        Title = item.Title, Brand = item.Details.Brand, Price = double.IsNaN(item.Price) ? null : item.Price,
        Categories = Array.ConvertAll(item.CategoryNames, c => c.Replace(CategoryPath.Separator, "/", StringComparison.Ordinal)),
        Attributes = item.Details.Tags.Distinct(StringComparer.Ordinal).ToDictionary(tag => "#" + tag, _ => "", StringComparer.Ordinal),
    };
}
