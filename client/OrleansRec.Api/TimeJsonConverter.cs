using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansRec.Model;

namespace OrleansRec.Api;

/// <summary>
/// Reads a time as ISO 8601 text, UTC where it names no offset, or as a number since 1970-01-01 UTC: seconds, milliseconds or microseconds by its size. Writes ISO 8601.
/// </summary>
/// <remarks>The rule of numbers is <c>OrleansRec.Model.UnixTime</c>, which imports use too.</remarks>
public sealed class TimeJsonConverter : JsonConverter<DateTimeOffset?>
{
    /// <inheritdoc/>
    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number when IsTime(ref reader, out long ms):
                return DateTimeOffset.FromUnixTimeMilliseconds(ms);
            case JsonTokenType.String when reader.TryGetDateTime(out DateTime local) && local.Kind == DateTimeKind.Unspecified:
                return new(local, TimeSpan.Zero);
            case JsonTokenType.String when reader.TryGetDateTimeOffset(out DateTimeOffset time):
                return time;
            default:
                throw new JsonException($"A time is ISO 8601 text, such as 2026-01-31T12:00:00Z, or a number, which {UnixTime.Rule}.");
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

    private static bool IsTime(ref Utf8JsonReader reader, out long ms)
    {
        ms = 0;
        return reader.TryGetInt64(out long whole) ? UnixTime.TryRead(whole, out ms) : reader.TryGetDecimal(out decimal number) && UnixTime.TryRead(number, out ms);
    }
}
