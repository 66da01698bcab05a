using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansRec.Grains.Tests.Wire;

/// <summary>What a value holds, as JSON of its wire members and nothing else.</summary>
internal static class WireContent
{
    public static string Of(object value) => Text(Node(value)!);

    public static string Text(JsonNode content) =>
        content.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static JsonNode? Node(object? value)
    {
        if (value is null || WireList.AliasOf(value.GetType()) is null)
            return value switch
            {
                System.Collections.IEnumerable items when value is not (string or byte[]) => new JsonArray([.. items.Cast<object?>().Select(Node)]),
                _ => JsonSerializer.SerializeToNode(value),
            };
        if (value.GetType().IsEnum)
            return JsonSerializer.SerializeToNode(value);
        var members = new JsonObject();
        if (value is Exception failure)
            members["Message"] = failure.Message;
        foreach (WireMember member in WireMember.Of(value.GetType()))
            members[member.Property.Name] = Node(member.Property.GetValue(value));
        return members;
    }
}
