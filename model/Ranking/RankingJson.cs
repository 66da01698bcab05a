using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansRec.Model.Ranking;

/// <summary>Rules and scenarios as JSON: how they are stored, exported and sent. Members that are null are left out; unknown ones are refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ListRule))]
[JsonSerializable(typeof(ListScenario))]
public sealed partial class RankingJson : JsonSerializerContext
{
    /// <summary>Reads a rule that has a name of its own in the path it came by.</summary>
    /// <param name="name">The name.</param>
    /// <param name="json">The rule; a name in it must be the same.</param>
    /// <exception cref="JsonException">It is no rule, or has another name.</exception>
    public static ListRule ReadRule(string name, string json)
    {
        ListRule rule = JsonSerializer.Deserialize(Named(name, json), Default.ListRule) ?? throw new JsonException("A rule is an object.");
        return rule.Name == name ? rule : throw new JsonException($"The rule's name is \"{rule.Name}\"; it must be \"{name}\".");
    }

    /// <summary>Reads a scenario that has a name of its own in the path it came by.</summary>
    /// <param name="name">The name.</param>
    /// <param name="json">The scenario; a name in it must be the same.</param>
    /// <exception cref="JsonException">It is no scenario, or has another name.</exception>
    public static ListScenario ReadScenario(string name, string json)
    {
        ListScenario scenario = JsonSerializer.Deserialize(Named(name, json), Default.ListScenario) ?? throw new JsonException("A scenario is an object.");
        return scenario.Name == name ? scenario with { Rules = scenario.Rules ?? [] } : throw new JsonException($"The scenario's name is \"{scenario.Name}\"; it must be \"{name}\".");
    }

    private static string Named(string name, string json)
    {
        var read = System.Text.Json.Nodes.JsonNode.Parse(json) as System.Text.Json.Nodes.JsonObject ?? throw new JsonException("A rule or scenario is an object.");
        read.TryAdd("name", name);
        return read.ToJsonString();
    }
}
