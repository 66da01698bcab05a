using System.Text;
using System.Text.Json;

namespace OrleansRec.Silo.Import;

/// <summary>One JSON object on each line; properties that no column names are passed over.</summary>
public sealed class JsonLines : ILineSource
{
    /// <summary>A line is at most this long.</summary>
    public const int LineBytesMax = 1 << 20;

    private static readonly string[] Parts = ["user", "item", "value", "time", "type", "session", "event"];

    private readonly LineReader _lines;
    private readonly Dictionary<string, int> _parts = new(StringComparer.OrdinalIgnoreCase);
    private readonly string? _constantType;

    /// <summary>Begins at the first line.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="columns">Which property is what.</param>
    /// <param name="constantType">The type of lines that do not say theirs.</param>
    public JsonLines(Stream stream, ImportColumns columns, string? constantType)
    {
        (_lines, _constantType) = (new(stream, LineBytesMax), constantType);
        for (int part = 0; part < Parts.Length; part++)
            foreach (string name in columns.NamesOf(Parts[part]))
                _parts[name] = part;
    }

    /// <inheritdoc/>
    public bool Read(ref ImportLine line)
    {
        while (_lines.Read(out var text, out bool isTooLong))
        {
            if (text.Trim(" \t\r"u8).IsEmpty && !isTooLong)
                continue;
            line = new() { Number = _lines.Number, Type = _constantType };
            if (isTooLong)
                line.Reject($"a line must be at most {LineBytesMax} bytes", "line", null);
            else
                Take(text, ref line);
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private void Take(ReadOnlySpan<byte> text, ref ImportLine line)
    {
        try
        {
            var json = new Utf8JsonReader(text);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                line.Reject("a line must be one JSON object", "line", Encoding.UTF8.GetString(text));
                return;
            }
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                int part = _parts.GetValueOrDefault(json.GetString()!, -1);
                json.Read();
                if (part < 0 || json.TokenType == JsonTokenType.Null)
                    json.Skip();
                else if (json.TokenType is JsonTokenType.String or JsonTokenType.Number)
                    TakePart(part, ref json, ref line);
                else
                {
                    line.Reject($"{Parts[part]} must be a text or a number", Parts[part], json.TokenType.ToString());
                    json.Skip();
                }
            }
            if (json.Read())
                throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            line.Reject("a line must be one JSON object", "line", Encoding.UTF8.GetString(text));
        }
    }

    private static void TakePart(int part, ref Utf8JsonReader json, ref ImportLine line)
    {
        bool isText = json.TokenType == JsonTokenType.String;
        string text = isText ? json.GetString()! : Encoding.UTF8.GetString(json.ValueSpan);
        switch (part)
        {
            case 0: line.User = text; break;
            case 1: line.Item = text; break;
            case 2: CsvFields.TakeValue(Encoding.UTF8.GetBytes(text), ref line); break;
            case 3: CsvFields.TakeTime(Encoding.UTF8.GetBytes(text), ref line); break;
            case 4: line.Type = text; break;
            case 5: line.Session = text.Length > 0 ? text : null; break;
            default: line.EventId = text.Length > 0 ? text : null; break;
        }
    }
}
