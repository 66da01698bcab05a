using System.Collections.Frozen;

namespace OrleansRec.Model;

/// <summary>The event types that are known; every other type is refused.</summary>
public sealed class EventTypeRules
{
    /// <summary>The type whose value is a rating: it must be given and may be zero or negative.</summary>
    public const string Rating = "rating";

    /// <summary>The type of a rating that comes with a text.</summary>
    public const string Review = "review";

    /// <summary>The type by which a user turns an item down.</summary>
    public const string Dislike = "dislike";

    /// <summary>The type of an item that was shown.</summary>
    public const string Impression = "impression";

    /// <summary>The type of a search; its text is what was searched for.</summary>
    public const string Search = "search";

    /// <summary>The value below which a rating does not like, where the configuration says nothing else: the middle of five stars.</summary>
    public const float NeutralDefault = 3;

    /// <summary>The type of imported lines that have no type of their own.</summary>
    public const string Interaction = "interaction";

    /// <summary>How many types there can be.</summary>
    public const int CountMax = 128;

    private readonly FrozenDictionary<string, EventTypeRule> _byType;

    /// <summary>Takes the rules.</summary>
    /// <exception cref="ArgumentException">None or more than <see cref="CountMax"/>, a name twice, not an id, or a weight that is not finite and ≥ 0.</exception>
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
        KnownTypes = string.Join(", ", All.Where(r => !r.IsRetired).Select(r => r.Type));
        AllLike = All.All(r => r.Likes(float.MinValue));
    }

    /// <summary>
    /// view 1, click 1, like 2, cart 3, purchase 5 (excludes), rating 1 (excludes), interaction 1 (excludes), dislike 2 (negative, excludes), review 1 (excludes), and with
    /// weight 0, not popular: impression, search.
    /// </summary>
    public static EventTypeRules Default { get; } = new(
    [
        new("view", 1, false), new("click", 1, false), new("like", 2, false), new("cart", 3, false), new("purchase", 5, true),
        new(Rating, 1, true) { IsRating = true, Neutral = NeutralDefault }, new(Interaction, 1, true), new(Dislike, 2, true) { IsNegative = true },
        new(Impression, 0, false) { CountsAsPopular = false }, new(Search, 0, false) { CountsAsPopular = false },
        new(Review, 1, true) { IsRating = true, Neutral = NeutralDefault },
    ]);

    /// <summary>The rules, in the order given.</summary>
    public IReadOnlyList<EventTypeRule> All { get; }

    /// <summary>Whether every event of every type makes its user one who likes the item.</summary>
    public bool AllLike { get; }

    /// <summary>These types and those of a tenant's own; a type that both have is as it is here.</summary>
    public EventTypeRules With(IReadOnlyList<EventTypeRule> own) =>
        own.Count == 0 ? this : new(All.Concat(own.Where(o => !_byType.ContainsKey(o.Type))).Take(CountMax));

    /// <summary>Whether an event makes its user one who likes the item; one of a type that is not known does.</summary>
    public bool Likes(string type, float value) => !TryGet(type, out EventTypeRule? rule) || rule.Likes(value);

    /// <summary>The names of the types, to tell a caller.</summary>
    internal string KnownTypes { get; }

    /// <summary>The rule of a type. Types are told apart by ordinal comparison.</summary>
    public bool TryGet(string type, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EventTypeRule? rule) => _byType.TryGetValue(type, out rule);

    private static void Check(EventTypeRule rule)
    {
        if (EventRules.CheckId("type", rule.Type) is { } violation)
            throw new ArgumentException($"An event type's name is not usable: {violation}.");
        if (!float.IsFinite(rule.Weight) || rule.Weight < 0)
            throw new ArgumentException($"The weight of event type '{rule.Type}' must be finite and ≥ 0; got {rule.Weight}.");
        if (rule.HalfLife is { } half && (half <= TimeSpan.Zero || half > OwnEventTypes.HalfLifeMax))
            throw new ArgumentException($"The half-life of event type '{rule.Type}' must be above 0 and at most {OwnEventTypes.HalfLifeMax.TotalDays} days; got {half.TotalDays}.");
    }
}
