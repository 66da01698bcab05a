using System.Globalization;
using System.Text;
using OrleansRec.Api;

namespace OrleansRec.Client;

/// <summary>The paths of the verbs, relative to the server's address.</summary>
internal static class ApiPaths
{
    public static string Event(string userId, string eventId) => $"v1/events/{Id("userId", userId)}/{Id("eventId", eventId)}";

    public static string Item(string itemId) => $"v1/items/{Id("itemId", itemId)}";

    public static string User(string userId) => $"v1/users/{Id("userId", userId)}";

    /// <summary>A query string of the parameters that are given.</summary>
    public static string Query(params (string Name, string? Value)[] parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters)
            if (value is not null)
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return query.ToString();
    }

    /// <summary>The parameters of a list that a query string can carry.</summary>
    public static string ListQuery(ListOptions options, params (string Name, string? Value)[] more) => Query(
    [
        .. more, ("k", options.K.ToString(CultureInfo.InvariantCulture)), ("filter", Filter(options.Filter)), ("includeSeen", options.IncludeSeen ? "true" : null),
        ("scenario", options.Scenario),
    ]);

    /// <summary>Whether a query string can carry the options: nothing beside a scenario that no plain list has, no lists of ids, no category that would be read as two.</summary>
    public static bool FitsQuery(ListOptions options) =>
        options is { Candidates: null, Exclude: null } && (options with { Scenario = null }).IsPlain
        && (options.Filter?.Categories ?? []).Concat(options.Filter?.NotCategories ?? []).All(c => c is { Length: > 0 } && !c.Contains(',') && c.Trim() == c);

    private static string? Filter(ListFilter? filter)
    {
        if (filter is null)
            return null;
        IEnumerable<string?> conditions =
        [
            .. (filter.Categories ?? []).Select(c => $"category:{c}"), .. (filter.NotCategories ?? []).Select(c => $"!category:{c}"),
            filter.PriceMin is { } least ? string.Create(CultureInfo.InvariantCulture, $"price>={least:F10}") : null,
            filter.PriceMax is { } most ? string.Create(CultureInfo.InvariantCulture, $"price<={most:F10}") : null,
            filter.InStock == true ? "in-stock" : null,
        ];
        string text = string.Join(',', conditions.Where(c => c is not null));
        return text.Length == 0 ? null : text;
    }

    /// <summary>A path cannot carry the segments "." and "..": clients, proxies and servers take them for directions.</summary>
    private static string Id(string field, string id) => id is "" or "." or ".."
        ? throw RecommenderException.Invalid(field, id, "must not be empty, . or .. where a path carries it")
        : Uri.EscapeDataString(id);
}
