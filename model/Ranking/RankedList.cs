using OrleansRec.Model.Items;

namespace OrleansRec.Model.Ranking;

/// <summary>A finished list, and what every rule did to it.</summary>
/// <param name="Entries">Best first.</param>
/// <param name="LeftOutPins">Pins that are not at their place, and why.</param>
/// <param name="Exposures">What every promote and floor rule reached.</param>
/// <param name="DrawnCount">Candidates that were looked at.</param>
public sealed record RankedList(
    IReadOnlyList<RankedEntry> Entries, IReadOnlyList<LeftOutPin> LeftOutPins, IReadOnlyList<GroupExposure> Exposures, int DrawnCount)
{
    internal Func<int, Rejection?> Reason { get; init; } = _ => null;

    internal Func<int, CandidateStanding?> Stand { get; init; } = _ => null;

    /// <summary>Why an item is not in the list; null where it is.</summary>
    /// <param name="row">Its row.</param>
    public Rejection? WhyNot(int row) => Reason(row);

    /// <summary>Where an item stands among the candidates, by score after rules; null where it is none of those that are looked at. Draws candidates until it is there: at most one caller at a time.</summary>
    /// <param name="row">Its row.</param>
    public CandidateStanding? Standing(int row) => Stand(row);
}

/// <summary>Where an item stands among the eligible candidates.</summary>
/// <param name="Place">From 1, by score after boosts, buries and fatigue, then by id; caps and pins do not count.</param>
/// <param name="BaseScore">Its score as a candidate.</param>
/// <param name="Score">Its score after boosts, buries and fatigue.</param>
public readonly record struct CandidateStanding(int Place, double BaseScore, double Score);

/// <summary>One place of a list.</summary>
/// <param name="Row">The item's row.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Position">Its place on this page, from 1.</param>
/// <param name="BaseScore">Its score as a candidate; null where a pin or chance brought it and it was not drawn.</param>
/// <param name="Score">The score after boosts, buries and fatigue: the base score and all score changes; 0 instead of a base score that is null.</param>
/// <param name="Propensity">How probable it was that this item fills this place, given the places before; 1 where no chance took part.</param>
/// <param name="Effects">What rules did, in the order in which they were applied.</param>
public sealed record RankedEntry(int Row, string ItemId, int Position, double? BaseScore, double Score, double Propensity, IReadOnlyList<RuleEffect> Effects);

/// <summary>What one rule did to one item.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="ScoreChange">What it added to the score; 0 where it chose the place instead.</param>
public readonly record struct RuleEffect(string Rule, RuleKind Kind, double ScoreChange);

/// <summary>A pin that is not where it should be.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Position">Where it should be, from 1 on the first page.</param>
/// <param name="Rejection">What stands against it.</param>
public sealed record LeftOutPin(string Rule, string ItemId, int Position, Rejection Rejection);

/// <summary>What a group of items got of a list.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Wanted">The share that the rule asks for.</param>
/// <param name="Entries">Its items in the list.</param>
/// <param name="EntryShare">Their share of the entries.</param>
/// <param name="Exposure">Their share of the attention: the sum of 1 / log2(1 + position) over them, of that over all places.</param>
/// <param name="IsMet">Whether the rule got what it asks for: of a promote ⌊share · entries⌋ entries, of a floor the share of the exposure.</param>
public sealed record GroupExposure(string Rule, double Wanted, int Entries, double EntryShare, double Exposure, bool IsMet);

/// <summary>Why an item is not in a list.</summary>
/// <param name="Reason">What kept it out.</param>
/// <param name="Rule">The rule that did; null where it was none.</param>
public sealed record Rejection(RejectionReason Reason, string? Rule = null);

/// <summary>What keeps an item out of a list; of several the first of this order is told.</summary>
public enum RejectionReason
{
    /// <summary>The id is not known.</summary>
    Unknown,

    /// <summary>The shop hides it.</summary>
    Hidden,

    /// <summary>It is out of stock.</summary>
    Stock,

    /// <summary>It is not available yet, or not any more.</summary>
    Window,

    /// <summary>Its kind is not asked for.</summary>
    Kind,

    /// <summary>A filter does not hold for it.</summary>
    Filter,

    /// <summary>The request leaves it out, say because the user has it.</summary>
    Excluded,

    /// <summary>It is on an earlier page.</summary>
    Shown,

    /// <summary>A cap is full with others.</summary>
    Cap,

    /// <summary>Its place is taken by a pin, of more priority where it is pinned itself; or it is pinned elsewhere.</summary>
    Pin,

    /// <summary>The list is shorter than the place asked for; the item is at the end.</summary>
    Short,

    /// <summary>Nothing makes it a candidate: no part of the score has it among its best, and no rung brings it.</summary>
    Candidates,

    /// <summary>Others rank before it; with a rule, that one chose another item for the place.</summary>
    Rank,
}
