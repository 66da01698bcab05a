using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansRec.Cli.Export;

/// <summary>One JSON object on each line; what is null is left out.</summary>
internal sealed class JsonExportWriter(Stream file, IReadOnlyList<ExportColumn> columns) : IExportWriter
{
    private const int FlushBytes = 1 << 16;

    private readonly MemoryStream _lines = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public async Task Write(object?[] row, CancellationToken cancellationToken)
    {
        _json.Reset(_lines);
        _json.WriteStartObject();
        for (int i = 0; i < row.Length; i++)
            if (row[i] is { } value)
                WriteValue(columns[i].Name, value);
        _json.WriteEndObject();
        _json.Flush();
        _lines.WriteByte((byte)'\n');
        if (_lines.Length >= FlushBytes)
            await Finish(cancellationToken);
    }

    public async Task Finish(CancellationToken cancellationToken)
    {
        await file.WriteAsync(_lines.GetBuffer().AsMemory(0, (int)_lines.Length), cancellationToken);
        _lines.SetLength(0);
    }

    public async ValueTask DisposeAsync()
    {
        _json.Reset(Stream.Null);
        await _json.DisposeAsync();
        await _lines.DisposeAsync();
    }

    private void WriteValue(string name, object value)
    {
        switch (value)
        {
            case string text: _json.WriteString(name, text); break;
            case double number: _json.WriteNumber(name, number); break;
            case long whole: _json.WriteNumber(name, whole); break;
            case bool truth: _json.WriteBoolean(name, truth); break;
            case DateTimeOffset time: _json.WriteString(name, time); break;
            case string[] texts: WriteTexts(name, texts); break;
            case IReadOnlyDictionary<string, string> map: WriteMap(name, map); break;
            default: throw new ArgumentException($"A value of {value.GetType()} cannot be exported.", nameof(value));
        }
    }

    private void WriteTexts(string name, string[] texts)
    {
        _json.WriteStartArray(name);
        foreach (string text in texts)
            _json.WriteStringValue(text);
        _json.WriteEndArray();
    }

    private void WriteMap(string name, IReadOnlyDictionary<string, string> map)
    {
        _json.WriteStartObject(name);
        foreach (var (key, text) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
            _json.WriteString(key, text);
        _json.WriteEndObject();
    }
}
