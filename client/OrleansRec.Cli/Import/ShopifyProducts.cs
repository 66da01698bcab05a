namespace OrleansRec.Cli.Import;

/// <summary>What the columns of a Shopify product export mean for an item.</summary>
internal static class ShopifyProducts
{
    private static readonly string[] Told =
        ["Status", "Body (HTML)", "Image Position", "Gift Card", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Policy", "Variant Fulfillment Service", "Variant Requires Shipping", "Variant Taxable"];

    /// <summary>Takes visibility, stock and categories out of the attributes, and names options by what they are.</summary>
    public static void Complete(CatalogueRow row)
    {
        var attributes = row.Attributes;
        row.IsVisible &= (!attributes.TryGetValue("Status", out string? status) || status.Equals("active", StringComparison.OrdinalIgnoreCase));
        // A product without a tracker, or that is sold on without stock, is never out of stock.
        bool isTracked = attributes.ContainsKey("Variant Inventory Tracker") && !Is(attributes, "Variant Inventory Policy", "continue");
        row.Stock = isTracked && row.Stock is { } pieces ? Math.Max(0, pieces) : null;
        row.Categories = [.. new[] { "Product Category", "Type" }.Where(attributes.ContainsKey).Select(name => attributes[name]).Distinct()];
        for (int i = 1; i <= 3; i++)
            NameOption(attributes, $"Option{i} Name", $"Option{i} Value");
        foreach (string name in (string[])[.. Told, "Product Category", "Type"])
            attributes.Remove(name);
    }

    private static void NameOption(Dictionary<string, string> attributes, string nameColumn, string valueColumn)
    {
        bool hasName = attributes.Remove(nameColumn, out string? name), hasValue = attributes.Remove(valueColumn, out string? value);
        // A product without options has one that is called Title and has the value Default Title.
        if (hasName && hasValue && value != "Default Title")
            attributes[name!] = value!;
    }

    private static bool Is(Dictionary<string, string> attributes, string name, string value) =>
        attributes.TryGetValue(name, out string? held) && held.Equals(value, StringComparison.OrdinalIgnoreCase);
}
