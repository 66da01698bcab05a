using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>The lists of one page: an item is in one of them at most, and earlier blocks choose first.</summary>
/// <param name="Blocks">1 to <see cref="BlocksMax"/>, with at most <see cref="ListOptions.KMax"/> entries together.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PageQuery(PageBlock[] Blocks)
{
    /// <summary>The most blocks of a page.</summary>
    public const int BlocksMax = 20;
}

/// <summary>One list of a page.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PageBlock : ListOptions
{
    /// <summary>A block that nothing was said of yet.</summary>
    public PageBlock()
    {
    }

    /// <summary>A block with the options of a list.</summary>
    public PageBlock(ListOptions options)
        : base(options)
    {
    }

    /// <summary>Comes back with the list; absent: the scenario's name does.</summary>
    public string? Name { get; init; }
}

/// <summary>The lists of a page.</summary>
/// <param name="HistoryVersion">Version of the user's history that all lists are of; 0 for a user never seen.</param>
/// <param name="Blocks">In the order of the request.</param>
public sealed record PageAnswer(long HistoryVersion, PageBlockAnswer[] Blocks);

/// <summary>One list of a page.</summary>
/// <param name="Name">Of the block, or of its scenario; null where it has neither.</param>
/// <param name="List">The list.</param>
public sealed record PageBlockAnswer(string? Name, RecommendationAnswer List);

/// <summary>Categories or brands, the best first.</summary>
/// <param name="ModelVersion">0 where no model is published.</param>
/// <param name="CatalogueVersion">Version of the catalogue.</param>
/// <param name="HistoryVersion">Version of the user's history; 0 for nobody's.</param>
/// <param name="Labels">The categories or brands.</param>
public sealed record LabelsAnswer(long ModelVersion, long CatalogueVersion, long HistoryVersion, ListedLabel[] Labels);

/// <summary>One category or brand.</summary>
/// <param name="Name">The category or brand.</param>
/// <param name="Score">Its share of the weight of the best items, above 0, at most 1.</param>
/// <param name="Items">How many of these items have it.</param>
public sealed record ListedLabel(string Name, double Score, int Items);

/// <summary>What can be recommended in place of items.</summary>
public static class LabelKind
{
    /// <summary>Categories, as items name them.</summary>
    public const string Categories = "categories";

    /// <summary>Brands.</summary>
    public const string Brands = "brands";

    /// <summary>The most labels of an answer.</summary>
    public const int KMax = 100;
}
