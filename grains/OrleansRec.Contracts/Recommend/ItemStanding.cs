using Orleans;

namespace OrleansRec.Contracts;

/// <summary>Where an item is in a list that a user would get now, or what keeps it out.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="ModelVersion">The model of the list; 0 where none is published.</param>
/// <param name="CatalogueVersion">The catalogue of the list.</param>
/// <param name="HistoryVersion">The history of the list.</param>
[GenerateSerializer, Immutable, Alias("rec.item-standing")]
public sealed record ItemStanding(string ItemId, long ModelVersion, long CatalogueVersion, long HistoryVersion)
{
    /// <summary>Its place in the list, from 1; null where it is not in it.</summary>
    [Id(0)] public int? Rank { get; init; }

    /// <summary>What keeps it out, see <see cref="OutOfListReason"/>; null where it is in the list.</summary>
    [Id(1)] public string? Reason { get; init; }

    /// <summary>The rule that does; null where it is none.</summary>
    [Id(2)] public string? Rule { get; init; }

    /// <summary>Its score after rules; null where it may not appear, or has none.</summary>
    [Id(3)] public double? Score { get; init; }

    /// <summary>Its place among all eligible candidates by score, caps and pins left aside, from 1; null where it is none of those looked at.</summary>
    [Id(4)] public int? Place { get; init; }

    /// <summary>Where it comes from as an entry or candidate, see <see cref="RecommendationSource"/>; null where it is neither.</summary>
    [Id(5)] public string? Source { get; init; }

    /// <summary>Entries of the list.</summary>
    [Id(6)] public int Listed { get; init; }

    /// <summary>The lowest score of the list; null where it is empty.</summary>
    [Id(7)] public double? LeastScore { get; init; }
}

/// <summary>What keeps an item out of a list; of several the first of this order is told.</summary>
public static class OutOfListReason
{
    /// <summary>Neither catalogue nor model knows the id.</summary>
    public const string Unknown = "unknown";

    /// <summary>The shop hides it, or has deleted it.</summary>
    public const string Hidden = "hidden";

    /// <summary>It is out of stock.</summary>
    public const string Stock = "stock";

    /// <summary>It is not available yet, or not any more.</summary>
    public const string Window = "window";

    /// <summary>The scenario does not list its kind.</summary>
    public const string Kind = "kind";

    /// <summary>A filter of the request, the scenario or a rule does not hold for it.</summary>
    public const string Filter = "filter";

    /// <summary>The request names candidates, and it is none.</summary>
    public const string NotAsked = "notAsked";

    /// <summary>The request excludes it.</summary>
    public const string Excluded = "excluded";

    /// <summary>It is in the basket, or its page shows the list.</summary>
    public const string Context = "context";

    /// <summary>The user has it.</summary>
    public const string Seen = "seen";

    /// <summary>A cap is full with others.</summary>
    public const string Cap = "cap";

    /// <summary>A pin has its place.</summary>
    public const string Pin = "pin";

    /// <summary>No part of the score has it among its best candidates, and no rung brings it.</summary>
    public const string Candidates = "candidates";

    /// <summary>Others rank before it.</summary>
    public const string Rank = "rank";
}
