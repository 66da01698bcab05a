using OrleansRec.Contracts;

namespace OrleansRec.Grains.Serving;

/// <summary>What lists need to know of one item.</summary>
/// <param name="itemId">The item.</param>
public sealed class CatalogueItem(string itemId)
{
    public const long StockUnknown = -1;

    public string ItemId { get; } = itemId;

    public long Users { get; set; }

    /// <summary>In no list: deleted, invisible, or out of stock.</summary>
    public bool IsHidden { get; private set; }

    /// <summary>NaN where the shop does not say, so that no condition on it holds.</summary>
    public double Price { get; private set; } = double.NaN;

    public long Stock { get; private set; } = StockUnknown;

    public int[] Categories { get; private set; } = [];

    public void Take(ItemRecord? record, bool deleted, CategoryTable categories)
    {
        IsHidden = deleted || record is { Visible: false } or { Stock: 0 };
        Price = record?.Price ?? double.NaN;
        Stock = record?.Stock ?? StockUnknown;
        Categories = record is null ? [] : Array.ConvertAll(record.Categories, categories.Number);
    }
}

/// <summary>Numbers for category names, given in the order in which they come.</summary>
public sealed class CategoryTable
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    public int Number(string category)
    {
        if (!numbers.TryGetValue(category, out int number))
            numbers.Add(category, number = numbers.Count);
        return number;
    }

    /// <summary>−1 for a category that no item has had.</summary>
    public int Find(string category) => numbers.GetValueOrDefault(category, -1);
}
