using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>One event type of a tenant's own.</summary>
/// <remarks>Properties whose value is not that of an absent field by itself have setters: see <see cref="ItemInput"/>.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EventTypeInput
{
    /// <summary>Its name, 1 … 256 bytes of UTF-8, which no built-in type has.</summary>
    public string? Type { get; init; }

    /// <summary>What one event with value 1 adds to the value of its pair, or takes from it; 0 … 1,000,000, and 1 where it is absent.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>positive or negative; positive where it is absent. Cannot be changed later.</summary>
    public string? Sign { get; init; }

    /// <summary>After so many days an event weighs half; absent: it weighs the same for ever.</summary>
    public double? HalfLifeDays { get; init; }

    /// <summary>Whether an item with such an event is left out of its user's lists.</summary>
    public bool ExcludesFromLists { get; init; }

    /// <summary>Whether its users count for the popularity of the item; true where it is absent. Cannot be changed later.</summary>
    public bool CountsAsPopular { get; set; } = true;

    /// <summary>A value below it does not count as popular; absent: every value does. Cannot be changed later.</summary>
    public double? Neutral { get; init; }
}

/// <summary>The event types that a tenant's events can have.</summary>
/// <param name="Types">The built-in ones first.</param>
public sealed record EventTypesAnswer(EventTypeInfo[] Types);

/// <summary>One event type.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Weight">What one event with value 1 adds or takes.</param>
/// <param name="Sign">positive or negative.</param>
/// <param name="HalfLifeDays">After so many days an event weighs half; null: for ever the same.</param>
/// <param name="ExcludesFromLists">Whether it leaves the item out of its user's lists.</param>
/// <param name="CountsAsPopular">Whether its users count for popularity.</param>
/// <param name="Neutral">A value below it does not.</param>
/// <param name="BuiltIn">Whether it is the server's, and not the tenant's own.</param>
/// <param name="Retired">Whether new events of it are refused; those that are held keep their meaning.</param>
public sealed record EventTypeInfo(
    string Type, double Weight, string Sign, double? HalfLifeDays, bool ExcludesFromLists, bool CountsAsPopular, double? Neutral, bool BuiltIn, bool Retired);
