using System.Text.Json.Serialization;

namespace OrleansRec.Api;

/// <summary>One interaction of a user with an item, as a shop sends it.</summary>
/// <remarks>
/// The required fields may be null here because one bad event of an array is rejected by itself, with field and rule, and the others are recorded.
/// </remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EventInput
{
    /// <summary>What makes the event unique within its user, 1 … 256 bytes of UTF-8; sending it again adds nothing. Made up by the server where it is absent.</summary>
    public string? EventId { get; set; }

    /// <summary>Required; 1 … 256 bytes of UTF-8.</summary>
    public string? UserId { get; set; }

    /// <summary>1 … 256 bytes of UTF-8. Required, except for a search.</summary>
    public string? ItemId { get; set; }

    /// <summary>Required; a configured event type, such as view, cart, purchase or rating.</summary>
    public string? Type { get; set; }

    /// <summary>Rating or strength, finite; 1 where it is absent, which it may not be for rating and review.</summary>
    public double? Value { get; set; }

    /// <summary>When it happened, ISO 8601, or seconds, milliseconds or microseconds since 1970-01-01 UTC, told apart by size; now where it is absent.</summary>
    [JsonConverter(typeof(TimeJsonConverter))]
    public DateTimeOffset? Time { get; set; }

    /// <summary>The shop's session, at most 256 bytes of UTF-8.</summary>
    public string? SessionId { get; set; }

    /// <summary>What was searched for, which a search needs, or written; at most 2,000 characters.</summary>
    public string? Text { get; set; }
}

/// <summary>What became of the events of one call; those accepted are durable when it arrives.</summary>
/// <param name="Accepted">How many were new.</param>
/// <param name="Duplicates">How many were known already.</param>
/// <param name="Rejected">Those that break a rule, by their index in the call.</param>
/// <param name="HistoryVersion">The history version of the last accepted event's user; 0 where every event was rejected.</param>
/// <param name="NotStored">How many were not kept, because their users have not agreed to it; absent where there are none.</param>
/// <param name="Recommendations">The list that already knows the events, where it was asked for.</param>
public sealed record EventsAnswer(
    int Accepted, int Duplicates, RejectedEntry[] Rejected, long HistoryVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RecommendationAnswer? Recommendations = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int NotStored = 0);

/// <summary>One entry of an array that breaks a rule.</summary>
/// <param name="Index">Its place in the array, from 0.</param>
/// <param name="Field">Which field.</param>
/// <param name="Value">What it held, shortened where it is long.</param>
/// <param name="Rule">What it must be.</param>
public sealed record RejectedEntry(int Index, string Field, string Value, string Rule);

/// <summary>The history version after an event was taken back.</summary>
public sealed record RemovedEventAnswer(long HistoryVersion);
