using System.Text;
using System.Text.Json;

namespace OrleansRec.Silo.Tests.Fuzz;

/// <summary>Writes bodies that follow a schema of the OpenAPI document mostly, and stray from it now and then.</summary>
internal sealed class SchemaJson(JsonElement schemas)
{
    private const int DepthMax = 6;

    public byte[] Write(Random dice, JsonElement schema)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
            Write(dice, json, schema, "", 0);
        return buffer.ToArray();
    }

    private void Write(Random dice, Utf8JsonWriter json, JsonElement schema, string name, int depth)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
            schema = schemas.GetProperty(reference.GetString()!.Split('/')[^1]);
        if (dice.Next(40) == 0 || depth > DepthMax)
        {
            Stray(dice, json);
            return;
        }
        if ((schema.TryGetProperty("oneOf", out JsonElement choices) || schema.TryGetProperty("anyOf", out choices)) && choices.GetArrayLength() > 0)
        {
            Write(dice, json, choices[dice.Next(choices.GetArrayLength())], name, depth);
            return;
        }
        switch (TypeOf(schema, dice))
        {
            case "object": WriteObject(dice, json, schema, depth); break;
            case "array": WriteArray(dice, json, schema, name, depth); break;
            case "integer": json.WriteNumberValue(dice.Next(3) == 0 ? dice.NextInt64(long.MinValue, long.MaxValue) : dice.Next(-2, 60)); break;
            case "number": json.WriteNumberValue(dice.Next(4) == 0 ? dice.NextDouble() * 1e300 : Math.Round(dice.NextDouble() * 6 - 1, 3)); break;
            case "boolean": json.WriteBooleanValue(dice.Next(2) == 0); break;
            case "null": json.WriteNullValue(); break;
            default: json.WriteStringValue(Whole(TextFor(dice, name))); break;
        }
    }

    private void WriteObject(Random dice, Utf8JsonWriter json, JsonElement schema, int depth)
    {
        json.WriteStartObject();
        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            foreach (JsonProperty property in properties.EnumerateObject())
            {
                if (dice.Next(6) == 0)
                    continue;
                json.WritePropertyName(dice.Next(60) == 0 ? property.Name.ToUpperInvariant() : property.Name);
                Write(dice, json, property.Value, property.Name, depth + 1);
            }
        }
        else
        {
            for (int n = dice.Next(4); n > 0; n--)
            {
                json.WritePropertyName(Whole(OddText.Any(dice)));
                Stray(dice, json);
            }
        }
        if (dice.Next(40) == 0)
        {
            json.WritePropertyName("unheardOf");
            Stray(dice, json);
        }
        json.WriteEndObject();
    }

    private void WriteArray(Random dice, Utf8JsonWriter json, JsonElement schema, string name, int depth)
    {
        json.WriteStartArray();
        int count = dice.Next(30) == 0 ? dice.Next(1500) : dice.Next(5);
        for (int i = 0; i < count; i++)
        {
            if (schema.TryGetProperty("items", out JsonElement items))
                Write(dice, json, items, name, depth + 1);
            else
                Stray(dice, json);
        }
        json.WriteEndArray();
    }

    private static void Stray(Random dice, Utf8JsonWriter json)
    {
        switch (dice.Next(9))
        {
            case 0: json.WriteNullValue(); break;
            case 1: json.WriteBooleanValue(true); break;
            case 2: json.WriteNumberValue(dice.NextDouble() * double.MaxValue); break;
            case 3: json.WriteNumberValue(dice.NextInt64()); break;
            case 4: json.WriteRawValue("1e400", skipInputValidation: true); break;
            case 5: json.WriteRawValue(new string('[', 80) + new string(']', 80), skipInputValidation: true); break;
            case 6: json.WriteRawValue("{\"a\":{\"b\":[{}]},\"a\":1}", skipInputValidation: true); break;
            case 7: json.WriteRawValue("\"\\ud800\"", skipInputValidation: true); break;
            default: json.WriteStringValue(Whole(OddText.Any(dice))); break;
        }
    }

    // The identity of an event comes from a few, so that most of a long run are retries and its state stays small.
    private static string TextFor(Random dice, string name) => name switch
    {
        "userId" or "itemId" => OddText.Id(dice),
        "eventId" => $"e{dice.Next(30)}",
        "sessionId" => $"s{dice.Next(10)}",
        "type" => OddText.EventType(dice),
        "time" => dice.Next(3) == 0 ? OddText.Any(dice) : $"20{dice.Next(10, 27)}-0{dice.Next(1, 10)}-1{dice.Next(10)}T00:00:0{dice.Next(10)}Z",
        _ => OddText.Any(dice),
    };

    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string TypeOf(JsonElement schema, Random dice)
    {
        if (!schema.TryGetProperty("type", out JsonElement type))
            return schema.TryGetProperty("properties", out _) ? "object" : "string";
        return type.ValueKind == JsonValueKind.Array ? type[dice.Next(type.GetArrayLength())].GetString()! : type.GetString()!;
    }
}
