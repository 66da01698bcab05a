using System.Globalization;
using OrleansRec.Api;

namespace OrleansRec.Gateway;

/// <summary>Reads query parameters as text, so that a wrong one is answered with its name, value and rule.</summary>
internal static class ListQuery
{
    /// <exception cref="RecommenderException">A parameter breaks a rule.</exception>
    public static ListOptions Read(string? k, string? filter, string? includeSeen, ShapeQuery more = default)
    {
        (ListFilter? conditions, string? unreadable) = FilterGrammar.Parse(filter);
        if (unreadable is not null)
            throw ListRules.Broken("filter", unreadable, FilterGrammar.Rule);
        return new()
        {
            K = Whole("k", k, 10, 1, ListOptions.KMax), Filter = conditions, IncludeSeen = Flag("includeSeen", includeSeen),
            Where = more.Where, Scenario = more.Scenario, Segment = more.Segment, PageItem = more.PageItem,
            Fields = more.Fields?.Split(',', StringSplitOptions.TrimEntries), Explain = Flag("explain", more.Explain), Pages = Flag("pages", more.Pages),
            Steadiness = Share("steadiness", more.Steadiness), Probability = Flag("probability", more.Probability),
        };
    }

    public static int Count(string? count) => Whole("count", count, Paging.CountDefault, 1, Paging.CountMax);

    private static int Whole(string field, string? text, int absent, int least, int most)
    {
        if (text is null)
            return absent;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw ListRules.Broken(field, text, $"must be a whole number between {least} and {most}");
    }

    private static double? Share(string field, string? text)
    {
        if (text is null)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1
            ? share
            : throw ListRules.Broken(field, text, "must be a number from 0 to 1");
    }

    private static bool Flag(string field, string? text) => text switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw ListRules.Broken(field, text, "must be true or false"),
    };
}

/// <summary>The parameters of a list that is no plain one.</summary>
internal readonly record struct ShapeQuery(string? Where, string? Scenario, string? Segment, string? PageItem, string? Fields, string? Explain, string? Pages,
    string? Steadiness = null, string? Probability = null);
