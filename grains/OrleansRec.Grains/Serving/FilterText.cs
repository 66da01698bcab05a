using System.Globalization;
using System.Text;
using OrleansRec.Contracts;

namespace OrleansRec.Grains.Serving;

/// <summary>Fixed conditions as expressions of docs/RULES.md, so that there is one way to filter.</summary>
public static class FilterText
{
    /// <summary>One expression for each condition that is given.</summary>
    public static IEnumerable<string> Of(ItemFilter filter)
    {
        if (filter.Categories is { Length: > 0 } any)
            yield return string.Join(" || ", any.Select(c => $"{Quoted(c)} in item.categories"));
        foreach (string category in filter.NotCategories ?? [])
            yield return $"!({Quoted(category)} in item.categories)";
        if (filter.PriceMin is { } least)
            yield return $"item.price >= {Number(least)}";
        if (filter.PriceMax is { } most)
            yield return $"item.price <= {Number(most)}";
        if (filter.InStock == true)
            yield return "item.stock > 0";
    }

    private static string Number(double value) => value.ToString("0.################", CultureInfo.InvariantCulture);

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            quoted.Append(c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => c.ToString() });
        return quoted.Append('"').ToString();
    }
}
