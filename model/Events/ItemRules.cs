using System.Globalization;
using OrleansRec.Model.Items;

namespace OrleansRec.Model;

/// <summary>What a catalogue record must hold to be accepted.</summary>
public static class ItemRules
{
    /// <summary>A title, category, attribute name or attribute value is at most this long.</summary>
    public const int TextCharsMax = 1000;

    /// <summary>At most this many categories.</summary>
    public const int CategoriesMax = 64;

    /// <summary>At most this many attributes.</summary>
    public const int AttributesMax = 64;

    /// <summary>The highest price.</summary>
    public const double PriceMax = 1e12;

    /// <summary>Refuses a record that breaks a rule, naming the first field that does; null where it is fine.</summary>
    /// <param name="itemId">Required id.</param>
    /// <param name="title">Null or a text.</param>
    /// <param name="categories">Null, or distinct texts that are not empty; a path such as <c>Home &gt; Garden</c> has no empty name.</param>
    /// <param name="price">Null, or finite and ≥ 0.</param>
    /// <param name="stock">Null, or ≥ 0.</param>
    /// <param name="attributes">Null, or names that are distinct and not empty, with their values.</param>
    public static RuleViolation? CheckItem(
        string? itemId, string? title, IReadOnlyList<string?>? categories, double? price, long? stock,
        IReadOnlyList<KeyValuePair<string?, string?>>? attributes) =>
        EventRules.CheckNewId("itemId", itemId)
        ?? (title is null ? null : CheckText("title", title))
        ?? CheckPrice(price)
        ?? (stock < 0 ? RuleViolation.Of("stock", stock.Value.ToString(CultureInfo.InvariantCulture), "must be 0 or more") : null)
        ?? CheckCategories(categories ?? [])
        ?? CheckAttributes(attributes ?? [], AttributesMax);

    private static RuleViolation? CheckPrice(double? price) =>
        price is not { } p || (double.IsFinite(p) && p is >= 0 and <= PriceMax)
            ? null
            : RuleViolation.Of("price", p.ToString(CultureInfo.InvariantCulture), "must be a finite number of 0 to 1000000000000");

    private static RuleViolation? CheckCategories(IReadOnlyList<string?> categories)
    {
        if (categories.Count > CategoriesMax)
            return RuleViolation.Of("categories", $"{categories.Count} categories", $"must be at most {CategoriesMax}");
        var seen = new HashSet<string>();
        foreach (string? category in categories)
        {
            if (CheckName("categories", category) is { } violation)
                return violation;
            if (CategoryPath.HasEmptyName(category!) || CategoryPath.CountNames(category!) > CategoryPath.NamesMax)
                return RuleViolation.Of("categories", category, $"must be a name, or a path of at most {CategoryPath.NamesMax} names such as Home > Garden");
            if (!seen.Add(category!))
                return RuleViolation.Of("categories", category, "must not hold a category twice");
        }
        return null;
    }

    internal static RuleViolation? CheckAttributes(IReadOnlyList<KeyValuePair<string?, string?>> attributes, int countMax)
    {
        if (attributes.Count > countMax)
            return RuleViolation.Of("attributes", $"{attributes.Count} attributes", $"must be at most {countMax}");
        var seen = new HashSet<string>();
        foreach (var (name, value) in attributes)
        {
            if (CheckName("attributes", name) is { } violation)
                return violation;
            if (!seen.Add(name!))
                return RuleViolation.Of("attributes", name, "must not hold a name twice");
            if (value is null)
                return RuleViolation.Of("attributes", name, "must have a value for each name");
            if (CheckText("attributes", value) is { } badValue)
                return badValue;
        }
        return null;
    }

    private static RuleViolation? CheckName(string field, string? name) =>
        string.IsNullOrEmpty(name) ? RuleViolation.Of(field, name, "must not hold an empty name") : CheckText(field, name);

    private static RuleViolation? CheckText(string field, string text) => CheckText(field, text, TextCharsMax);

    /// <summary>Refuses a text that is too long or not Unicode.</summary>
    internal static RuleViolation? CheckText(string field, string text, int charsMax)
    {
        if (text.Length > charsMax)
            return RuleViolation.Of(field, EventRules.Repair(text), $"must be at most {charsMax} characters");
        return EventRules.IsUnicode(text)
            ? null
            : RuleViolation.Of(field, EventRules.Repair(text), "must be valid Unicode (it holds half of a surrogate pair)");
    }
}
