using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Items;

namespace OrleansRec.Gateway;

/// <summary>Turns items as they come into catalogue records, and names those that break a rule.</summary>
internal static class ItemIntake
{
    /// <summary>The names of vectors in a call that breaks no rule with them, each with the length of its first vector.</summary>
    public static Dictionary<string, int> VectorsOf(IReadOnlyList<ItemInput> items)
    {
        var lengths = new Dictionary<string, int>();
        foreach (ItemInput? item in items)
            if (item?.Vectors is { } vectors && Violation(item, lengths: null, out _) is null)
                foreach (var (name, values) in vectors)
                    lengths.TryAdd(name, values.Length);
        return lengths;
    }

    /// <param name="items">The items.</param>
    /// <param name="lengths">The length of each name of vectors in the tenant.</param>
    public static (ItemRecord[] Records, RejectedEntry[] Rejected) Check(IReadOnlyList<ItemInput> items, IReadOnlyDictionary<string, int> lengths)
    {
        List<ItemRecord> records = new(items.Count);
        List<RejectedEntry> rejected = [];
        for (int i = 0; i < items.Count; i++)
        {
            if (Violation(items[i], lengths, out ItemDetails? details) is { } v)
                rejected.Add(new(i, v.Field, v.Value, v.Rule));
            else
                records.Add(ToRecord(items[i], details));
        }
        return ([.. records], [.. rejected]);
    }

    private static RuleViolation? Violation(ItemInput? item, IReadOnlyDictionary<string, int>? lengths, out ItemDetails? details)
    {
        details = null;
        if (item is null)
            return RuleViolation.Of("item", null, "must be an object");
        KeyValuePair<string?, string?>[]? attributes = item.Attributes?.Select(a => KeyValuePair.Create<string?, string?>(a.Key, a.Value)).ToArray();
        if (ItemRules.CheckItem(item.ItemId, item.Title, item.Categories, item.Price, item.Stock, attributes) is { } violation)
            return violation;
        if (ItemDetailRules.ReadKind(item.Kind, out ItemKind kind) is { } badKind)
            return badKind;
        if (!HasDetails(item, kind))
            return null;
        LoggedDetails given = DetailsOf(item, kind);
        if (ItemDetailRules.Check(given) is { } badDetail)
            return badDetail;
        foreach (LoggedVector vector in given.Vectors)
            if (lengths is not null && CheckLength(vector, lengths) is { } badLength)
                return badLength;
        details = ToWire(given);
        return null;
    }

    private static RuleViolation? CheckLength(LoggedVector vector, IReadOnlyDictionary<string, int> lengths)
    {
        if (!lengths.TryGetValue(vector.Name, out int length))
            return RuleViolation.Of("vectors", vector.Name, $"must be one of the {ItemDetailRules.VectorNamesMax} names that are there already");
        return length == vector.Values.Length
            ? null
            : RuleViolation.Of($"vectors.{vector.Name}", $"{vector.Values.Length} numbers", $"must have {length} numbers, as the first vector of this name had");
    }

    private static bool HasDetails(ItemInput item, ItemKind kind) =>
        kind != ItemKind.Product || item is not
        {
            Brand: null, Rating: null, Tags: null, Group: null, From: null, Until: null, Text: null, Url: null, ImageUrl: null, Vectors: null,
        };

    private static LoggedDetails DetailsOf(ItemInput item, ItemKind kind) => new(
        kind, item.Brand, item.Rating, item.Tags ?? [], item.Group, item.From?.ToUnixTimeMilliseconds(), item.Until?.ToUnixTimeMilliseconds(), item.Text, item.Url,
        item.ImageUrl, [.. (item.Vectors ?? []).Select(v => new LoggedVector(v.Key, v.Value))]);

    private static ItemDetails ToWire(LoggedDetails details) => new()
    {
        Kind = details.Kind, Brand = details.Brand, Rating = details.Rating, Tags = details.Tags, Group = details.Group, FromMs = details.FromMs,
        UntilMs = details.UntilMs, Text = details.Text, Url = details.Url, ImageUrl = details.ImageUrl,
        Vectors = Array.ConvertAll(details.Vectors, v => ItemVector.Of(v.Name, v.Values)),
    };

    private static ItemRecord ToRecord(ItemInput item, ItemDetails? details) => new(
        item.ItemId!, item.Title, item.Categories ?? [], item.Price, item.Stock, item.Visible,
        [.. (item.Attributes ?? []).Select(a => new ItemAttribute(a.Key, a.Value))], details);
}
