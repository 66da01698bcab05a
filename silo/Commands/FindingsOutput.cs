using System.Globalization;
using System.Text.Json.Nodes;

namespace OrleansRec.Silo.Commands;

/// <summary>Shows what was found about a file, with a preview.</summary>
internal static class FindingsOutput
{
    public static void Show(FileFindings found, CommandOutput output)
    {
        foreach (string line in found.Told())
            output.Line(line);
        if (found.Preview.Count > 0)
            output.Table(["line", "user", "item", "type", "value", "time", "session", "left out because"], found.Preview.Select(Row));
    }

    public static JsonObject ToJson(FileFindings found) => new()
    {
        ["format"] = found.Format, ["layout"] = found.Layout, ["encoding"] = found.Encoding, ["separator"] = found.Separator, ["header"] = found.HasHeader,
        ["columns"] = new JsonObject(found.Columns.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))), ["type"] = found.Type, ["times"] = found.Times,
    };

    private static string[] Row(ImportLine line) =>
    [
        $"{line.Number}", line.User ?? "", line.Item ?? "", line.Type ?? "", line.Value?.ToString(CultureInfo.InvariantCulture) ?? "",
        line.TimeMs is { } ms ? Shown(ms) : "", line.Session ?? "", line.Rejected?.Reason ?? "",
    ];

    private static string Shown(long ms) =>
        ms >= -62_135_596_800_000 && ms <= 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("u", CultureInfo.InvariantCulture) : ms.ToString(CultureInfo.InvariantCulture);
}
