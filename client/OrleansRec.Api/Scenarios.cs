using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>One rule for lists; docs/RULES.md says which members a kind has.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RuleInput
{
    /// <summary>Its name; the path names it too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>filter, cap, pin, boost, bury, fatigue, promote, floor, exploration or diversity.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Kind { get; init; }

    /// <summary>The items it is about, as an expression; absent: all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? When { get; init; }

    /// <summary>Of two rules of a kind the one with the larger number comes first.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Priority { get; init; }

    /// <summary>It has no effect before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? From { get; init; }

    /// <summary>It has no effect from then on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Scenarios in which it has an effect; absent: in every list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Scenarios { get; init; }

    /// <summary>Boost, bury: an expression for the factor.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Factor { get; init; }

    /// <summary>Boost, bury: an expression for what is added to the score.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Addend { get; init; }

    /// <summary>Pin: the item.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Item { get; init; }

    /// <summary>Pin: the place, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Position { get; init; }

    /// <summary>Promote, floor: a share above 0, up to 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Share { get; init; }

    /// <summary>Cap: a field of labels or an attribute.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Field { get; init; }

    /// <summary>Cap: items with one value of the field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Most { get; init; }

    /// <summary>Cap: page or list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Across { get; init; }

    /// <summary>Fatigue: the factor for each impression.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PerImpression { get; init; }

    /// <summary>Exploration: places, from 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[]? Positions { get; init; }

    /// <summary>Exploration: how often a place is filled by chance.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Probability { get; init; }

    /// <summary>Diversity: the weight of the score, 0 … 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Lambda { get; init; }
}

/// <summary>A part of a scenario's score.</summary>
/// <param name="Name">als, item-item, bought-together, content, popular, trending, buy-again or recently-viewed.</param>
/// <param name="Candidates">How many of its best items become candidates; absent: 200.</param>
/// <param name="Weight">Its weight; absent: the learned one.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScenarioPartInput(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Candidates = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Weight = null);

/// <summary>How lists of one place of a shop are made; docs/SCENARIOS.md.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScenarioInput
{
    /// <summary>Its name; the path names it too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>Kinds of items that may appear; absent: all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Kinds { get; init; }

    /// <summary>Parts of the score; absent: those of the model's learned blend.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ScenarioPartInput[]? Parts { get; init; }

    /// <summary>Which items may appear, as an expression.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Filter { get; init; }

    /// <summary>Rules of this scenario alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RuleInput[]? Rules { get; init; }

    /// <summary>Whether items that the user has may appear.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IncludeSeen { get; init; }

    /// <summary>Whether basket and page item take the place of the user's history.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? ContextFirst { get; init; }

    /// <summary>The rungs that fill a short list, in their order: context, first-event, segment, trending, popular, new, any; absent: all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Ladder { get; init; }

    /// <summary>Share of the user's last list of the scenario that is kept within a visit, 0 … 1; 0 keeps nothing and measures; absent: lists do not look back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Steadiness { get; init; }

    /// <summary>Whether entries tell how probable it is that they are taken.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Probability { get; init; }

    /// <summary>The attribute of users whose value is their segment; absent: segment.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SegmentBy { get; init; }
}

/// <summary>The tenant's rules.</summary>
/// <param name="Version">Grows with every change of what the shop has decided.</param>
/// <param name="Rules">In the order of their names.</param>
/// <param name="Conflicts">Rules that stand in each other's way.</param>
public sealed record RulesAnswer(long Version, RuleInput[] Rules, RuleConflictInfo[] Conflicts);

/// <summary>Two rules that stand in each other's way, or one that can never do anything.</summary>
public sealed record RuleConflictInfo(string First, string? Second, string What);

/// <summary>All scenarios.</summary>
/// <param name="Version">Grows with every change of what the shop has decided.</param>
/// <param name="Scenarios">In the order of their names.</param>
public sealed record ScenariosAnswer(long Version, ScenarioInfo[] Scenarios);

/// <summary>One scenario.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="IsBuiltIn">Whether it is as the product has it.</param>
public sealed record ScenarioInfo(ScenarioInput Scenario, bool IsBuiltIn);
