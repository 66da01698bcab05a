using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;

namespace OrleansRec.Gateway;

/// <summary>Turns items as they come into catalogue records, and names those that break a rule.</summary>
internal static class ItemIntake
{
    public static (ItemRecord[] Records, RejectedEntry[] Rejected) Check(IReadOnlyList<ItemInput> items)
    {
        List<ItemRecord> records = new(items.Count);
        List<RejectedEntry> rejected = [];
        for (int i = 0; i < items.Count; i++)
        {
            if (Violation(items[i]) is { } v)
                rejected.Add(new(i, v.Field, v.Value, v.Rule));
            else
                records.Add(ToRecord(items[i]));
        }
        return ([.. records], [.. rejected]);
    }

    private static RuleViolation? Violation(ItemInput? item)
    {
        if (item is null)
            return RuleViolation.Of("item", null, "must be an object");
        KeyValuePair<string?, string?>[]? attributes = item.Attributes?.Select(a => KeyValuePair.Create<string?, string?>(a.Key, a.Value)).ToArray();
        return ItemRules.CheckItem(item.ItemId, item.Title, item.Categories, item.Price, item.Stock, attributes);
    }

    private static ItemRecord ToRecord(ItemInput item) => new(
        item.ItemId!, item.Title, item.Categories ?? [], item.Price, item.Stock, item.Visible,
        [.. (item.Attributes ?? []).Select(a => new ItemAttribute(a.Key, a.Value))]);
}
