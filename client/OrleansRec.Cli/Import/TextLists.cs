using System.Text.Json;

namespace OrleansRec.Cli.Import;

/// <summary>Several texts in one field: a JSON array, of which those within it are laid flat, or texts with a separator between them.</summary>
internal static class TextLists
{
    /// <summary>The texts without spaces at their edges, each once.</summary>
    /// <param name="text">The field, not empty.</param>
    /// <param name="separators">What stands between texts; the first that the field has is it.</param>
    public static string[] Read(string text, params ReadOnlySpan<char> separators)
    {
        string[] names = text[0] == '[' && TryArray(text) is { } array ? array : text.Split(SeparatorOf(text, separators));
        return [.. names.Select(n => n.Trim()).Where(n => n.Length > 0).Distinct()];
    }

    private static char SeparatorOf(string text, ReadOnlySpan<char> separators)
    {
        foreach (char separator in separators)
            if (text.Contains(separator))
                return separator;
        return separators[0];
    }

    private static string[]? TryArray(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var names = new List<string>();
            Flatten(document.RootElement, names);
            return [.. names];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Flatten(JsonElement element, List<string> names)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (JsonElement entry in element.EnumerateArray())
                Flatten(entry, names);
        else if (element.ValueKind == JsonValueKind.String)
            names.Add(element.GetString()!);
        else if (element.ValueKind != JsonValueKind.Null)
            names.Add(element.GetRawText());
    }
}
