using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>What a list is asked to be.</summary>
/// <remarks>K has a setter and not an init: the generated reader would give an init property that is absent 0, and not 10.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public record ListOptions
{
    /// <summary>The largest k.</summary>
    public const int KMax = 1000;

    /// <summary>How many items at most; 1 … 1,000.</summary>
    public int K { get; set; } = 10;

    /// <summary>Score only these items; absent: the whole catalogue.</summary>
    public string[]? Candidates { get; init; }

    /// <summary>Leave these items out.</summary>
    public string[]? Exclude { get; init; }

    /// <summary>Keep items that the user already has.</summary>
    public bool IncludeSeen { get; init; }

    /// <summary>Which items may appear.</summary>
    public ListFilter? Filter { get; init; }

    /// <summary>Which items may appear, as an expression such as <c>item.price &lt; 50 &amp;&amp; "garden" in item.categories</c>.</summary>
    public string? Where { get; init; }

    /// <summary>The scenario; absent: none.</summary>
    public string? Scenario { get; init; }

    /// <summary>The user's segment: a value of the attribute that makes segments, or attribute=value; absent: by the user's own attributes.</summary>
    public string? Segment { get; init; }

    /// <summary>The item whose page shows the list.</summary>
    public string? PageItem { get; init; }

    /// <summary>Items in the basket.</summary>
    public string[]? Basket { get; init; }

    /// <summary>Fields of items to put into the answer: title, kind, categories, brand, price, stock, rating, tags, group, url, imageUrl, attributes.NAME.</summary>
    public string[]? Fields { get; init; }

    /// <summary>Tell each entry's parts, what rules did to it, what each item of the past adds, and why in a sentence.</summary>
    public bool Explain { get; init; }

    /// <summary>The language of the sentences that <see cref="Explain"/> brings: en, de or zh; absent: what the Accept-Language header prefers of these, else en.</summary>
    public string? Language { get; init; }

    /// <summary>Share of the user's last list of the scenario that is kept within a visit, 0 … 1; 0 keeps nothing and measures; absent: as the scenario has it.</summary>
    public double? Steadiness { get; init; }

    /// <summary>Tell how probable it is that each entry is taken, where its score was calibrated.</summary>
    public bool Probability { get; init; }

    /// <summary>Keep the list so that it can be continued.</summary>
    public bool Pages { get; init; }

    /// <summary>Weights of parts that take the place of the scenario's.</summary>
    public Dictionary<string, double>? Weights { get; init; }

    /// <summary>Raise or lower the scores of some items in this list.</summary>
    public BoostInput[]? Boosts { get; init; }

    /// <summary>Values that expressions read as <c>context.NAME</c>: texts, numbers, true or false.</summary>
    public Dictionary<string, System.Text.Json.JsonElement>? Context { get; init; }

    /// <summary>A scenario that is tried without being stored.</summary>
    public ScenarioInput? Preview { get; init; }

    /// <summary>Whether nothing is asked beyond length, ids and the fixed conditions of <see cref="Filter"/>.</summary>
    [JsonIgnore]
    public bool IsPlain => this is
    {
        Where: null, Scenario: null, Segment: null, PageItem: null, Basket: null, Fields: null, Explain: false, Pages: false, Weights: null, Boosts: null, Context: null, Preview: null,
        Steadiness: null, Probability: false,
    };
}

/// <summary>A factor for the scores of the items for which an expression holds.</summary>
/// <param name="When">The expression.</param>
/// <param name="Factor">1 … 1,000 raises, 0.001 … 1 lowers.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BoostInput(string When, double Factor);

/// <summary>The next entries of a list.</summary>
/// <param name="UserId">Whom the list is for.</param>
/// <param name="K">How many at most; 10 where it is absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NextInput(string UserId, int K = 10);

/// <summary>The full request of a list: for a stored user, or for a history that belongs to nobody. Exactly one of the two.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RecommendationQuery : ListOptions
{
    /// <summary>A request that nothing was said of yet.</summary>
    public RecommendationQuery()
    {
    }

    /// <summary>A request with the options of a list.</summary>
    public RecommendationQuery(ListOptions options)
        : base(options)
    {
    }

    /// <summary>For this user; one never seen gets the popular items.</summary>
    public string? UserId { get; init; }

    /// <summary>For a visitor with this history, which is not stored.</summary>
    public HistoryEntry[]? History { get; init; }
}

/// <summary>The request of many lists.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ManyListsQuery : ListOptions
{
    /// <summary>For these users, in this order; absent: for all users with events, in an order that stays the same.</summary>
    public string[]? UserIds { get; init; }
}

/// <summary>The list of one user of many.</summary>
/// <param name="UserId">The user.</param>
/// <param name="List">What the user would get alone.</param>
public sealed record UserListAnswer(string UserId, RecommendationAnswer List);

/// <summary>One item of a history and the value r of the pair.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Value">Strength or rating, finite and above 0; 1 where it is absent.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HistoryEntry(string? ItemId, double? Value = null);

/// <summary>Conditions on catalogue fields; an item must meet all that are given.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ListFilter
{
    /// <summary>At least one of these categories.</summary>
    public string[]? Categories { get; init; }

    /// <summary>None of these categories.</summary>
    public string[]? NotCategories { get; init; }

    /// <summary>Price at least this.</summary>
    public double? PriceMin { get; init; }

    /// <summary>Price at most this.</summary>
    public double? PriceMax { get; init; }

    /// <summary>True: only items whose stock is known and above 0.</summary>
    public bool? InStock { get; init; }
}

/// <summary>A list, and exactly which model, catalogue and history it was computed from.</summary>
/// <param name="RecommendationId">Names this answer.</param>
/// <param name="ModelVersion">0 where no model is published.</param>
/// <param name="CatalogueVersion">Version of the catalogue.</param>
/// <param name="HistoryVersion">Version of the user's history; 0 for a user never seen.</param>
/// <param name="Items">Best first.</param>
public sealed record RecommendationAnswer(
    string RecommendationId, long ModelVersion, long CatalogueVersion, long HistoryVersion, ListedItem[] Items)
{
    /// <summary>Items in common with the user's last list of the scenario in this visit, over the shorter one's length; where steadiness was asked for and there was such a list.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Overlap { get; init; }
}

/// <summary>One item of a list.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="Score">Higher is better; comparable within one list.</param>
/// <param name="Rank">From 1.</param>
/// <param name="Source">personal, similar, together, content or another part; a rung: context, first-event, segment, trending, popular, new, any; rule or none.</param>
public sealed record ListedItem(string ItemId, float Score, int Rank, string Source)
{
    /// <summary>The calibrated probability that the entry is taken; where it was asked for, and the score is one that was calibrated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Probability { get; init; }

    /// <summary>What each part adds to the score before rules; where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ListedPart[]? Parts { get; init; }

    /// <summary>What rules did, in their order; where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ListedEffect[]? Effects { get; init; }

    /// <summary>What each item of the past adds to each part; they sum to the score before rules. Of each part the 20 that add most, and one without an item for the rest; of the first 50 entries. Where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ListedReason[]? Reasons { get; init; }

    /// <summary>Why the item is here, in one sentence for the shop's customer; where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sentence { get; init; }

    /// <summary>The fields asked for, without those that the item does not have.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, System.Text.Json.JsonElement>? Fields { get; init; }
}

/// <summary>What one part adds to a score.</summary>
public sealed record ListedPart(string Part, double Weight, double Amount);

/// <summary>What one item of the past adds by one part of a score.</summary>
/// <param name="Part">The part.</param>
/// <param name="ItemId">The item of the past; absent for the part's offset and the items that are not told.</param>
/// <param name="Amount">What it adds; below 0 where it speaks against the entry.</param>
public sealed record ListedReason(string Part, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ItemId, double Amount);

/// <summary>What one rule did; its change is 0 where it chose the place.</summary>
public sealed record ListedEffect(string Rule, string Kind, double ScoreChange);

/// <summary>In which way items are similar.</summary>
public static class SimilarBy
{
    /// <summary>Title, brand, tags and categories.</summary>
    public const string Content = "content";

    /// <summary>Cosine of factors.</summary>
    public const string Factors = "factors";

    /// <summary>Users in common.</summary>
    public const string Neighbours = "neighbours";

    /// <summary>All ways.</summary>
    public static IReadOnlyList<string> All { get; } = [Content, Factors, Neighbours];
}

/// <summary>The exact split of one score over a history: score = offset + the sum of the contributions.</summary>
/// <param name="ItemId">The item scored.</param>
/// <param name="ModelVersion">Under which model.</param>
/// <param name="HistoryVersion">From which history.</param>
/// <param name="Score">Its score.</param>
/// <param name="Offset">What no event contributes.</param>
/// <param name="Contributions">One for each item of the history, the largest first.</param>
public sealed record ExplanationAnswer(
    string ItemId, long ModelVersion, long HistoryVersion, double Score, double Offset, ExplainedItem[] Contributions);

/// <summary>Where an item is in a list that a user would get now, or what keeps it out.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="ModelVersion">The model of the list; 0 where none is published.</param>
/// <param name="CatalogueVersion">The catalogue of the list.</param>
/// <param name="HistoryVersion">The history of the list.</param>
/// <param name="Rank">Its place in the list, from 1; absent where it is not in it.</param>
/// <param name="Reason">What keeps it out: unknown, hidden, stock, window, kind, filter, notAsked, excluded, context, seen, cap, pin, candidates or rank; absent where it is in the list.</param>
/// <param name="Rule">The rule that does; absent where it is none.</param>
/// <param name="Score">Its score after rules; absent where it may not appear, or has none.</param>
/// <param name="Place">Its place among all eligible candidates by score, caps and pins left aside.</param>
/// <param name="Source">Where it comes from as an entry or candidate.</param>
/// <param name="Listed">Entries of the list.</param>
/// <param name="LeastScore">The lowest score of the list.</param>
public sealed record WhyNotAnswer(
    string ItemId, long ModelVersion, long CatalogueVersion, long HistoryVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Rank,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Rule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Score,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Place,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    int Listed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LeastScore);

/// <summary>What one item of the history adds to a score.</summary>
public sealed record ExplainedItem(string ItemId, double Amount, double Similarity, double Weight);
