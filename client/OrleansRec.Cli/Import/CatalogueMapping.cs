using OrleansRec.Api;
using OrleansRec.Model;

namespace OrleansRec.Cli.Import;

/// <summary>Makes the item that a shop sends of a row of a catalogue file. Fields that items gain are filled here.</summary>
public static class CatalogueMapping
{
    /// <summary>The item.</summary>
    public static ItemInput ToInput(CatalogueRow row) => new()
    {
        ItemId = row.ItemId, Title = row.Title, Categories = row.Categories.Count == 0 ? null : [.. row.Categories], Price = row.Price, Stock = row.Stock, Visible = row.IsVisible,
        Attributes = row.Attributes.Count == 0 ? null : new(row.Attributes),
    };

    /// <summary>Why a catalogue would refuse it; null where it is fine.</summary>
    public static RuleViolation? Check(CatalogueRow row) => ItemRules.CheckItem(
        row.ItemId, row.Title, row.Categories, row.Price, row.Stock, [.. row.Attributes.Select(a => KeyValuePair.Create<string?, string?>(a.Key, a.Value))]);
}
