using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansRec.Model;
using OrleansRec.Model.Items;

namespace OrleansRec.Cli.Import;

/// <summary>Columns that say more of an item than title, categories, price and stock. What does not follow the rule of its field stays an attribute, and is counted.</summary>
internal static class CatalogueDetails
{
    private static readonly Dictionary<string, string> _fieldOfName = new(StringComparer.Ordinal)
    {
        ["kind"] = "kind", ["brand"] = "brand", ["vendor"] = "brand", ["manufacturer"] = "brand", ["rating"] = "rating", ["tags"] = "tags",
        ["group"] = "group", ["groupid"] = "group", ["itemgroupid"] = "group", ["from"] = "from", ["availablefrom"] = "from", ["until"] = "until", ["availableuntil"] = "until",
        ["text"] = "text", ["description"] = "text", ["url"] = "url", ["link"] = "url", ["imageurl"] = "imageUrl", ["imagelink"] = "imageUrl", ["imagesrc"] = "imageUrl", ["image"] = "imageUrl",
        ["vectors"] = "vectors",
    };

    /// <summary>The field that a column is; null where it is an attribute. Case, spaces and punctuation of its name do not count.</summary>
    public static string? FieldOf(string column) =>
        _fieldOfName.GetValueOrDefault(string.Concat(column.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant());

    /// <summary>Puts a value into its field where that is empty and the value follows the field's rule; false: it does not, and why.</summary>
    /// <param name="row">The item.</param>
    /// <param name="field">A field.</param>
    /// <param name="value">What the file says, not empty.</param>
    /// <param name="decimalMark">Of numbers.</param>
    /// <param name="why">The rule that it breaks; null where the field is taken already.</param>
    public static bool TryTake(CatalogueRow row, string field, string value, char decimalMark, out string? why)
    {
        why = null;
        if (!row.Given.Add(field))
            return false;
        if (Read(row.Details, field, value, decimalMark) is not { } read)
            why = RuleOf(field);
        else if (ItemDetailRules.Check(read) is { } broken)
            why = $"{broken.Field} {broken.Rule}";
        else
        {
            row.Details = read;
            return true;
        }
        row.Given.Remove(field);
        return false;
    }

    private static LoggedDetails? Read(LoggedDetails known, string field, string value, char decimalMark) => field switch
    {
        "kind" => ItemKinds.Parse(value.ToLowerInvariant()) is { } kind ? known with { Kind = kind } : null,
        "brand" => known with { Brand = value },
        "rating" => NumberText.TryRead(Encoding.UTF8.GetBytes(value), decimalMark, out double rating) ? known with { Rating = rating } : null,
        "tags" => known with { Tags = TextLists.Read(value, '|', ',') },
        "group" => known with { Group = value },
        "from" => TimeOf(value) is { } from ? known with { FromMs = from } : null,
        "until" => TimeOf(value) is { } until ? known with { UntilMs = until } : null,
        "text" => known with { Text = value },
        "url" => known with { Url = value },
        "imageUrl" => known with { ImageUrl = value },
        _ => VectorsOf(value) is { } vectors ? known with { Vectors = vectors } : null,
    };

    private static string RuleOf(string field) => field switch
    {
        "kind" => $"kind must be one of {string.Join(", ", ItemKinds.Names)}",
        "rating" => "rating must be a number",
        "vectors" => "vectors must be a JSON object of arrays of numbers",
        _ => $"{field} must be a time: ISO 8601, or seconds or milliseconds since 1970",
    };

    private static long? TimeOf(string value)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            return UnixTime.TryRead(number, out long ms) ? ms : null;
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.RoundtripKind, out DateTimeOffset time) && value.Length > 0 && char.IsAsciiDigit(value[0])
            ? time.ToUnixTimeMilliseconds() : null;
    }

    /// <summary>An export writes the numbers of each vector as a text.</summary>
    private static LoggedVector[]? VectorsOf(string value)
    {
        try
        {
            Dictionary<string, JsonElement>? read = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(value);
            return read is null ? null : [.. read.Select(v => new LoggedVector(v.Key, NumbersOf(v.Value)))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static float[] NumbersOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? JsonSerializer.Deserialize<float[]>(value.GetString()!)! : value.Deserialize<float[]>()!;
}
