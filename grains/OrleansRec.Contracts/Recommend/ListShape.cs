using Orleans;

namespace OrleansRec.Contracts;

/// <summary>What a list is asked to be beyond length, candidates and fixed conditions. A request without it takes the shortest way.</summary>
[GenerateSerializer, Immutable, Alias("rec.list-shape")]
public sealed record ListShape
{
    /// <summary>The scenario, built in or the tenant's own; null: none.</summary>
    [Id(0)] public string? Scenario { get; init; }

    /// <summary>Which items may appear, as an expression (docs/RULES.md); null: all.</summary>
    [Id(1)] public string? Filter { get; init; }

    /// <summary>Weights of parts that take the place of the scenario's.</summary>
    [Id(2)] public PartWeight[] Weights { get; init; } = [];

    /// <summary>Rules for this list alone: a boost or bury of the items for which an expression holds.</summary>
    [Id(3)] public ListBoost[] Boosts { get; init; } = [];

    /// <summary>Items in the basket.</summary>
    [Id(4)] public string[] Basket { get; init; } = [];

    /// <summary>The item whose page shows the list, or null.</summary>
    [Id(5)] public string? PageItem { get; init; }

    /// <summary>Values that expressions read as <c>context.NAME</c>.</summary>
    [Id(6)] public ContextValue[] Context { get; init; } = [];

    /// <summary>The user's segment, or null.</summary>
    [Id(7)] public string? Segment { get; init; }

    /// <summary>Fields of items to put into the answer.</summary>
    [Id(8)] public string[] Fields { get; init; } = [];

    /// <summary>Whether the answer tells each entry's parts and what rules did to it.</summary>
    [Id(9)] public bool Explain { get; init; }

    /// <summary>Whether the list may be continued, see <see cref="IUserGrain.Next"/>.</summary>
    [Id(10)] public bool HasPages { get; init; }

    /// <summary>A scenario as JSON that is tried without being stored; null: none.</summary>
    [Id(11)] public string? Preview { get; init; }

    /// <summary>The language of sentences, see <see cref="Model.Reasons.Sentences.Languages"/>; null: the default.</summary>
    [Id(12)] public string? Language { get; init; }

    /// <summary>Share of the user's last list of the scenario that is kept within a visit, 0 … 1; 0 keeps nothing and measures; null: as the scenario has it.</summary>
    [Id(13)] public double? Steadiness { get; init; }

    /// <summary>Whether the answer tells how probable it is that each entry is taken.</summary>
    [Id(14)] public bool Probability { get; init; }
}

/// <summary>The weight of one part of a score.</summary>
[GenerateSerializer, Immutable, Alias("rec.part-weight")]
public readonly record struct PartWeight(string Part, double Weight);

/// <summary>A factor for the scores of items for which an expression holds: 1 … 1,000 raises, 0.001 … 1 lowers.</summary>
[GenerateSerializer, Immutable, Alias("rec.list-boost")]
public readonly record struct ListBoost(string When, double Factor);

/// <summary>A value of the request's context: exactly one of the three is not null.</summary>
[GenerateSerializer, Immutable, Alias("rec.context-value")]
public readonly record struct ContextValue(string Name, string? Text, double? Number, bool? Flag);

/// <summary>What an answer tells of one entry of a list beside item, score and rank.</summary>
/// <param name="Parts">What each part adds to the score before rules; null where it was not asked for.</param>
/// <param name="Effects">What rules did, in the order in which they were applied; null where it was not asked for.</param>
/// <param name="Fields">The fields asked for that the item has; null where none were asked for.</param>
[GenerateSerializer, Immutable, Alias("rec.entry-note")]
public sealed record EntryNote(EntryPart[]? Parts, EntryEffect[]? Effects, EntryField[]? Fields)
{
    /// <summary>What each item of the past adds to each part; they sum to the score before rules. Null where it was not asked for.</summary>
    [Id(0)] public EntryReason[]? Reasons { get; init; }

    /// <summary>One sentence of the strongest reason, for the shop's customer; null where it was not asked for.</summary>
    [Id(1)] public string? Sentence { get; init; }

    /// <summary>The calibrated probability that the entry is taken; null where it was not asked for, or where the score is none that was calibrated.</summary>
    [Id(2)] public double? Probability { get; init; }
}

/// <summary>What one item of the past adds by one part of the score.</summary>
/// <param name="Part">The part.</param>
/// <param name="ItemId">The item of the past; null for the part's offset and the items that are not told.</param>
/// <param name="Amount">What it adds.</param>
[GenerateSerializer, Immutable, Alias("rec.entry-reason")]
public readonly record struct EntryReason(string Part, string? ItemId, double Amount);

/// <summary>One field of an item, as JSON.</summary>
[GenerateSerializer, Immutable, Alias("rec.entry-field")]
public readonly record struct EntryField(string Name, string Json);

/// <summary>What one part adds: <paramref name="Amount"/> = weight · its own score.</summary>
[GenerateSerializer, Immutable, Alias("rec.entry-part")]
public readonly record struct EntryPart(string Part, double Weight, double Amount);

/// <summary>What one rule did to an entry.</summary>
[GenerateSerializer, Immutable, Alias("rec.entry-effect")]
public readonly record struct EntryEffect(string Rule, string Kind, double ScoreChange);

/// <summary>A request breaks a rule that only the silo can check, such as the name of a scenario.</summary>
[GenerateSerializer, Alias("rec.list-refused")]
public sealed class ListRefusedException(string field, string? value, string rule) : Exception($"{field} '{value}': {rule}")
{
    /// <summary>Which field.</summary>
    [Id(0)] public string Field { get; private set; } = field;

    /// <summary>What it held.</summary>
    [Id(1)] public string? Value { get; private set; } = value;

    /// <summary>What it must be.</summary>
    [Id(2)] public string Rule { get; private set; } = rule;
}
