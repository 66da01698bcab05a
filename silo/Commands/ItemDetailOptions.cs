using System.CommandLine;
using System.Globalization;
using OrleansRec.Api;
using OrleansRec.Silo.Import;

namespace OrleansRec.Silo.Commands;

/// <summary>The options of an item beyond title, categories, price and stock.</summary>
internal sealed class ItemDetailOptions
{
    private readonly Option<string?> _kind = new("--kind") { Description = "product (default), coupon, store, ad or content.", HelpName = "KIND" };
    private readonly Option<string?> _brand = new("--brand") { Description = "Brand." };
    private readonly Option<double?> _rating = new("--rating") { Description = "What buyers think of it, in the shop's scale." };
    private readonly Option<string[]> _tags = new("--tag") { Description = "A tag; may be repeated." };
    private readonly Option<string?> _group = new("--group") { Description = "The product that it is a variant of." };
    private readonly Option<string?> _from = new("--from") { Description = "In lists from this moment on.", HelpName = "TIME" };
    private readonly Option<string?> _until = new("--until") { Description = "In lists before this moment.", HelpName = "TIME" };
    private readonly Option<string?> _text = new("--text") { Description = "Description." };
    private readonly Option<string?> _url = new("--url") { Description = "The item's page." };
    private readonly Option<string?> _image = new("--image-url") { Description = "The item's picture." };
    private readonly Option<string[]> _vectors = new("--vector") { Description = "A vector, such as text=0.1,0.7; may be repeated.", HelpName = "NAME=N,N,..." };

    /// <summary>All of them.</summary>
    public Symbol[] All => [_kind, _brand, _rating, _tags, _group, _from, _until, _text, _url, _image, _vectors];

    /// <summary>An item with what was given.</summary>
    /// <exception cref="BadInputException">A time or a vector cannot be read.</exception>
    public ItemInput Read(ParseResult parsed) => new()
    {
        Kind = parsed.GetValue(_kind), Brand = parsed.GetValue(_brand), Rating = parsed.GetValue(_rating), Tags = NullIfEmpty(parsed.GetValue(_tags)),
        Group = parsed.GetValue(_group), From = Moment("from", parsed.GetValue(_from)), Until = Moment("until", parsed.GetValue(_until)),
        Text = parsed.GetValue(_text), Url = parsed.GetValue(_url), ImageUrl = parsed.GetValue(_image), Vectors = Vectors(parsed.GetValue(_vectors)),
    };

    /// <summary>A moment as ISO 8601; without an offset it is UTC.</summary>
    internal static DateTimeOffset? Moment(string option, string? text)
    {
        if (text is null)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment) && char.IsAsciiDigit(text[0])
            ? moment
            : throw new BadInputException(option, text, "must be ISO 8601, such as 2026-01-31T12:00:00Z");
    }

    private static string[]? NullIfEmpty(string[]? texts) => texts is { Length: > 0 } ? texts : null;

    private static Dictionary<string, float[]>? Vectors(string[]? texts)
    {
        if (texts is not { Length: > 0 })
            return null;
        var vectors = new Dictionary<string, float[]>();
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !vectors.TryAdd(text[..equals], Numbers(text, text[(equals + 1)..])))
                throw Unreadable(text);
        }
        return vectors;
    }

    private static float[] Numbers(string text, string list) => Array.ConvertAll(
        list.Split(','), n => float.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) ? number : throw Unreadable(text));

    private static BadInputException Unreadable(string text) => new("vector", text, "must be a name that is there once, = and numbers with commas between them");
}
