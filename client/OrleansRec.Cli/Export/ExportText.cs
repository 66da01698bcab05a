using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansRec.Cli.Export;

/// <summary>A value as the text of one field, in the form that an import reads back.</summary>
internal static class ExportText
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text; null where there is no value. Several texts and texts by name are JSON.</summary>
    public static string? Of(object? value) => value switch
    {
        null => null,
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        string[] { Length: 0 } => null,
        string[] texts => JsonSerializer.Serialize(texts, Relaxed),
        IReadOnlyDictionary<string, string> { Count: 0 } => null,
        IReadOnlyDictionary<string, string> map => JsonSerializer.Serialize(new SortedDictionary<string, string>(map.ToDictionary(), StringComparer.Ordinal), Relaxed),
        _ => throw new ArgumentException($"A value of {value.GetType()} cannot be exported.", nameof(value)),
    };
}
