using OrleansRec.Api;
using OrleansRec.Model;
using OrleansRec.Model.Items;

namespace OrleansRec.Cli.Import;

/// <summary>Makes the item that a shop sends of a row of a catalogue file.</summary>
public static class CatalogueMapping
{
    /// <summary>The item.</summary>
    public static ItemInput ToInput(CatalogueRow row) => new()
    {
        ItemId = row.ItemId, Title = row.Title, Categories = row.Categories.Count == 0 ? null : [.. row.Categories], Price = row.Price, Stock = row.Stock, Visible = row.IsVisible,
        Attributes = row.Attributes.Count == 0 ? null : new(row.Attributes), Kind = row.Details.Kind == ItemKind.Product ? null : ItemKinds.NameOf(row.Details.Kind),
        Brand = row.Details.Brand, Rating = row.Details.Rating, Tags = row.Details.Tags.Length == 0 ? null : row.Details.Tags, Group = row.Details.Group,
        From = TimeOf(row.Details.FromMs), Until = TimeOf(row.Details.UntilMs), Text = row.Details.Text, Url = row.Details.Url, ImageUrl = row.Details.ImageUrl,
        Vectors = row.Details.Vectors.Length == 0 ? null : row.Details.Vectors.ToDictionary(v => v.Name, v => v.Values),
    };

    private static DateTimeOffset? TimeOf(long? ms) => ms is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    /// <summary>Why a catalogue would refuse it; null where it is fine.</summary>
    public static RuleViolation? Check(CatalogueRow row) => ItemRules.CheckItem(
        row.ItemId, row.Title, row.Categories, row.Price, row.Stock, [.. row.Attributes.Select(a => KeyValuePair.Create<string?, string?>(a.Key, a.Value))]);
}
