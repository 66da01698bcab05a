using System.Globalization;
using System.Text.Json;
using OrleansRec.Api;
using OrleansRec.Contracts;
using OrleansRec.Model.Ranking;
using OrleansRec.Model.Rules;

namespace OrleansRec.Gateway;

/// <summary>Bounds of what a list can be asked beyond its length, and its form on the wire between grains.</summary>
internal static class ShapeRules
{
    /// <summary>Items in a basket.</summary>
    public const int BasketMax = 100;

    /// <summary>Boosts of one request.</summary>
    public const int BoostsMax = 20;

    /// <summary>Values of one context.</summary>
    public const int ContextMax = 50;

    /// <summary>Characters of a name or text of the context, or of a segment.</summary>
    public const int TextCharsMax = 256;

    private static readonly string[] _fields = ["title", "kind", "categories", "brand", "price", "stock", "rating", "tags", "group", "url", "imageUrl"];

    /// <summary>What a plain list does not have; null for a plain list.</summary>
    /// <exception cref="RecommenderException">A rule is broken.</exception>
    public static ListShape? ToShape(ListOptions options)
    {
        if (options.IsPlain)
            return null;
        CheckIds(options);
        CheckText("segment", options.Segment);
        CheckFields(options.Fields ?? []);
        if (options.Steadiness is { } share && !(share is >= 0 and <= 1))
            throw ListRules.Broken("steadiness", Text(share), "must be a number from 0 to 1");
        return new()
        {
            Scenario = options.Scenario, Filter = options.Where, Segment = options.Segment, PageItem = options.PageItem, Basket = options.Basket ?? [], Fields = options.Fields ?? [],
            Explain = options.Explain, Language = options.Language, HasPages = options.Pages, Steadiness = options.Steadiness, Probability = options.Probability,
            Weights = [.. Weights(options.Weights)], Boosts = [.. Boosts(options.Boosts)], Context = [.. Context(options.Context)],
            Preview = options.Preview is { } tried ? JsonSerializer.Serialize(tried with { Name = null }, ApiJson.Default.ScenarioInput) : null,
        };
    }

    private static void CheckIds(ListOptions options)
    {
        ListRules.CheckCount("basket", options.Basket?.Length ?? 0, BasketMax);
        for (int n = 0; n < (options.Basket?.Length ?? 0); n++)
            ListRules.CheckId($"basket[{n}]", options.Basket![n]);
        if (options.PageItem is { } page)
            ListRules.CheckId("pageItem", page);
    }

    private static void CheckFields(string[] fields)
    {
        ListRules.CheckCount("fields", fields.Length, _fields.Length + RuleBounds.ListMax);
        foreach (string? field in fields)
            if (field is null || (!_fields.Contains(field) && !(field.StartsWith("attributes.", StringComparison.Ordinal) && field.Length is > 11 and <= TextCharsMax)))
                throw ListRules.Broken("fields", field, $"must be one of {string.Join(", ", _fields)}, attributes.NAME");
    }

    private static IEnumerable<PartWeight> Weights(Dictionary<string, double>? weights)
    {
        ListRules.CheckCount("weights", weights?.Count ?? 0, ListScenario.PartsMax);
        foreach ((string part, double weight) in weights ?? [])
            yield return Math.Abs(weight) <= ScenarioPart.WeightMax
                ? new(part, weight)
                : throw ListRules.Broken($"weights.{part}", Text(weight), $"must be a number from -{ScenarioPart.WeightMax} to {ScenarioPart.WeightMax}");
    }

    private static IEnumerable<ListBoost> Boosts(BoostInput[]? boosts)
    {
        ListRules.CheckCount("boosts", boosts?.Length ?? 0, BoostsMax);
        for (int n = 0; n < (boosts?.Length ?? 0); n++)
            yield return boosts![n] is { When: not null, Factor: >= 0.001 and <= 1000 } boost
                ? new(boost.When, boost.Factor)
                : throw ListRules.Broken($"boosts[{n}]", boosts[n] is { } of ? Text(of.Factor) : null, "must have an expression (when) and a factor from 0.001 to 1000");
    }

    private static IEnumerable<ContextValue> Context(Dictionary<string, JsonElement>? context)
    {
        ListRules.CheckCount("context", context?.Count ?? 0, ContextMax);
        foreach ((string name, JsonElement value) in context ?? [])
        {
            CheckText("context", name);
            yield return value.ValueKind switch
            {
                JsonValueKind.String => new(name, CheckText($"context.{name}", value.GetString()), null, null),
                JsonValueKind.Number when value.TryGetDouble(out double number) && double.IsFinite(number) => new(name, null, number, null),
                JsonValueKind.True or JsonValueKind.False => new(name, null, null, value.GetBoolean()),
                _ => throw ListRules.Broken($"context.{name}", value.GetRawText(), "must be a text, a number, true or false"),
            };
        }
    }

    private static string? CheckText(string field, string? text) =>
        text is null or { Length: <= TextCharsMax } ? text : throw ListRules.Broken(field, text, $"must have at most {TextCharsMax} characters");

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
