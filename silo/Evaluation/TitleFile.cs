using OrleansRec.Cli.Import;
using OrleansRec.Model.Content;

namespace OrleansRec.Silo.Evaluation;

/// <summary>Reads titles, and where there are such columns categories and brand, of items from a CSV file with a header; such as the invoice lines of Online Retail.</summary>
/// <remarks>Of an item with several titles the most frequent counts, of equally frequent ones the first by ordinal comparison: so the order of lines does not matter.</remarks>
internal static class TitleFile
{
    private static readonly string[] itemColumns = ["item", "itemId", "item_id", "StockCode", "productId", "product_id", "sku", "movieId"];
    private static readonly string[] titleColumns = ["title", "name", "Description"];
    private static readonly string[] categoryColumns = ["category", "categories", "genres"];
    private static readonly string[] brandColumns = ["brand"];

    public static Dictionary<string, ItemFeatures> Read(string path)
    {
        using var csv = new CsvRecords(InteractionFile.Open(path), path, Separator.Comma, hasHeader: true);
        string[] header = [.. csv.Columns];
        int item = Find(header, itemColumns), title = Find(header, titleColumns), category = Find(header, categoryColumns), brand = Find(header, brandColumns);
        if (item < 0 || title < 0)
            throw new BadInputException("titles", path, $"must have a column of items ({string.Join(", ", itemColumns)}) and one of titles ({string.Join(", ", titleColumns)})");
        var titles = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        var more = new Dictionary<string, (string? Category, string? Brand)>(StringComparer.Ordinal);
        while (csv.Read())
        {
            if (csv.Broken is not null || csv.FieldCount <= Math.Max(Math.Max(item, title), Math.Max(category, brand)))
                continue;
            string id = csv.Text(item).Trim(), name = csv.Text(title).Trim();
            if (id.Length == 0 || name.Length == 0)
                continue;
            if (!titles.TryGetValue(id, out var own))
                titles[id] = own = new(StringComparer.Ordinal);
            own[name] = own.GetValueOrDefault(name) + 1;
            more.TryAdd(id, (category < 0 ? null : csv.Text(category), brand < 0 ? null : csv.Text(brand)));
        }
        return titles.ToDictionary(t => t.Key, t => new ItemFeatures
        {
            Title = t.Value.OrderByDescending(n => n.Value).ThenBy(n => n.Key, StringComparer.Ordinal).First().Key,
            Categories = more[t.Key].Category is { Length: > 0 } categories ? categories.Split('|', StringSplitOptions.RemoveEmptyEntries) : [],
            Brand = more[t.Key].Brand is { Length: > 0 } own ? own : null,
        }, StringComparer.Ordinal);
    }

    private static int Find(string[] header, string[] names) => Array.FindIndex(header, h => names.Contains(h.Trim(), StringComparer.OrdinalIgnoreCase));
}
