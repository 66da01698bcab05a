using System.Globalization;
using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>
/// The filter of a query string: conditions with commas between them, such as <c>category:mugs,!category:sale,price&lt;=20,price&gt;=5,in-stock</c>.
/// </summary>
/// <remarks>Several categories mean any of them. A category that holds a comma can be given in the body of POST /v1/recommendations only.</remarks>
internal static class FilterGrammar
{
    public const string Rule = "must be conditions of the forms category:NAME, !category:NAME, price<=N, price>=N, in-stock, with commas between them";

    private const string Category = "category:";
    private const string NotCategory = "!category:";
    private const string PriceAtMost = "price<=";
    private const string PriceAtLeast = "price>=";
    private const string InStock = "in-stock";

    /// <summary>The filter, or the condition that cannot be read.</summary>
    public static (ListFilter? Filter, string? Unreadable) Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return (null, null);
        var filter = new ListFilter();
        foreach (string condition in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (With(filter, condition) is not { } more)
                return (null, condition);
            filter = more;
        }
        return (filter, null);
    }

    private static ListFilter? With(ListFilter filter, string condition)
    {
        if (After(condition, Category) is { Length: > 0 } category)
            return filter with { Categories = [.. filter.Categories ?? [], category] };
        if (After(condition, NotCategory) is { Length: > 0 } notCategory)
            return filter with { NotCategories = [.. filter.NotCategories ?? [], notCategory] };
        if (Number(After(condition, PriceAtMost)) is { } priceMax)
            return filter with { PriceMax = Math.Min(priceMax, filter.PriceMax ?? priceMax) };
        if (Number(After(condition, PriceAtLeast)) is { } priceMin)
            return filter with { PriceMin = Math.Max(priceMin, filter.PriceMin ?? priceMin) };
        return condition == InStock ? filter with { InStock = true } : null;
    }

    private static string? After(string condition, string prefix) =>
        condition.StartsWith(prefix, StringComparison.Ordinal) ? condition[prefix.Length..].Trim() : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;
}
