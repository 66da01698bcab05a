namespace OrleansRec.Model;

/// <summary>What one type of event means.</summary>
/// <param name="Type">Its name: view, cart, purchase, …</param>
/// <param name="Weight">What one event with value 1 adds to r of its pair, or takes from it where the type is negative; ≥ 0. 0 says nothing of a taste.</param>
/// <param name="Excludes">Whether an item with such an event is left out of its user's lists.</param>
public sealed record EventTypeRule(string Type, float Weight, bool Excludes)
{
    /// <summary>Whether the user has turned the item down: r falls, and popularity does not grow.</summary>
    public bool IsNegative { get; init; }

    /// <summary>After so long an event weighs half; null: it weighs the same for ever.</summary>
    public TimeSpan? HalfLife { get; init; }

    /// <summary>Whether its users count for the popularity of the item.</summary>
    public bool CountsAsPopular { get; init; } = true;

    /// <summary>A value below it does not like the item, and adds nothing to popularity; null: every value likes it.</summary>
    public float? Neutral { get; init; }

    /// <summary>Whether the value is a rating: it must be given, and may be zero or negative.</summary>
    public bool IsRating { get; init; }

    /// <summary>Whether new events of the type are refused. Those that are held keep their meaning.</summary>
    public bool IsRetired { get; init; }

    /// <summary>What one event with value 1 does to r.</summary>
    public float SignedWeight => IsNegative ? -Weight : Weight;

    /// <summary>Whether an event makes its user one who likes the item, for popularity.</summary>
    /// <param name="value">Its value.</param>
    public bool Likes(float value) => CountsAsPopular && !IsNegative && !(value < Neutral);
}
