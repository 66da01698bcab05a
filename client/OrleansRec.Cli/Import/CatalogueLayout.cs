using System.Text.RegularExpressions;

namespace OrleansRec.Cli.Import;

/// <summary>How a file of items is laid out.</summary>
public enum CatalogueFormat
{
    /// <summary>Separated fields with a header, or with columns by number.</summary>
    Csv,

    /// <summary>One JSON object on each line.</summary>
    JsonLines,

    /// <summary>Parquet.</summary>
    Parquet,

    /// <summary>movies.dat or movies.csv.</summary>
    MovieLens,

    /// <summary>Product export of Shopify.</summary>
    Shopify,
}

/// <summary>A catalogue layout that is known by name.</summary>
internal sealed record CatalogueLayout(CatalogueFormat Format, string Title, string Columns)
{
    private static readonly (string Name, CatalogueFormat Format)[] Formats =
        [("csv", CatalogueFormat.Csv), ("jsonl", CatalogueFormat.JsonLines), ("parquet", CatalogueFormat.Parquet), ("movielens", CatalogueFormat.MovieLens), ("shopify", CatalogueFormat.Shopify)];

    /// <summary>The layouts; the first that fits is taken.</summary>
    public static IReadOnlyList<CatalogueLayout> All { get; } =
    [
        new(CatalogueFormat.MovieLens, "MovieLens movies.dat", "item=1,title=2,categories=3")
        {
            Line = new(@"^\d+::.+::[^:]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking), Separator = new("::", false),
        },
        new(CatalogueFormat.MovieLens, "MovieLens movies.csv", "item=movieId,title=title,categories=genres") { Header = ["movieId", "title", "genres"] },
        new(CatalogueFormat.Shopify, "Shopify products", "item=Variant SKU|Handle,title=Title,price=Variant Price,stock=Variant Inventory Qty")
        {
            Header = ["Handle", "Title", "Vendor", "Variant SKU", "Variant Price"],
            CarryForward = ["Handle", "Title", "Vendor", "Product Category", "Type", "Tags", "Published", "Status", "Option1 Name", "Option2 Name", "Option3 Name"],
        },
    ];

    /// <summary>Every format's name.</summary>
    public static IEnumerable<string> Names => Formats.Select(f => f.Name);

    /// <summary>Columns that the file must have; empty where it has no header.</summary>
    public string[] Header { get; init; } = [];

    /// <summary>What each of its lines looks like, where it has no header.</summary>
    public Regex? Line { get; init; }

    /// <summary>What separates its fields; null: any.</summary>
    public Separator? Separator { get; init; }

    /// <summary>Columns that stand only on the first line of a group.</summary>
    public string[] CarryForward { get; init; } = [];

    /// <summary>Whether a file with these columns has this layout.</summary>
    public bool HasHeader(IReadOnlyList<string> columns) => Header.Length > 0 && Header.All(name => columns.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether nearly all of these lines look like it, the first among them.</summary>
    public bool LooksLike(IReadOnlyList<string> lines) =>
        Line is not null && lines.Count > 0 && Line.IsMatch(lines[0]) && lines.Count(l => Line.IsMatch(l)) * 10 >= lines.Count * 9;

    /// <summary>The format of a name.</summary>
    /// <exception cref="BadInputException">No format has it.</exception>
    public static CatalogueFormat Parse(string name) => Formats.Any(f => f.Name == name) ? Formats.First(f => f.Name == name).Format
        : throw new BadInputException("format", name, $"must be one of {string.Join(", ", Names)}");

    /// <summary>The name of a format.</summary>
    public static string NameOf(CatalogueFormat format) => Formats.First(f => f.Format == format).Name;
}
