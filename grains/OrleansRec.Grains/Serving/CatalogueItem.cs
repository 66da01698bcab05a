using OrleansRec.Contracts;
using OrleansRec.Model.Items;

namespace OrleansRec.Grains.Serving;

/// <summary>What lists need to know of one item.</summary>
/// <param name="itemId">The item.</param>
public sealed class CatalogueItem(string itemId)
{
    public const long StockUnknown = -1;

    public string ItemId { get; } = itemId;

    public long Users { get; set; }

    /// <summary>In no list: deleted, invisible, out of stock, or outside its availability window.</summary>
    public bool IsHidden { get; private set; }

    /// <summary>When its window opens or closes next: milliseconds since 1970-01-01 UTC; <see cref="long.MaxValue"/> where it does not.</summary>
    public long NextChangeMs { get; private set; } = long.MaxValue;

    /// <summary>NaN where the shop does not say, so that no condition on it holds.</summary>
    public double Price { get; private set; } = double.NaN;

    public long Stock { get; private set; } = StockUnknown;

    /// <summary>The numbers of its categories and of all that they are below.</summary>
    public int[] Categories { get; private set; } = [];

    /// <summary>What the shop says beyond title, categories, price and stock, without text and vectors.</summary>
    public ItemDetails Details { get; private set; } = ItemDetails.None;

    /// <summary>Its name; null where the shop does not say.</summary>
    public string? Title { get; private set; }

    /// <summary>Whether the shop has put it.</summary>
    public bool IsInCatalogue { get; private set; }

    /// <summary>The numbers of its words, see <see cref="ContentWords"/>; null until somebody asks for what is like it or another.</summary>
    public int[]? Words { get; set; }

    /// <summary>Its categories as the shop has put them.</summary>
    public string[] CategoryNames { get; private set; } = [];

    /// <summary>Grows with every record that is taken.</summary>
    public long Stamp { get; private set; }

    /// <summary>The window; null where there is none.</summary>
    private ItemDetails? Window { get; set; }

    /// <summary>The shop has deleted it, or hides it.</summary>
    public bool IsInvisible { get; private set; }

    private bool IsHiddenAlways { get; set; }

    /// <summary>Whatever else the shop says, as names and values.</summary>
    public ItemAttribute[] Attributes { get; private set; } = [];

    public void Take(ItemRecord? record, bool deleted, CategoryTable categories, long nowMs)
    {
        Stamp++;
        IsInvisible = deleted || record is { Visible: false };
        IsHiddenAlways = IsInvisible || record is { Stock: 0 };
        Window = record?.Details is { } details && (details.FromMs ?? details.UntilMs) is not null ? details : null;
        (Title, Details, CategoryNames, IsInCatalogue, Words) = (record?.Title, record?.Details ?? ItemDetails.None, record?.Categories ?? [], record is not null, null);
        Attributes = record?.Attributes ?? [];
        LookAtClock(nowMs);
        Price = record?.Price ?? double.NaN;
        Stock = record?.Stock ?? StockUnknown;
        Categories = record is null ? [] : categories.Numbers(record.Categories);
    }

    /// <summary>The window as it is at a moment.</summary>
    public void LookAtClock(long nowMs)
    {
        IsHidden = IsHiddenAlways || Window?.IsOpenAt(nowMs) == false;
        NextChangeMs = Window?.NextChangeAfter(nowMs) ?? long.MaxValue;
    }
}

/// <summary>Numbers for categories, given in the order in which they come. A path has a number, and so has each path above it.</summary>
public sealed class CategoryTable
{
    private readonly Dictionary<string, int> numbers = new(StringComparer.Ordinal);

    /// <summary>The numbers of categories and of every path above one, each once: so a condition on "Home" finds "Home &gt; Garden".</summary>
    public int[] Numbers(string[] itemCategories)
    {
        if (!Array.Exists(itemCategories, static c => CategoryPath.EndOfParent(c, c.Length) >= 0))
            return Array.ConvertAll(itemCategories, Number);
        var found = new List<int>(2 * itemCategories.Length);
        foreach (string category in itemCategories)
            for (int end = category.Length; end >= 0; end = CategoryPath.EndOfParent(category, end))
                if (Number(category[..end]) is var number && !found.Contains(number))
                    found.Add(number);
        return [.. found];
    }

    public int Number(string category)
    {
        if (!numbers.TryGetValue(category, out int number))
            numbers.Add(category, number = numbers.Count);
        return number;
    }

    /// <summary>−1 for a category that no item has had.</summary>
    public int Find(string category) => numbers.GetValueOrDefault(category, -1);
}

/// <summary>What a portrait needs to know of one item.</summary>
/// <param name="Brand">Its brand, or null.</param>
/// <param name="Categories">Its categories.</param>
/// <param name="Price">NaN where the shop does not say.</param>
public readonly record struct ItemFacts(string? Brand, string[] Categories, double Price)
{
    public static readonly ItemFacts Unknown = new(null, [], double.NaN);
}
