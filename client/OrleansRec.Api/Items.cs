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

    /// <summary>Zero or more; each a name or a path such as <c>Home &gt; Garden</c>, which a filter on <c>Home</c> finds too.</summary>
    public string[]? Categories { get; init; }

    /// <summary>In the shop's currency, ≥ 0.</summary>
    public double? Price { get; init; }

    /// <summary>Pieces, ≥ 0; an item with stock 0 is not recommended. Absent: the shop does not say.</summary>
    public long? Stock { get; init; }

    /// <summary>False hides it from every list.</summary>
    public bool Visible { get; set; } = true;

    /// <summary>Whatever else the shop wants back.</summary>
    public Dictionary<string, string>? Attributes { get; init; }

    /// <summary>What the item is: product, coupon, store, ad or content; product where it is absent.</summary>
    public string? Kind { get; init; }

    /// <summary>Its brand.</summary>
    public string? Brand { get; init; }

    /// <summary>What buyers think of it, in the shop's scale; 0 … 1,000.</summary>
    public double? Rating { get; init; }

    /// <summary>Zero or more.</summary>
    public string[]? Tags { get; init; }

    /// <summary>The product that it is a variant of; an id.</summary>
    public string? Group { get; init; }

    /// <summary>In lists from this moment on, ISO 8601 or milliseconds since 1970-01-01 UTC; absent: at once.</summary>
    [JsonConverter(typeof(TimeJsonConverter))]
    public DateTimeOffset? From { get; init; }

    /// <summary>In lists before this moment; absent: without an end.</summary>
    [JsonConverter(typeof(TimeJsonConverter))]
    public DateTimeOffset? Until { get; init; }

    /// <summary>A description, at most 20,000 characters.</summary>
    public string? Text { get; init; }

    /// <summary>The item's page: begins with https://, http:// or /.</summary>
    public string? Url { get; init; }

    /// <summary>Its picture: begins with https://, http:// or /.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>Vectors of the shop's under names such as text or image: at most 8, of 1 … 4,096 finite numbers. The first vector of a name fixes the length of that name.</summary>
    public Dictionary<string, float[]>? Vectors { get; init; }
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
/// <param name="Kind">product, coupon, store, ad or content.</param>
/// <param name="Brand">Its brand.</param>
/// <param name="Rating">What buyers think of it.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Group">The product that it is a variant of.</param>
/// <param name="From">In lists from this moment on.</param>
/// <param name="Until">In lists before this moment.</param>
/// <param name="Text">A description.</param>
/// <param name="Url">The item's page.</param>
/// <param name="ImageUrl">Its picture.</param>
/// <param name="Vectors">The shop's vectors.</param>
public sealed record ItemInfo(
    string ItemId, bool InCatalogue, string? Title, string[] Categories, double? Price, long? Stock, bool Visible,
    IReadOnlyDictionary<string, string> Attributes, long Users, long Events, DateTimeOffset? LastTime, ItemEvent[] Recent, long ModelVersion,
    float[] Vector, string Kind, string? Brand, double? Rating, string[] Tags, string? Group, DateTimeOffset? From, DateTimeOffset? Until, string? Text,
    string? Url, string? ImageUrl, IReadOnlyDictionary<string, float[]> Vectors);

/// <summary>One of an item's latest events.</summary>
public sealed record ItemEvent(string UserId, string Type, double Value, DateTimeOffset Time);

/// <summary>A page of items in the order of the shards.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
public sealed record ItemPage(ItemInfo[] Items, string? Next);
