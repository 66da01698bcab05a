
namespace OrleansRec.Grains.Serving;

/// <summary>Catalogue fields in the order of one model's rows, so that a scan reads arrays and not objects.</summary>
public sealed class AlignedItems
{
    private readonly ulong[] hidden;
    private readonly double[] prices;
    private readonly long[] stocks;
    private readonly int[][] categories;

    public AlignedItems(PublishedModel model, Func<string, CatalogueItem?> find)
    {
        Model = model;
        hidden = new ulong[RowBits.WordCount(model.ItemCount)];
        prices = new double[model.ItemCount];
        stocks = new long[model.ItemCount];
        categories = new int[model.ItemCount][];
        prices.AsSpan().Fill(double.NaN);
        stocks.AsSpan().Fill(CatalogueItem.StockUnknown);
        categories.AsSpan().Fill([]);
        for (int row = 0; row < model.ItemCount; row++)
            if (find(model.Ids[row]) is { } item)
                Set(row, item);
    }

    public PublishedModel Model { get; }

    public void Set(CatalogueItem item)
    {
        int row = Model.RowOf(item.ItemId);
        if (row >= 0)
            Set(row, item);
    }

    /// <summary>Sets the bits of rows that may not appear; clears all others.</summary>
    public void Exclude(FilterTest? test, Span<ulong> excluded)
    {
        hidden.CopyTo(excluded);
        if (test is not { } filter)
            return;
        for (int row = 0; row < prices.Length; row++)
            if (!filter.Passes(prices[row], stocks[row], categories[row]))
                RowBits.Set(excluded, row);
    }

    private void Set(int row, CatalogueItem item)
    {
        if (item.IsHidden)
            RowBits.Set(hidden, row);
        else
            RowBits.Clear(hidden, row);
        prices[row] = item.Price;
        stocks[row] = item.Stock;
        categories[row] = item.Categories;
    }
}

/// <summary>A set of rows as bits, 64 to a word, the lowest row in the lowest bit.</summary>
public static class RowBits
{
    public static int WordCount(int rows) => (rows + 63) >> 6;

    public static void Set(Span<ulong> bits, int row) => bits[row >> 6] |= 1UL << row;

    public static void Clear(Span<ulong> bits, int row) => bits[row >> 6] &= ~(1UL << row);

    public static bool Has(ReadOnlySpan<ulong> bits, int row) => (bits[row >> 6] >> row & 1) != 0;
}
