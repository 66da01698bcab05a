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
        Types.Count == 0 ? EventTypeRules.Default : new(Types.Select(t => new EventTypeRule(t.Type, t.Weight, t.Excludes)));
}

/// <summary>One event type.</summary>
public sealed class EventTypeEntry
{
    /// <summary>Its name.</summary>
    [Required]
    public string Type { get; set; } = "";

    /// <summary>What one event with value 1 adds to r.</summary>
    public float Weight { get; set; } = 1;

    /// <summary>Whether the item is left out of the user's lists afterwards.</summary>
    public bool Excludes { get; set; }
}
