namespace OrleansRec.Model;

/// <summary>One event as the log of a user shard holds it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Type">Event type.</param>
/// <param name="Value">Rating or strength.</param>
/// <param name="TimeMs">When it happened: milliseconds since 1970-01-01 UTC.</param>
/// <param name="SessionId">The session, or null.</param>
/// <param name="EventKey">What makes it unique within its user.</param>
public readonly record struct LoggedEvent(
    string UserId, string ItemId, string Type, float Value, long TimeMs, string? SessionId, ulong EventKey);

/// <summary>What a record in the log of a user shard does.</summary>
public enum UserLogOperation
{
    /// <summary>Adds an event.</summary>
    Append,

    /// <summary>Takes the event with this key out of the user's history.</summary>
    Remove,

    /// <summary>Erases the user.</summary>
    Erase,
}

/// <summary>One record in the log of a user shard.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Event">The whole event where it is appended; else only UserId and, for a removal, EventKey are set, and the other texts are empty.</param>
public readonly record struct UserLogRecord(UserLogOperation Operation, LoggedEvent Event);
