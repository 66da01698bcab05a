using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>Reads a time as ISO 8601 text or as milliseconds since 1970-01-01 UTC; writes ISO 8601.</summary>
public sealed class TimeJsonConverter : JsonConverter<DateTimeOffset?>
{
    private static readonly long MsMin = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long MsMax = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when reader.TryGetInt64(out long ms) && ms >= MsMin && ms <= MsMax:
                return DateTimeOffset.FromUnixTimeMilliseconds(ms);
            case JsonTokenType.String when reader.TryGetDateTimeOffset(out DateTimeOffset time):
                return time;
            default:
                throw new JsonException("A time is ISO 8601 text, such as 2026-01-31T12:00:00Z, or whole milliseconds since 1970-01-01 UTC.");
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } time)
            writer.WriteStringValue(time);
        else
            writer.WriteNullValue();
    }
}
