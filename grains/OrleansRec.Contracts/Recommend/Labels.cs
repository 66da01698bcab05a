using Orleans;

namespace OrleansRec.Contracts;

/// <summary>What can be recommended in place of items.</summary>
public static class LabelField
{
    /// <summary>Categories, each as items name it.</summary>
    public const string Categories = "categories";

    /// <summary>Brands.</summary>
    public const string Brands = "brands";
}

/// <summary>Categories or brands, best first, then by name, and what they were computed from.</summary>
/// <param name="ModelVersion">0 where no model is published.</param>
/// <param name="CatalogueVersion">Version of the catalogue.</param>
/// <param name="HistoryVersion">Version of the user's history; 0 for nobody's.</param>
/// <param name="Labels">The labels.</param>
[GenerateSerializer, Immutable, Alias("rec.label-list")]
public sealed record LabelList(long ModelVersion, long CatalogueVersion, long HistoryVersion, RecommendedLabel[] Labels)
{
    /// <summary>Labels of one answer at most.</summary>
    public const int KMax = 100;

    /// <summary>Top items that labels are taken from.</summary>
    public const int ItemsMax = 100;
}

/// <summary>One label.</summary>
/// <param name="Name">The category or brand.</param>
/// <param name="Score">Its share of the weight of the top items, above 0, at most 1; see <c>LabelShares</c>.</param>
/// <param name="Items">How many of the top items have it.</param>
[GenerateSerializer, Immutable, Alias("rec.recommended-label")]
public readonly record struct RecommendedLabel(string Name, double Score, int Items);
