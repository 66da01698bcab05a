using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>One user in a listing.</summary>
public sealed record UserEntry(string UserId, long HistoryVersion, int Events, int Items, DateTimeOffset? LastTime);

/// <summary>A page of users in the order of the shards.</summary>
/// <param name="Users">The users.</param>
/// <param name="Next">The cursor of the next page; null at the end.</param>
public sealed record UserPage(UserEntry[] Users, string? Next);

/// <summary>A user at a glance.</summary>
/// <param name="UserId">The user.</param>
/// <param name="HistoryVersion">Version of the history.</param>
/// <param name="Events">Events held.</param>
/// <param name="Items">Distinct items.</param>
/// <param name="FirstTime">Earliest event time.</param>
/// <param name="LastTime">Latest event time.</param>
/// <param name="ModelVersion">The model of <paramref name="Vector"/>; 0 where none is published.</param>
/// <param name="Vector">Latent vector; empty where there is none.</param>
/// <param name="Attributes">What the shop knows of the user.</param>
/// <param name="Consent">What the user has agreed to.</param>
/// <param name="RetentionDays">Older events go; null where the server's setting holds.</param>
/// <param name="Portrait">What the history says of the user; null without events, and without consent to personal lists.</param>
public sealed record UserInfo(
    string UserId, long HistoryVersion, int Events, int Items, DateTimeOffset? FirstTime, DateTimeOffset? LastTime, long ModelVersion,
    float[] Vector, IReadOnlyDictionary<string, string> Attributes, ConsentInfo Consent, double? RetentionDays, UserPortraitInfo? Portrait);

/// <summary>What the shop says of a user besides events. Putting it replaces what was there.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record UserInput
{
    /// <summary>Whatever the shop knows of the user, such as country; at most 64 names.</summary>
    public Dictionary<string, string>? Attributes { get; init; }

    /// <summary>What the user has agreed to; all of it where it is absent.</summary>
    public ConsentInfo? Consent { get; init; }

    /// <summary>Events older than so many days go; absent: the server's setting holds.</summary>
    public double? RetentionDays { get; init; }
}

/// <summary>What a user has agreed to.</summary>
/// <remarks>The properties have setters: the generated reader would give one that is absent false, and not true.</remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ConsentInfo
{
    /// <summary>Lists may follow from the user's history. False: the user gets what a stranger gets, and no training learns from the history.</summary>
    public bool Personalise { get; set; } = true;

    /// <summary>Events of the user are kept. False: they are answered as not stored; those that are there stay until they are erased.</summary>
    public bool Store { get; set; } = true;
}

/// <summary>The history version after a change of what the shop says of a user.</summary>
public sealed record PutUserAnswer(long HistoryVersion);

/// <summary>Whose events become the user's.</summary>
/// <param name="From">The visitor's id.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MergeInput(string? From);

/// <summary>What a merge has done; all of it is durable when it arrives, and the next list knows it.</summary>
/// <param name="Events">Events that have become the user's.</param>
/// <param name="Duplicates">Events that the user had already, or that were erased with the user.</param>
/// <param name="NotStored">Events that went because nothing of the user is to be kept.</param>
/// <param name="HistoryVersion">The user's history version after it.</param>
public sealed record MergedUserAnswer(int Events, int Duplicates, int NotStored, long HistoryVersion);

/// <summary>What a history says of its user. Made when it is asked for, of the events and the catalogue as it is.</summary>
/// <param name="Categories">The categories of most interest, the largest share first, at most five.</param>
/// <param name="Brands">The brands of most interest, likewise.</param>
/// <param name="PriceLow">A quarter of the items of interest cost less; null where no price is known.</param>
/// <param name="PriceMedian">Half of them cost less.</param>
/// <param name="PriceHigh">A quarter of them cost more.</param>
/// <param name="Hours">Events in each hour of the day, UTC, 24 numbers.</param>
/// <param name="ActiveDays">Days with at least one event.</param>
/// <param name="RecencyDays">Days since the latest event.</param>
/// <param name="Orders">Sessions with a purchase.</param>
/// <param name="Spend">What the purchases whose price is known cost, at the price of now.</param>
public sealed record UserPortraitInfo(
    InterestInfo[] Categories, InterestInfo[] Brands, double? PriceLow, double? PriceMedian, double? PriceHigh, int[] Hours, int ActiveDays, double RecencyDays,
    int Orders, double Spend);

/// <summary>A name and its share of a user's interest, 0 … 1.</summary>
public sealed record InterestInfo(string Name, double Share);

/// <summary>Everything held about a user.</summary>
/// <param name="UserId">The user.</param>
/// <param name="HistoryVersion">Version of the history.</param>
/// <param name="Events">In order of arrival.</param>
/// <param name="Attributes">What the shop knows of the user.</param>
/// <param name="Consent">What the user has agreed to.</param>
/// <param name="RetentionDays">Older events go; null where the server's setting holds.</param>
public sealed record UserExport(
    string UserId, long HistoryVersion, ExportedEvent[] Events, IReadOnlyDictionary<string, string> Attributes, ConsentInfo Consent, double? RetentionDays);

/// <summary>One event as it is held; the id has the form of <see cref="EventKeys"/>.</summary>
/// <param name="EventId">Names the event.</param>
/// <param name="ItemId">The item; null for a search without one.</param>
/// <param name="Type">Event type.</param>
/// <param name="Value">Its value.</param>
/// <param name="Time">When it happened.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Text">What was searched for or written; absent where there is none.</param>
public sealed record ExportedEvent(
    string EventId, string? ItemId, string Type, double Value, DateTimeOffset Time, string? SessionId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text = null);

/// <summary>How many events an erasure removed, and what shows it afterwards.</summary>
public sealed record ErasedUserAnswer(int Events, ErasureReceiptInfo Receipt);

/// <summary>What can be shown of an erasure. The user is gone from memory and lists when it arrives.</summary>
/// <param name="Code">Made of the rest with a key that only the data folder has.</param>
/// <param name="User">The keyed hash that stands for the user; the id cannot be found from it.</param>
/// <param name="Erased">When.</param>
/// <param name="Events">How many events were erased.</param>
/// <param name="PurgeDue">From when on the log and the snapshots are written anew without the user, and what they left on the disk is written over; backups made after that do not hold the user.</param>
public sealed record ErasureReceiptInfo(string Code, string User, DateTimeOffset Erased, int Events, DateTimeOffset PurgeDue);

/// <summary>Users who like what a user likes.</summary>
/// <param name="UserId">Whom they are like.</param>
/// <param name="Users">The most alike first.</param>
public sealed record SimilarUsersAnswer(string UserId, SimilarUserEntry[] Users);

/// <summary>A user who likes what another one likes.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Similarity">Above 0, at most 1.</param>
/// <param name="SharedItems">Items that both like.</param>
public sealed record SimilarUserEntry(string UserId, double Similarity, int SharedItems);
