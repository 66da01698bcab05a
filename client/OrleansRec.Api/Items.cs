using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>One item as the shop describes it. Putting it replaces what was there.</summary>
/// <remarks>Visible has a setter and not an init: the generated reader would give an init property that is absent false, and not true.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ItemInput
{
    /// <summary>1 … 256 bytes of UTF-8; may be absent where the path names the item.</summary>
    public string? ItemId { get; init; }

    /// <summary>Name to show.</summary>
    public string? Title { get; init; }

    /// <summary>Zero or more.</summary>
    public string[]? Categories { get; init; }

    /// <summary>In the shop's currency, ≥ 0.</summary>
    public double? Price { get; init; }

    /// <summary>Pieces, ≥ 0; an item with stock 0 is not recommended. Absent: the shop does not say.</summary>
    public long? Stock { get; init; }

    /// <summary>False hides it from every list.</summary>
    public bool Visible { get; set; } = true;

    /// <summary>Whatever else the shop wants back.</summary>
    public Dictionary<string, string>? Attributes { get; init; }
}

/// <summary>What became of the items of one call; those accepted are durable when it arrives.</summary>
/// <param name="Accepted">How many were put.</param>
/// <param name="Rejected">Those that break a rule.</param>
/// <param name="CatalogueVersion">The version of the catalogue after it; a list of this version or a later one knows the items.</param>
public sealed record ItemsAnswer(int Accepted, RejectedEntry[] Rejected, long CatalogueVersion);

/// <summary>One item with what the log says of it.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="InCatalogue">False for an item known only from events.</param>
/// <param name="Title">Name to show.</param>
/// <param name="Categories">Its categories.</param>
/// <param name="Price">Its price.</param>
/// <param name="Stock">Pieces; null where the shop does not say.</param>
/// <param name="Visible">Whether lists may show it.</param>
/// <param name="Attributes">What else the shop sent.</param>
/// <param name="Users">Distinct users with an event.</param>
/// <param name="Events">Events.</param>
/// <param name="LastTime">Time of the latest event.</param>
/// <param name="Recent">Its latest events, newest first; empty in listings.</param>
/// <param name="ModelVersion">The model of <paramref name="Vector"/>; 0 where it has no factors.</param>
/// <param name="Vector">Latent vector; empty in listings and where it has none.</param>
public sealed record ItemInfo(
    string ItemId, bool InCatalogue, string? Title, string[] Categories, double? Price, long? Stock, bool Visible,
    IReadOnlyDictionary<string, string> Attributes, long Users, long Events, DateTimeOffset? LastTime, ItemEvent[] Recent, long ModelVersion,
    float[] Vector);

/// <summary>One of an item's latest events.</summary>
public sealed record ItemEvent(string UserId, string Type, double Value, DateTimeOffset Time);

/// <summary>A page of items in the order of the shards.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
public sealed record ItemPage(ItemInfo[] Items, string? Next);
