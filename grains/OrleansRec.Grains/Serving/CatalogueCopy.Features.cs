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

    private static ItemFeatures FeaturesOf(CatalogueItem item) => new()
    {
        Title = item.Title, Brand = item.Details.Brand, Price = double.IsNaN(item.Price) ? null : item.Price,
        Categories = Array.ConvertAll(item.CategoryNames, c => c.Replace(CategoryPath.Separator, "/", StringComparison.Ordinal)),
        Attributes = item.Details.Tags.Distinct(StringComparer.Ordinal).ToDictionary(tag => "#" + tag, _ => "", StringComparer.Ordinal),
    };
}
