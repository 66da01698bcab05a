using System.Collections.Frozen;

namespace OrleansRec.Model;

/// <summary>What one type of event means.</summary>
/// <param name="Type">Its name: view, cart, purchase, …</param>
/// <param name="Weight">What one event with value 1 adds to r of its pair; &gt; 0.</param>
/// <param name="Excludes">Whether an item with such an event is left out of its user's lists.</param>
public sealed record EventTypeRule(string Type, float Weight, bool Excludes);

/// <summary>The event types that are known; every other type is refused.</summary>
public sealed class EventTypeRules
{
    /// <summary>The type whose value is a rating: it must be given and may be zero or negative.</summary>
    public const string Rating = "rating";

    /// <summary>The type of imported lines that have no type of their own.</summary>
    public const string Interaction = "interaction";

    /// <summary>How many types there can be.</summary>
    public const int CountMax = 64;

    private readonly FrozenDictionary<string, EventTypeRule> _byType;

    /// <summary>Takes the rules.</summary>
    /// <exception cref="ArgumentException">None or more than <see cref="CountMax"/>, a name twice, not an id, or a weight that is not finite and &gt; 0.</exception>
    public EventTypeRules(IEnumerable<EventTypeRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        All = [.. rules];
        if (All.Count is 0 or > CountMax)
            throw new ArgumentException($"There must be 1 to {CountMax} event types; got {All.Count}.", nameof(rules));
        foreach (var rule in All)
            Check(rule);
        if (All.GroupBy(r => r.Type).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The event type '{twice.Key}' is there {twice.Count()} times; each can be there once.", nameof(rules));
        _byType = All.ToFrozenDictionary(r => r.Type);
        KnownTypes = string.Join(", ", All.Select(r => r.Type));
    }

    /// <summary>view 1, click 1, like 2, cart 3, purchase 5 (excludes), rating 1 (excludes), interaction 1 (excludes).</summary>
    public static EventTypeRules Default { get; } = new(
    [
        new("view", 1, false), new("click", 1, false), new("like", 2, false), new("cart", 3, false), new("purchase", 5, true),
        new(Rating, 1, true), new(Interaction, 1, true),
    ]);

    /// <summary>The rules, in the order given.</summary>
    public IReadOnlyList<EventTypeRule> All { get; }

    /// <summary>The names of the types, to tell a caller.</summary>
    internal string KnownTypes { get; }

    /// <summary>The rule of a type. Types are told apart by ordinal comparison.</summary>
    public bool TryGet(string type, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EventTypeRule? rule) => _byType.TryGetValue(type, out rule);

    private static void Check(EventTypeRule rule)
    {
        if (EventRules.CheckId("type", rule.Type) is { } violation)
            throw new ArgumentException($"An event type's name is not usable: {violation}.");
        if (!float.IsFinite(rule.Weight) || rule.Weight <= 0)
            throw new ArgumentException($"The weight of event type '{rule.Type}' must be finite and > 0; got {rule.Weight}.");
    }
}
