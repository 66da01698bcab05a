namespace OrleansRec.Cli.Import;

/// <summary>The columns of each part of an item; all others are attributes.</summary>
internal sealed record CatalogueColumns(int[] Item, int? Title, int? Categories, int? Price, int? Stock, int? Visible, int[] Others)
{
    /// <summary>How many fields a record must have at least.</summary>
    public int FieldCountMin => 1 + Named.DefaultIfEmpty(-1).Max();

    private IEnumerable<int> Named => [.. Item, .. new[] { Title, Categories, Price, Stock, Visible }.OfType<int>()];

    /// <summary>Finds the columns among those of a file.</summary>
    /// <exception cref="BadInputException">A named column is not there, or there is none for the item.</exception>
    public static CatalogueColumns Among(IReadOnlyList<string> header, ImportColumns columns, int fieldCount)
    {
        int? One(string part) => columns.Find(part, header, ofItems: true) is [var first, ..] ? first : null;
        int[] item = columns.Find("item", header, ofItems: true);
        if (item.Length == 0)
            throw new BadInputException("columns", string.Join(",", header.Take(50)), "must say which column is the item: --columns item=..., by name, or by number where the file has no header");
        var all = new CatalogueColumns(item, One("title"), One("categories"), One("price"), One("stock"), One("visible"), []);
        // A column that names an item only where another is empty says something of the others: the handle of a product's variants.
        var taken = all.Named.Except(item.Skip(1)).ToHashSet();
        return all with { Others = [.. Enumerable.Range(0, Math.Max(header.Count, fieldCount)).Where(i => !taken.Contains(i))] };
    }

    /// <summary>What each part is read from.</summary>
    public string Told(IReadOnlyList<string> header)
    {
        string NameOf(int at) => header.Count > at ? header[at] : $"{at + 1}";
        var parts = new List<string> { $"item={string.Join('|', Item.Select(NameOf))}" };
        foreach (var (part, at) in new[] { ("title", Title), ("categories", Categories), ("price", Price), ("stock", Stock), ("visible", Visible) })
            if (at is { } column)
                parts.Add($"{part}={NameOf(column)}");
        int[] attributes = [.. Others.Where(at => CatalogueDetails.FieldOf(NameOf(at)) is null)];
        parts.AddRange(Others.Except(attributes).Select(at => $"{CatalogueDetails.FieldOf(NameOf(at))}={NameOf(at)}"));
        return $"{string.Join(", ", parts)}; attributes: {(attributes.Length == 0 ? "none" : string.Join(", ", attributes.Take(20).Select(NameOf)))}{(attributes.Length > 20 ? ", ..." : "")}";
    }
}
