using Orleans;

namespace OrleansRec.Contracts;

/// <summary>One interaction of a user with an item, already checked by <c>EventRules</c>.</summary>
/// <param name="UserId">UTF-8, 1 … 256 bytes.</param>
/// <param name="ItemId">UTF-8, 1 … 256 bytes.</param>
/// <param name="Type">A configured event type, such as view, cart, purchase, rating.</param>
/// <param name="Value">Rating or strength; finite, 1 where the caller gave none.</param>
/// <param name="TimeMs">When it happened: milliseconds since 1970-01-01 UTC.</param>
/// <param name="SessionId">The caller's session, or null.</param>
/// <param name="EventKey">What makes the event unique within its user: <c>IdHash</c> of the caller's event id, or a random value.</param>
/// <param name="Text">What was searched for or written, or null.</param>
[GenerateSerializer, Immutable, Alias("rec.event")]
public readonly record struct EventRecord(
    string UserId, string ItemId, string Type, float Value, long TimeMs, string? SessionId, ulong EventKey, string? Text = null);

/// <summary>What became of the events of one call, all of them durable when this is returned.</summary>
/// <param name="Accepted">How many were new.</param>
/// <param name="Duplicates">How many the users' histories held already.</param>
/// <param name="NewPairs">How many were the first of their user with their item.</param>
/// <param name="HistoryVersion">The history version of the last event's user after the call.</param>
/// <param name="Erased">Keys of the events that are refused, because they were erased with their user; null where there are none.</param>
/// <param name="NotStored">How many were not kept, because their users have not agreed to it.</param>
[GenerateSerializer, Immutable, Alias("rec.append-answer")]
public sealed record AppendAnswer(int Accepted, int Duplicates, int NewPairs, long HistoryVersion, ulong[]? Erased = null, int NotStored = 0);

/// <summary>One event as a history holds it.</summary>
[GenerateSerializer, Immutable, Alias("rec.history-event")]
public readonly record struct HistoryEvent(
    string ItemId, string Type, float Value, long TimeMs, string? SessionId, ulong EventKey, string? Text = null);

/// <summary>A user's events in order of arrival.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Version">Grows by one with every event accepted, every event removed and every change of the settings; 0 for a user never seen.</param>
/// <param name="Events">In order of arrival.</param>
/// <param name="Settings">What the shop has said of the user; null where it has said nothing.</param>
[GenerateSerializer, Immutable, Alias("rec.history")]
public sealed record UserHistory(string UserId, long Version, HistoryEvent[] Events, UserSettings? Settings = null);

/// <summary>Whether an event was there to remove, and the history version after it.</summary>
[GenerateSerializer, Immutable, Alias("rec.remove-answer")]
public sealed record RemoveAnswer(bool Found, long HistoryVersion);

/// <summary>What an erasure removed.</summary>
[GenerateSerializer, Immutable, Alias("rec.erase-answer")]
public sealed record EraseAnswer(bool Found, int Events, ErasureReceipt? Receipt = null);

/// <summary>What can be shown of an erasure afterwards. The user is gone from memory and lists at once.</summary>
/// <param name="Code">Made of the rest with a key that only the data folder has.</param>
/// <param name="User">The hash, by that key, that stands for the user.</param>
/// <param name="ErasedAtMs">When: milliseconds since 1970-01-01 UTC.</param>
/// <param name="Events">How many events were erased.</param>
/// <param name="PurgeDueMs">From when on log and snapshots are written anew without the user.</param>
[GenerateSerializer, Immutable, Alias("rec.erasure-receipt")]
public sealed record ErasureReceipt(string Code, string User, long ErasedAtMs, int Events, long PurgeDueMs);
