using System.Buffers;
using System.Text.Json;
using OrleansRec.Contracts;

namespace OrleansRec.Grains;

/// <summary>Looks as lines of JSON, one array each: time, key id, key name, verb, hash of the user. Collected between two batches.</summary>
internal sealed class AccessLines
{
    private ArrayBufferWriter<byte> lines = new();

    public void Add(AccessEntry entry)
    {
        using (var json = new Utf8JsonWriter(lines))
        {
            json.WriteStartArray();
            json.WriteNumberValue(entry.TimeMs);
            json.WriteStringValue(entry.KeyId);
            json.WriteStringValue(entry.KeyName);
            json.WriteStringValue(entry.Verb);
            json.WriteStringValue(entry.User);
            json.WriteEndArray();
        }
        lines.Write("\n"u8);
    }

    /// <summary>What was added since the last call.</summary>
    public ReadOnlyMemory<byte> Seal()
    {
        ReadOnlyMemory<byte> sealedLines = lines.WrittenMemory;
        lines = new();
        return sealedLines;
    }

    public static List<AccessEntry> Read(ReadOnlyMemory<byte> content)
    {
        var entries = new List<AccessEntry>();
        while (content.Span.IndexOf((byte)'\n') is >= 0 and int end)
        {
            using JsonDocument line = JsonDocument.Parse(content[..end]);
            JsonElement e = line.RootElement;
            entries.Add(new(e[0].GetInt64(), e[1].GetString()!, e[2].GetString()!, e[3].GetString()!, e[4].GetString()!));
            content = content[(end + 1)..];
        }
        return entries;
    }
}
