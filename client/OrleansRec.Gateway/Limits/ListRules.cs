using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model;
using OrleansRec.Model.Reasons;

namespace OrleansRec.Gateway;

/// <summary>What the request of a list must hold, and its form on the wire between grains.</summary>
internal static class ListRules
{
    /// <exception cref="RecommenderException">A rule is broken.</exception>
    public static RecommendRequest ToRequest(ListOptions options, int listedIdsMax)
    {
        if (options.K is < 1 or > ListOptions.KMax)
            throw Broken("k", options.K.ToString(CultureInfo.InvariantCulture), $"must be between 1 and {ListOptions.KMax}");
        if (options.Language is { } language && !Sentences.Languages.Contains(language))
            throw Broken("language", language, $"must be one of {string.Join(", ", Sentences.Languages)}");
        CheckIds("candidates", options.Candidates, listedIdsMax);
        CheckIds("exclude", options.Exclude, listedIdsMax);
        return new()
        {
            K = options.K, Candidates = options.Candidates, Exclude = options.Exclude, IncludeSeen = options.IncludeSeen, Filter = ToFilter(options.Filter),
            Shape = ShapeRules.ToShape(options),
        };
    }

    /// <exception cref="RecommenderException">A rule is broken.</exception>
    public static HistoryPair[] ToPairs(HistoryEntry[] history, int listedIdsMax)
    {
        CheckCount("history", history.Length, listedIdsMax);
        var pairs = new HistoryPair[history.Length];
        var seen = new HashSet<string>(history.Length);
        for (int i = 0; i < pairs.Length; i++)
        {
            HistoryEntry? entry = history[i];
            CheckId($"history[{i}].itemId", entry?.ItemId);
            if (!seen.Add(entry!.ItemId!))
                throw Broken($"history[{i}].itemId", entry.ItemId, "must be there once");
            if (entry.Value is { } value && !(value is > 0 and <= EventRules.ValueMax))
                throw Broken($"history[{i}].value", value.ToString(CultureInfo.InvariantCulture), "must be a finite number above 0 and at most 1000000");
            pairs[i] = new(entry.ItemId!, (float)(entry.Value ?? 1));
        }
        return pairs;
    }

    /// <exception cref="RecommenderException">Not an id.</exception>
    public static void CheckId(string field, string? id)
    {
        if (EventRules.CheckId(field, id) is { } violation)
            throw new RecommenderException(ProblemOf.Violation(violation));
    }

    public static void CheckCount(string field, int count, int countMax)
    {
        if (count > countMax)
            throw Broken(field, count.ToString(CultureInfo.InvariantCulture), $"must hold at most {countMax} entries");
    }

    public static RecommenderException Broken(string field, string? value, string rule) => new(ProblemOf.Violation(field, value, rule));

    public static void CheckIds(string field, string[]? ids, int countMax)
    {
        if (ids is null)
            return;
        CheckCount(field, ids.Length, countMax);
        for (int i = 0; i < ids.Length; i++)
            if (EventRules.CheckId(field, ids[i]) is { } violation)
                throw new RecommenderException(ProblemOf.Violation(violation with { Field = $"{field}[{i}]" }));
    }

    private static ItemFilter? ToFilter(ListFilter? filter)
    {
        if (filter is null)
            return null;
        CheckNames("filter.categories", filter.Categories);
        CheckNames("filter.notCategories", filter.NotCategories);
        CheckPrice("filter.priceMin", filter.PriceMin);
        CheckPrice("filter.priceMax", filter.PriceMax);
        return new()
        {
            Categories = filter.Categories, NotCategories = filter.NotCategories, PriceMin = filter.PriceMin, PriceMax = filter.PriceMax,
            InStock = filter.InStock,
        };
    }

    private static void CheckNames(string field, string[]? names)
    {
        CheckCount(field, names?.Length ?? 0, ItemRules.CategoriesMax);
        foreach (string? name in names ?? [])
            if (string.IsNullOrEmpty(name) || name.Length > ItemRules.TextCharsMax)
                throw Broken(field, name, $"must hold names of 1 to {ItemRules.TextCharsMax} characters");
    }

    private static void CheckPrice(string field, double? price)
    {
        if (price is { } p && !double.IsFinite(p))
            throw Broken(field, p.ToString(CultureInfo.InvariantCulture), "must be a finite number");
    }
}
