using System.Globalization;

namespace OrleansRec.Model.Content;

/// <summary>What is known of an item itself.</summary>
public sealed record ItemFeatures
{
    /// <summary>The item's title.</summary>
    public string? Title { get; init; }

    /// <summary>Its description, and text of reviews.</summary>
    public string? Text { get; init; }

    /// <summary>Categories; a path such as "garden/tools" counts as each of its prefixes.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Its brand.</summary>
    public string? Brand { get; init; }

    /// <summary>Its price, above 0.</summary>
    public double? Price { get; init; }

    /// <summary>Further attributes by name.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();
}

/// <summary>How much each field of an item weighs against the others; a field of weight 0 is not read.</summary>
/// <remarks>Each field is a vector of length 1 times its weight, so a long description does not drown a title.</remarks>
public sealed record FieldWeights
{
    /// <summary>Words of the title.</summary>
    /// <value>1 by default; ≥ 0.</value>
    public double Title { get; init; } = 1;

    /// <summary>Words of the text.</summary>
    /// <value>0.5 by default; ≥ 0.</value>
    public double Text { get; init; } = 0.5;

    /// <summary>Categories.</summary>
    /// <value>0.7 by default; ≥ 0.</value>
    public double Categories { get; init; } = 0.7;

    /// <summary>The brand.</summary>
    /// <value>0.4 by default; ≥ 0.</value>
    public double Brand { get; init; } = 0.4;

    /// <summary>The price band: a factor of √2 wide, with half weight in the next bands.</summary>
    /// <value>0.2 by default; ≥ 0.</value>
    public double Price { get; init; } = 0.2;

    /// <summary>Attributes, each as one token of name and value.</summary>
    /// <value>0.3 by default; ≥ 0.</value>
    public double Attributes { get; init; } = 0.3;

    /// <summary>Two neighbouring words of a title count as a token of their own, with this share of a word's weight.</summary>
    /// <value>0.5 by default; 0 … 1.</value>
    public double TitlePairs { get; init; } = 0.5;
}

/// <summary>The tokens of each field, with how often they are there.</summary>
internal static class ContentFields
{
    /// <summary>The fields in order; a token of one field is not that of another.</summary>
    public static IEnumerable<(string Field, double Weight, IEnumerable<(string Token, double Count)> Tokens)> Of(ItemFeatures item, FieldWeights weights)
    {
        if (item.Title is { } title)
            yield return ("t", weights.Title, TitleTokens(title, weights.TitlePairs));
        if (item.Text is { } text)
            yield return ("t", weights.Text, Counted(Tokens.Of(text)));
        yield return ("c", weights.Categories, Counted(item.Categories.SelectMany(Prefixes)));
        if (item.Brand is { } brand)
            yield return ("b", weights.Brand, Counted([Plain(brand)]));
        if (item.Price is > 0 and { } price && double.IsFinite(price))
            yield return ("p", weights.Price, Bands(price));
        yield return ("a", weights.Attributes, Counted(item.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={Plain(a.Value)}")));
    }

    private static IEnumerable<(string, double)> TitleTokens(string title, double pairWeight)
    {
        var words = Tokens.Of(title);
        var pairs = words.Zip(words.Skip(1), (a, b) => $"{a} {b}");
        return [.. Counted(words), .. pairWeight > 0 ? Counted(pairs).Select(p => (p.Token, p.Count * pairWeight)) : []];
    }

    private static IEnumerable<(string Token, double Count)> Counted(IEnumerable<string> tokens) =>
        tokens.Where(t => t.Length > 0).CountBy(t => t).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, (double)c.Value));

    private static IEnumerable<string> Prefixes(string path)
    {
        string[] steps = [.. path.Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Plain)];
        for (int length = 1; length <= steps.Length; length++)
            yield return string.Join('/', steps[..length]);
    }

    private static IEnumerable<(string, double)> Bands(double price)
    {
        int band = (int)Math.Floor(2 * Math.Log2(price));
        return [(Text(band - 1), 0.5), (Text(band), 1), (Text(band + 1), 0.5)];
    }

    private static string Text(int band) => band.ToString(CultureInfo.InvariantCulture);

    private static string Plain(string text) => text.Trim().ToLowerInvariant();
}
