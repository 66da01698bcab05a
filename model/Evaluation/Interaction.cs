namespace OrleansRec.Model;

/// <summary>One pair of user and item that a quality is measured on.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Value">r, or the rating.</param>
/// <param name="TimeMs">When, for splits by time; 0 where it is not known.</param>
public readonly record struct Interaction(string UserId, string ItemId, float Value, long TimeMs);

/// <summary>What to train on and what to test on, both in the order of (user, item).</summary>
public sealed record SplitParts(IReadOnlyList<Interaction> Train, IReadOnlyList<Interaction> Test);

/// <summary>Which of a user's items leave-one-out holds out.</summary>
public enum LeftOut
{
    /// <summary>The latest by time, then by item id.</summary>
    Last,

    /// <summary>Any, by seed.</summary>
    Random,
}
