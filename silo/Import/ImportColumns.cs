using System.Globalization;

namespace OrleansRec.Silo.Import;

/// <summary>Which column, or JSON property, holds which part of an event.</summary>
/// <remarks>Given as <c>user=CustomerID,item=Sku,value=Qty</c>. Numbers mean columns of a file without a header, from 1.</remarks>
public sealed class ImportColumns
{
    private static readonly Dictionary<string, string[]> Usual = new()
    {
        ["user"] = ["user", "userId", "user_id", "visitorid", "customerId", "customer_id"],
        ["item"] = ["item", "itemId", "item_id", "movieId", "productId", "product_id", "sku"],
        ["value"] = ["value", "rating", "count", "quantity"],
        ["time"] = ["time", "timestamp", "timeMs", "date", "first"],
        ["type"] = ["type", "eventType", "event_type"],
        ["session"] = ["session", "sessionId", "session_id"],
        ["event"] = ["eventId", "event_id"],
    };

    private readonly Dictionary<string, string> _given;

    private ImportColumns(Dictionary<string, string> given) => _given = given;

    /// <summary>No column is named: the usual names are looked for.</summary>
    public static ImportColumns Default { get; } = new([]);

    /// <summary>Whether the file has no header because its columns are named by number.</summary>
    public bool ByNumber => _given.Count > 0 && _given.Values.All(v => int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    /// <summary>Reads the option; null or empty means <see cref="Default"/>.</summary>
    /// <exception cref="BadInputException">A part is not <c>name=column</c>, or the name is not one of those known.</exception>
    public static ImportColumns Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Default;
        var given = new Dictionary<string, string>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            int equals = part.IndexOf('=');
            string name = equals < 0 ? part : part[..equals].TrimEnd();
            if (equals < 0 || !Usual.ContainsKey(name) || equals == part.Length - 1)
                throw new BadInputException("columns", part, $"must be NAME=COLUMN, with NAME one of {string.Join(", ", Usual.Keys)}");
            if (!given.TryAdd(name, part[(equals + 1)..].TrimStart()))
                throw new BadInputException("columns", part, $"must name {name} once");
        }
        return new(given);
    }

    /// <summary>The index of each part in a header; −1 where the file does not have it.</summary>
    /// <exception cref="BadInputException">A named column is not there, or there is none for user or item.</exception>
    public ColumnIndexes Among(IReadOnlyList<string> header) =>
        new(Index("user", header, true), Index("item", header, true), Index("value", header), Index("time", header), Index("type", header),
            Index("session", header), Index("event", header));

    /// <summary>The names under which a JSON property may hold a part.</summary>
    public string[] NamesOf(string part) => _given.TryGetValue(part, out string? name) ? [name] : Usual[part];

    private int Index(string part, IReadOnlyList<string> header, bool required = false)
    {
        if (_given.TryGetValue(part, out string? name))
        {
            if (ByNumber)
                return int.Parse(name, CultureInfo.InvariantCulture) is var number and > 0 ? number - 1
                    : throw new BadInputException("columns", $"{part}={name}", "must be a column's number, from 1, or a column's name");
            int index = Find(header, name);
            return index >= 0 ? index
                : throw new BadInputException("columns", $"{part}={name}", $"must name a column of the file, which has {string.Join(", ", header)}");
        }
        int usual = ByNumber ? -1 : Usual[part].Select(n => Find(header, n)).FirstOrDefault(i => i >= 0, -1);
        if (usual < 0 && required)
            throw new BadInputException("columns", string.Join(",", header), $"must say which column is the {part}: --columns {part}=...");
        return usual;
    }

    private static int Find(IReadOnlyList<string> header, string name)
    {
        for (int i = 0; i < header.Count; i++)
            if (string.Equals(header[i].Trim(), name, StringComparison.OrdinalIgnoreCase))
                return i;
        return -1;
    }
}

/// <summary>Where each part of an event is within a record; −1 where it is not.</summary>
public readonly record struct ColumnIndexes(int User, int Item, int Value, int Time, int Type, int Session, int Event)
{
    /// <summary>How many fields a record must have at least.</summary>
    public int FieldCountMin => 1 + Math.Max(Math.Max(Math.Max(User, Item), Math.Max(Value, Time)), Math.Max(Math.Max(Type, Session), Event));
}
