namespace OrleansRec.Model;

/// <summary>One event as the log of a user shard holds it.</summary>
/// <param name="UserId">The user.</param>
/// <param name="ItemId">The item.</param>
/// <param name="Type">Event type.</param>
/// <param name="Value">Rating or strength.</param>
/// <param name="TimeMs">When it happened: milliseconds since 1970-01-01 UTC.</param>
/// <param name="SessionId">The session, or null.</param>
/// <param name="EventKey">What makes it unique within its user.</param>
/// <param name="Text">What was searched for or written, or null.</param>
public readonly record struct LoggedEvent(
    string UserId, string ItemId, string Type, float Value, long TimeMs, string? SessionId, ulong EventKey, string? Text = null);

/// <summary>What a record in the log of a user shard does.</summary>
public enum UserLogOperation
{
    /// <summary>Adds an event.</summary>
    Append,

    /// <summary>Takes the event with this key out of the user's history.</summary>
    Remove,

    /// <summary>Erases the user.</summary>
    Erase,

    /// <summary>Replaces what the shop has said of the user.</summary>
    Configure,

    /// <summary>The user's events are to become another user's.</summary>
    BeginMerge,

    /// <summary>The user's events have become the other user's.</summary>
    EndMerge,
}

/// <summary>One record in the log of a user shard.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Event">The whole event where it is appended; else only UserId and, for a removal, EventKey are set, and the other texts are empty.</param>
public readonly record struct UserLogRecord(UserLogOperation Operation, LoggedEvent Event)
{
    /// <summary>Where it configures: the settings.</summary>
    public LoggedSettings? Settings { get; init; }

    /// <summary>Where it begins a merge: the user whom the events are for.</summary>
    public string? Into { get; init; }
}
