using System.ComponentModel.DataAnnotations;
using OrleansRec.Model;

namespace OrleansRec.Silo.Hosting;

/// <summary>The event types that are known. Configuration section <see cref="Section"/>; empty means those of <see cref="EventTypeRules.Default"/>.</summary>
public sealed class EventTypeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Events";

    /// <summary>One for each type; what is configured replaces the default types altogether.</summary>
    public List<EventTypeEntry> Types { get; set; } = [];

    /// <summary>The rules that grains and gateway use.</summary>
    /// <exception cref="ArgumentException">A type breaks a rule; the message names it.</exception>
    public EventTypeRules ToRules() =>
        Types.Count == 0 ? EventTypeRules.Default : new(Types.Select(t => t.ToRule()));
}

/// <summary>One event type.</summary>
public sealed class EventTypeEntry
{
    /// <summary>Its name.</summary>
    [Required]
    public string Type { get; set; } = "";

    /// <summary>What one event with value 1 adds to r, or takes from it where the type is negative; ≥ 0.</summary>
    public float Weight { get; set; } = 1;

    /// <summary>Whether the item is left out of the user's lists afterwards.</summary>
    public bool Excludes { get; set; }

    /// <summary>Whether the user has turned the item down.</summary>
    public bool Negative { get; set; }

    /// <summary>After so many days an event weighs half.</summary>
    /// <value>Null by default: it weighs the same for ever.</value>
    public double? HalfLifeDays { get; set; }

    /// <summary>Whether its users count for the popularity of the item.</summary>
    public bool CountsAsPopular { get; set; } = true;

    /// <summary>A value below it does not like the item. For rating and review, where it is absent, 3: the middle of five stars.</summary>
    public float? Neutral { get; set; }

    internal EventTypeRule ToRule()
    {
        bool isRating = Type is EventTypeRules.Rating or EventTypeRules.Review;
        return new(Type, Weight, Excludes)
        {
            IsNegative = Negative, HalfLife = HalfLifeDays is { } days ? TimeSpan.FromDays(days) : null, CountsAsPopular = CountsAsPopular,
            Neutral = Neutral ?? (isRating ? EventTypeRules.NeutralDefault : null), IsRating = isRating,
        };
    }
}
