namespace OrleansRec.Model.Reasons;

/// <summary>What one item of a past, or a part of the score without one, adds to a score.</summary>
/// <param name="Part">The part, such as als or item-item.</param>
/// <param name="ItemId">The item of the past; null for what no single one adds: the part's offset, and the sum of those that are not told.</param>
/// <param name="Amount">What it adds, in the unit of the score before rules; below 0 where it speaks against the item.</param>
public readonly record struct ScoreReason(string Part, string? ItemId, double Amount);
