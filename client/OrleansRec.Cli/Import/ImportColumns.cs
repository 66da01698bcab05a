using System.Globalization;

namespace OrleansRec.Cli.Import;

/// <summary>Which columns, or JSON properties, may hold which part of an event or of an item.</summary>
/// <remarks>
/// Given as <c>user=CustomerID,item=Sku|Name,value=Qty</c>: of several columns, the first that is not empty holds the part. Numbers mean columns of a file without a header, from 1.
/// </remarks>
public sealed class ImportColumns
{
    /// <summary>The parts of an event.</summary>
    public static IReadOnlyList<string> EventParts { get; } = ["user", "item", "value", "time", "type", "session", "event"];

    /// <summary>The parts of an item.</summary>
    public static IReadOnlyList<string> ItemParts { get; } = ["item", "title", "categories", "price", "stock", "visible"];

    // In the order in which they are taken; compared without case, spaces and punctuation.
    private static readonly Dictionary<string, string[]> UsualOfEvents = new()
    {
        ["user"] = ["user", "userId", "visitorId", "customerId", "reviewerId", "customer", "memberId", "clientId", "uid"],
        ["item"] = ["item", "itemId", "movieId", "productId", "sku", "isbn", "asin", "articleId", "businessId", "product", "iid"],
        ["value"] = ["value", "rating", "count", "quantity", "stars", "score", "bookRating"],
        ["time"] = ["time", "timestamp", "timeMs", "date", "first", "eventTime", "datetime", "createdAt", "unixReviewTime"],
        ["type"] = ["type", "eventType"],
        ["session"] = ["session", "sessionId"],
        ["event"] = ["eventId"],
    };

    private static readonly Dictionary<string, string[]> UsualOfItems = new()
    {
        ["item"] = ["itemId", "item", "movieId", "productId", "sku", "isbn", "asin", "parentAsin", "id"],
        ["title"] = ["title", "name", "itemName", "productName", "productTitle", "description"],
        ["categories"] = ["categories", "category", "genres", "genre", "categoryPath", "productType", "categoryCode"],
        ["price"] = ["price", "unitPrice"],
        ["stock"] = ["stock", "inventory", "quantity", "inStock"],
        ["visible"] = ["visible", "published", "active"],
    };

    private readonly Dictionary<string, string[]> _given;

    private ImportColumns(Dictionary<string, string[]> given) => _given = given;

    /// <summary>No column is named: the usual names are looked for.</summary>
    public static ImportColumns Default { get; } = new([]);

    /// <summary>Whether nothing is named.</summary>
    public bool IsDefault => _given.Count == 0;

    /// <summary>Whether the file has no header because its columns are named by number.</summary>
    public bool ByNumber => _given.Count > 0 && _given.Values.All(names => names.All(IsNumber));

    /// <summary>Reads the option; null or empty means <see cref="Default"/>.</summary>
    /// <param name="text">NAME=COLUMN,...</param>
    /// <param name="parts">The names there are; null for those of events.</param>
    /// <exception cref="BadInputException">A part is not <c>name=column</c>, or the name is not one of those known.</exception>
    public static ImportColumns Parse(string? text, IReadOnlyList<string>? parts = null)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Default;
        parts ??= EventParts;
        var given = new Dictionary<string, string[]>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=');
            string name = equals < 0 ? part : part[..equals].TrimEnd();
            string[] columns = equals < 0 ? [] : part[(equals + 1)..].Split('|', StringSplitOptions.TrimEntries);
            if (columns.Length == 0 || columns.Contains("") || !parts.Contains(name))
                throw new BadInputException("columns", part, $"must be NAME=COLUMN or NAME=COLUMN|COLUMN, with NAME one of {string.Join(", ", parts)}");
            if (!given.TryAdd(name, columns))
                throw new BadInputException("columns", part, $"must name {name} once");
        }
        return new(given);
    }

    /// <summary>The same with the columns of a layout for parts that are not named.</summary>
    public ImportColumns Or(ImportColumns others)
    {
        var all = new Dictionary<string, string[]>(others._given);
        foreach (var (part, names) in _given)
            all[part] = names;
        return new(all);
    }

    /// <summary>The columns that may hold a part, the first that is not empty first; empty where the file has none.</summary>
    /// <param name="part">Its name.</param>
    /// <param name="header">The file's columns.</param>
    /// <param name="ofItems">Whether the file is a catalogue.</param>
    /// <exception cref="BadInputException">A named column is not there, or is there twice.</exception>
    public int[] Find(string part, IReadOnlyList<string> header, bool ofItems = false)
    {
        if (_given.TryGetValue(part, out string[]? names))
            return [.. names.Select(name => ByNumber ? Number(part, name) : IndexOf(part, name, header))];
        int usual = ByNumber || header.Count == 0 ? -1 : UsualNames(part, ofItems).Select(name => Find(header, name, Same)).FirstOrDefault(i => i >= 0, -1);
        return usual < 0 ? [] : [Once(part, usual, header)];
    }

    /// <summary>The names under which JSON properties may hold a part.</summary>
    public string[] NamesOf(string part, bool ofItems = false) => _given.TryGetValue(part, out string[]? names) ? names : UsualNames(part, ofItems);

    /// <summary>The same, with the usual names also as user_id for userId.</summary>
    internal IEnumerable<string> JsonNamesOf(string part, bool ofItems = false) => Names(part) ? NamesOf(part)
        : NamesOf(part, ofItems).SelectMany(name => new[] { name, string.Concat(name.Select(c => char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{c}")) }).Distinct();

    /// <summary>Whether a part has been given columns.</summary>
    public bool Names(string part) => _given.ContainsKey(part);

    private static string[] UsualNames(string part, bool ofItems) => (ofItems ? UsualOfItems : UsualOfEvents)[part];

    private static bool IsNumber(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static int Number(string part, string name) => int.Parse(name, CultureInfo.InvariantCulture) is var number and > 0 and <= 10_000 ? number - 1
        : throw new BadInputException("columns", $"{part}={name}", "must be a column's number, from 1, or a column's name");

    private static int IndexOf(string part, string name, IReadOnlyList<string> header)
    {
        int index = Find(header, name, (a, b) => string.Equals(a.Trim(), b, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? Once(part, index, header)
            : throw new BadInputException("columns", $"{part}={name}", $"must name a column of the file, which has {string.Join(", ", header)}");
    }

    private static int Once(string part, int index, IReadOnlyList<string> header) =>
        header.Skip(index + 1).Any(h => string.Equals(h.Trim(), header[index].Trim(), StringComparison.OrdinalIgnoreCase))
            ? throw new BadInputException("columns", $"{part}={header[index]}", "must name a column that the header has once") : index;

    private static int Find(IReadOnlyList<string> header, string name, Func<string, string, bool> same)
    {
        for (int i = 0; i < header.Count; i++)
            if (same(header[i], name))
                return i;
        return -1;
    }

    /// <summary>Whether two names are the same but for case, spaces and punctuation: User-ID and userId.</summary>
    internal static bool Same(string a, string b) => string.Equals(Bare(a), Bare(b), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit));
}
